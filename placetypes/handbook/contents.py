"""What a handbook says: written once, for the PDF and for Word."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from placetypes.database import literal, table_columns
from placetypes.exports.documented import definitions
from placetypes.handbook.blocks import Block, Heading, Picture, Table, Words
from placetypes.handbook.pictures import Measure, bars, overview, where_it_is
from placetypes.release.contents import Contents
from placetypes.report.frame import Frame
from placetypes.report.profiles import count_places, typical_areas
from placetypes.report.result import Result
from placetypes.runner.project import Project

if TYPE_CHECKING:
    import duckdb

MOST_PLACES = 15  # districts that a cluster's page lists


class Told(NamedTuple):
    """All that a handbook is written from."""

    project: Project
    contents: Contents
    result: Result
    frame: Frame
    folder: Path  # for pictures
    portraits: dict[str, str]
    places: list[tuple[str, str, int, int]]  # cluster, place, its areas, all areas
    typical: list[tuple[str, str]]  # cluster, area
    measure: Measure | None

    @property
    def level(self) -> str:
        """Return the coarsest level."""
        return next(iter(self.result.levels))


def read_told(
    connection: "duckdb.DuckDBPyConnection",
    project: Project,
    contents: Contents,
    result: Result,
    frame: Frame,
    folder: Path,
) -> Told:
    """Read what a handbook tells of a job, whose schema is current."""
    level, clusters = next(iter(result.levels.items()))
    coarsest = {level: clusters}
    place = (result.job.page or {}).get("place", {}).get("column")
    found = ("cluster_inputs", "representative_areas")
    columns = {name: c for name in found if (c := table_columns(connection, name))}
    portraits = {}
    if table_columns(connection, "cluster_descriptions"):
        portraits = dict(
            connection.execute(
                "select cluster, coalesce(portrait, '') from cluster_descriptions"
            ).fetchall()
        )
    counted = count_places(result.areas, coarsest, place) if place else []
    typical = typical_areas(connection, columns, result.areas, coarsest)
    return Told(
        *(project, contents, result, frame, folder, portraits),
        [tuple(row[1:]) for row in counted],
        [(row[1], row[2]) for row in typical],
        read_measure(connection, level),
    )


def handbook(told: Told) -> list[Block]:
    """Return the whole handbook."""
    clusters = told.result.levels[told.level]
    return [
        *opening(told),
        *(block for cluster in clusters for block in pages_of(told, cluster)),
        *variables(told),
        *methods(told),
        *parameters(told),
        *citing(told),
    ]


def opening(told: Told) -> list[Block]:
    """Return the classification on two pages."""
    contents, summary = told.contents, told.result.summary(told.level)
    residents = "population" in summary
    header = ("", "Name", "Areas", "% of areas", "Residents", "% of residents")
    total = summary["areas"].sum()
    rows = [
        (
            row["cluster"],
            told.result.names.get(row["cluster"], ""),
            f"{row['areas']:,}",
            f"{100 * row['areas'] / total:.1f}",
            *((number(row["population"]), share(row)) if residents else ()),
        )
        for row in summary.to_dict("records")
    ]
    width = len(rows[0])
    files = ", ".join(source.file for source in contents.sources)
    versions, commit = contents.software, contents.commit
    return [
        Heading(contents.title, 0),
        Words(contents.abstract),
        Picture(
            overview(told.result, told.level, told.frame, told.folder),
            f"Map of the {told.level}s",
            height=19,
        ),
        Heading(f"The {told.level}s", new_page=True),
        Table(header[:width], rows, (1, 6, 2, 2, 2, 2)[:width]),
        Heading("How it was made", 2),
        Words(f"{told.frame.above}. {total:,} areas, from {files}."),
        Words(
            "Letters follow size. Names and portraits are those of today. An index "
            "score of 100 is the mean of all areas; 200 is twice as much."
        ),
        Words(
            "Made with "
            + ", ".join(f"{name} {version}" for name, version in versions.items())
            + (f", placetypes {commit[:12]}" if commit else "")
            + "."
        ),
        *(Words(entry["attribution"]) for entry in contents.licences.values()),
    ]


def number(value: float) -> str:
    """Return a count; empty where it isn't known."""
    return "" if pd.isna(value) else f"{value:,.0f}"


def share(row: dict[str, float]) -> str:
    """Return a cluster's share of the residents."""
    value = row.get("share_of_population")
    return "" if value is None or pd.isna(value) else f"{value:.1f}"


def pages_of(told: Told, cluster: str) -> list[Block]:
    """Return the two pages of a cluster."""
    result, called = told.result, told.result.called(cluster)
    plain = told.frame._replace(above="")
    return [
        Heading(called, new_page=True),
        Words(told.portraits.get(cluster, "")),
        Picture(
            where_it_is(result, told.level, cluster, plain, told.folder),
            f"Map of the areas of {called}",
            height=15,
        ),
        Heading(f"{cluster}: what sets it apart", 2, new_page=True),
        *bars_of(told, cluster),
        *districts_of(told, cluster),
        *typical_of(told, cluster),
    ]


def bars_of(told: Told, cluster: str) -> list[Block]:
    """Return the bars of what sets a cluster apart, where that is known."""
    if told.measure is None:
        return []
    colour = told.result.colours[cluster]
    plain = told.frame._replace(above="")
    path = bars(told.measure, cluster, colour, plain, told.folder)
    return [Picture(path, f"Bars: {told.measure.meaning}", height=11)]


def read_measure(connection: "duckdb.DuckDBPyConnection", level: str) -> Measure | None:
    """Return index scores, or standardised differences where there are none."""
    if table_columns(connection, "index_scores"):
        scores = connection.sql(
            "select cluster, variable, variable_name, index_score as score "
            f"from index_scores where level = {literal(level)}"
        )
        return Measure(
            scores.df(), 100, "Index score (100 is the mean of all areas)", 0
        )
    if table_columns(connection, "cluster_profile"):
        scores = connection.sql(
            "select cluster, variable, variable as variable_name, "
            "standardised_difference as score from cluster_profile"
        )
        return Measure(scores.df(), 0, "Standard deviations from the mean", 1)
    return None


def districts_of(told: Told, cluster: str) -> list[Block]:
    """Return the share of the districts that a cluster has, the largest first."""
    own = [row[1:] for row in told.places if row[0] == cluster]
    if not own:
        return []
    total = sum(row[1] for row in own)
    largest = sorted(own, key=lambda row: (-row[1], row[0]))[:MOST_PLACES]
    return [
        Heading("Where its areas are", 3),
        Table(
            ("District", "Areas", "% of its areas", "% of the district's areas here"),
            [
                (
                    place,
                    f"{areas:,}",
                    f"{100 * areas / total:.1f}",
                    f"{100 * areas / every:.1f}",
                )
                for place, areas, every in largest
            ],
            (4, 2, 2, 2),
        ),
    ]


def typical_of(told: Told, cluster: str) -> list[Block]:
    """Return the areas nearest to a cluster's mean."""
    own = [area for of, area in told.typical if of == cluster]
    text = f"Nearest to its mean: {', '.join(own)}."
    return [Heading("Typical areas", 3), Words(text)] if own else []


def variables(told: Told) -> list[Block]:
    """Return the variables with what they count."""
    table = told.result.variables
    if table is None:
        return []
    header = {
        "variable": "Code",
        "variable_name": "What it counts",
        "domain": "Domain",
        "denominator": "Out of",
        "definition": "Definition",
        "overall_mean": "Mean",
    }
    known = definitions(told.project.root)
    called = zip(table["variable"], table["variable_name"], strict=True)
    table = table.assign(definition=[known.get(each, "") for each in called])
    if told.result.has("index_scores"):
        scores = told.result.tables["index_scores"]
        known = ["variable", *scores.columns.intersection(list(header)[3:])]
        table = table.drop(columns=known[1:], errors="ignore").merge(
            scores[known].drop_duplicates("variable"), how="left", on="variable"
        )
    table = table.replace("", pd.NA).dropna(axis=1, how="all")
    shown = [name for name in header if name in table]
    rows = [tuple(map(in_cell, row)) for row in table[shown].itertuples(index=False)]
    widths = dict(zip(header, (2, 6, 4, 3, 7, 2), strict=True))
    return [
        Heading("Variables", new_page=True),
        Table(
            tuple(header[name] for name in shown),
            rows,
            tuple(widths[name] for name in shown),
        ),
    ]


def in_cell(value: object) -> str:
    """Return a value as a table shows it; nothing where it isn't known."""
    if pd.isna(value):
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def methods(told: Told) -> list[Block]:
    """Return the methods with their sources, as docs/methods.md has them."""
    text = (told.project.root / "docs" / "methods.md").read_text("utf-8")
    rows = [
        tuple(cell.strip().replace("`", "").replace("*", "") for cell in cells[1:-1])
        for line in text.splitlines()
        if line.startswith("| ") and len(cells := line.split("|")) == 5
    ]
    header, _, *rows = rows
    wanted = told.contents.job.release.get("methods", [row[0] for row in rows])
    rows = [row for row in rows if row[0] in wanted]
    return [
        Heading("Methods", new_page=True),
        Table(tuple(cell.capitalize() for cell in header), rows, (2, 7, 4)),
    ]


def parameters(told: Told) -> list[Block]:
    """Return the parameters that the result was made with."""
    known, job = told.project.specifications, told.contents.job.name
    rows = [
        (name, json.dumps(value, ensure_ascii=False), known[f"{job}.{name}"].meaning)
        for name, value in told.contents.parameters.items()
    ]
    return [
        Heading("Parameters", new_page=True),
        Table(("Parameter", "Value", "Meaning"), rows, (3, 3, 8)),
    ]


def citing(told: Told) -> list[Block]:
    """Return how the classification is cited, and its sources."""
    contents = told.contents
    authors = "; ".join(contents.citation.authors)
    sources = [(source.file, source.meaning) for source in contents.sources]
    return [
        Heading("How to cite", new_page=True),
        Words(f"{authors + ': ' if authors else ''}{told.frame.above}."),
        Words(f"Licence: {contents.licence['name']}, {contents.licence['url']}"),
        Heading("Sources", 2),
        Table(("File", "What it holds"), sources, (3, 5)),
    ]
