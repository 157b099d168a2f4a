"""A classification held against another: a published one, a former run, another job."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np

from placetypes.compare.agreement import (
    CrossTable,
    best_matching,
    cross_table,
    measures_of_agreement,
)
from placetypes.compare.runs import find_run
from placetypes.database import PUBLISHED, connect, literal, table_columns
from placetypes.errors import PlacetypesError, nearest

# The columns of each job's classification that say what an area is, the usual first.
LEVELS = {
    "census": ("supergroup", "subgroup", "deepest_cluster"),
    "embeddings": ("cluster",),
}
TABLES = (".csv", ".parquet")
LAYERS = (".gpkg", ".geojson", ".json", ".shp")

# Of the other classification's classes, an area gets the one that covers most of it.
LARGEST_OVERLAP = """
create table other_classes as
with shared as (
    select
        own.area,
        other.class,
        sum(st_area(st_intersection(own.geometry, other.geometry))) as overlap
    from own_areas as own
    inner join other_areas as other on st_intersects(own.geometry, other.geometry)
    group by own.area, other.class
),

ranked as (
    select
        area,
        class,
        row_number() over (partition by area order by overlap desc, class) as place
    from shared
    where overlap > 0
)

select area, class from ranked where place = 1
"""


class Question(NamedTuple):
    """What a user wants to hold against what."""

    job: str
    level: str  # the column of the classification
    other: str  # a file, a run's id or a job
    id_column: str = ""
    class_column: str = ""
    layer: str | None = None
    lookup: Path | None = None


class Answer(NamedTuple):
    """How two classifications agree."""

    name: str  # of the other one
    level: str
    areas: int  # of our classification
    met_by: str  # how areas of both were brought together
    table: CrossTable
    matching: dict[str, str]
    measures: dict[str, float | int | None]
    pairs: list[tuple[Any, ...]]  # area, class, other class, fit, agrees

    @property
    def disagreeing(self) -> list[tuple[Any, ...]]:
        """Return the pairs that disagree, those that fit their class best first."""
        apart = [pair for pair in self.pairs if not pair[4]]
        return sorted(
            apart, key=lambda pair: (pair[3] is None, -(pair[3] or 0), pair[0])
        )


def hold_against(output: Path, question: Question) -> Answer:
    """Compare a published classification with another one.

    Raises PlacetypesError for whatever can't be found or brought together.
    """
    if question.job not in LEVELS:
        raise PlacetypesError(
            f"There is no job {question.job}.{nearest(question.job, LEVELS)}"
        )
    level = question.level or LEVELS[question.job][0]
    if level not in LEVELS[question.job]:
        raise PlacetypesError(
            f"{question.job} has no level {level}."
            f"{nearest(level, LEVELS[question.job])}"
        )
    with published(output) as connection:
        read_own(connection, question.job, level)
        met_by = read_other(connection, output, question)
        pairs = connection.execute(
            """
            select own.area, own.class, other.class, own.fit
            from own_classes as own
            inner join other_classes as other on own.area = other.area
            order by own.area
            """
        ).fetchall()
        counts = connection.execute(
            """
            select
                (from own_classes select count(*)), (from own_classes select min(area)),
                (from other_classes select count(*)),
                (from other_classes select min(area))
            """
        ).fetchone()
    if not pairs:
        raise PlacetypesError(
            f"None of the {counts[0]:,} areas ({counts[1]} …) is among the "
            f"{counts[2]:,} of {question.other}"
            + (f" ({counts[3]} …)" if counts[3] else "")
            + (
                ": the column that --id names must hold the same codes."
                if question.id_column
                else ": they lie in different places."
            )
        )
    return judge(pairs, Path(question.other).stem, level, counts[0], met_by)


def judge(
    pairs: list[tuple[Any, ...]], name: str, level: str, areas: int, met_by: str
) -> Answer:
    """Measure how area, class, other class and fit of each pair agree."""
    classes, others = [pair[1] for pair in pairs], [pair[2] for pair in pairs]
    table = cross_table(classes, others)
    matching = best_matching(table)
    judged = [(*pair, matching.get(pair[1]) == pair[2]) for pair in pairs]
    agreeing = sum(pair[4] for pair in judged)
    measures = {
        "areas in both": len(pairs),
        **measures_of_agreement(classes, others),
        "areas in matching classes, %": 100 * agreeing / len(pairs),
    }
    return Answer(name, level, areas, met_by, table, matching, measures, judged)


@contextmanager
def published(output: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory with the published one attached as `own`."""
    if not (output / PUBLISHED).exists():
        raise PlacetypesError(
            f"There is no result in {output} yet: python pipeline.py run makes it."
        )
    with connect() as connection:
        path = literal(str(output / PUBLISHED))
        connection.execute(f"attach {path} as own (read_only)")
        yield connection


def columns_of(
    connection: duckdb.DuckDBPyConnection, database: str, table: str
) -> dict[str, str]:
    """Return a table's columns with their types, in an attached database."""
    connection.execute(f"use {database}")
    try:
        return table_columns(connection, table)
    finally:
        connection.execute("use memory")


def read_own(connection: duckdb.DuckDBPyConnection, job: str, level: str) -> None:
    """Make own_classes: area, class and fit of the published classification."""
    columns = columns_of(connection, "own", f"{job}.classification")
    if level not in columns:
        raise PlacetypesError(
            f"{job}.classification isn't published yet: python pipeline.py run {job} "
            "makes it."
        )
    fit = "fit" if "fit" in columns else "null::double"
    connection.execute(
        f"create table own_classes as select area, {level}::varchar as class, "
        f"{fit} as fit from own.{job}.classification"
    )


def read_other(
    connection: duckdb.DuckDBPyConnection, output: Path, question: Question
) -> str:
    """Make other_classes: area and class; return in words how the areas met."""
    if question.other in LEVELS:
        return read_job(connection, question)
    path = Path(question.other)
    if path.suffix.lower() in (*TABLES, *LAYERS) or path.exists():
        read_file(connection, path, question)
        return "code"
    run = find_run(output, question.other)
    level = question.level or LEVELS[question.job][0]
    table = f"{question.job}.classification"
    connection.execute(f"attach {literal(str(run))} as former (read_only)")
    columns = columns_of(connection, "former", table)
    if level not in columns:
        lacking = f"{level} in its {table}" if columns else table
        raise PlacetypesError(f"The run {question.other} holds no {lacking}.")
    connection.execute(
        f"create table other_classes as select area, {level}::varchar as class "
        f"from former.{table}"
    )
    return "code"


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, question: Question
) -> None:
    """Read the id and the class of each area of a file, each id once."""
    if not path.exists():
        raise PlacetypesError(f"There is no file {path}.")
    if not question.id_column or not question.class_column:
        raise PlacetypesError(
            f"Say which columns of {path.name} hold the areas' codes and their "
            "classes: --id OA --class Supergroup."
        )
    load_file(connection, path, question)
    known = connection.execute("describe from other_file").fetchall()
    names = {row[0].lower(): row[0] for row in known}
    chosen = []
    for wanted in (question.id_column, question.class_column):
        if wanted.lower() not in names:
            hint = nearest(wanted, [row[0] for row in known])
            raise PlacetypesError(f"{path.name} has no column {wanted}.{hint}")
        chosen.append(f'"{names[wanted.lower()]}"')
    connection.execute(
        f"""
        create table other_classes as
        select trim({chosen[0]}::varchar) as area, trim({chosen[1]}::varchar) as class
        from other_file
        where trim({chosen[0]}::varchar) <> '' and trim({chosen[1]}::varchar) <> ''
        """
    )
    refuse_repeated(connection, path.name)


def load_file(
    connection: duckdb.DuckDBPyConnection, path: Path, question: Question
) -> None:
    """Make other_file from a CSV, parquet or geometry file, as it stands."""
    suffix = path.suffix.lower()
    try:
        if suffix in TABLES:
            reader = (
                "read_csv({}, header = true, all_varchar = true)"
                if suffix == ".csv"
                else "read_parquet({})"
            )
            connection.execute(
                f"create view other_file as from {reader.format(literal(str(path)))}"
            )
        else:
            register_layer(connection, path, question)
    except duckdb.Error as error:
        reason = str(error).split("\n")[0]
        raise PlacetypesError(f"{path.name} can't be read: {reason}") from error


def register_layer(
    connection: duckdb.DuckDBPyConnection, path: Path, question: Question
) -> None:
    """Make other_file from the attributes of a layer.

    Read with pyogrio: DuckDB's own reader ends the process on a layer that isn't there.
    """
    import pyogrio

    try:
        layers = [name for name, _ in pyogrio.list_layers(path)]
        layer = question.layer or layers[0]
        if layer not in layers:
            raise PlacetypesError(
                f"{path.name} has no layer {layer}.{nearest(layer, layers)}"
            )
        frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
    except pyogrio.errors.DataSourceError as error:
        raise PlacetypesError(f"{path.name} can't be read: {error}") from error
    connection.register("other_file", frame)


def refuse_repeated(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Stop where a code has more than one class."""
    repeated = connection.execute(
        """
        select area, count(*) from other_classes
        group by area having count(*) > 1 order by area limit 1
        """
    ).fetchone()
    if repeated:
        raise PlacetypesError(
            f"{name} holds {repeated[0]} {repeated[1]} times; each area may have one "
            "class."
        )


def read_job(connection: duckdb.DuckDBPyConnection, question: Question) -> str:
    """Make other_classes from another job, by code, by lookup or by largest overlap."""
    if question.other == question.job:
        raise PlacetypesError(
            f"{question.job} would be held against itself; name a file, a run of "
            "`history`, or the other job, or ours with --job."
        )
    table = f"{question.other}.classification"
    level = LEVELS[question.other][0]
    columns = columns_of(connection, "own", table)
    if level not in columns:
        raise PlacetypesError(
            f"{table} isn't published yet: python pipeline.py run {question.other} "
            "makes it."
        )
    if question.lookup is not None:
        read_lookup(connection, question.lookup, table, level)
        return f"lookup {question.lookup.name}"
    own = columns_of(connection, "own", f"{question.job}.classification")["geometry"]
    target = own.removeprefix("GEOMETRY('").removesuffix("')")
    moved = (
        "geometry"
        if columns["geometry"] == own
        else f"st_makevalid(st_transform(geometry, {literal(target)}))"
    )
    connection.execute(
        f"create table own_areas as select area, geometry "
        f"from own.{question.job}.classification where geometry is not null"
    )
    connection.execute(
        f"create table other_areas as select {level}::varchar as class, "
        f"{moved} as geometry from own.{table} where geometry is not null"
    )
    connection.execute(LARGEST_OVERLAP)
    return "largest overlap"


def read_lookup(
    connection: duckdb.DuckDBPyConnection, lookup: Path, table: str, level: str
) -> None:
    """Make other_classes over a CSV whose columns are our code and the other's."""
    if not lookup.exists():
        raise PlacetypesError(f"There is no file {lookup}.")
    try:
        path = literal(str(lookup))
        connection.execute(
            f"create view links as from read_csv({path}, header = true, "
            "all_varchar = true)"
        )
        columns = connection.execute("describe from links").fetchall()
    except duckdb.Error as error:
        reason = str(error).split("\n")[0]
        raise PlacetypesError(f"{lookup.name} can't be read: {reason}") from error
    if len(columns) < 2:
        raise PlacetypesError(
            f"{lookup.name} needs two columns: our areas' codes, then the others'."
        )
    connection.execute(
        f"""
        create table other_classes as
        select links."{columns[0][0]}" as area, other.{level}::varchar as class
        from links
        inner join own.{table} as other on links."{columns[1][0]}" = other.area
        """
    )
    refuse_repeated(connection, lookup.name)


def matching_rows(answer: Answer) -> list[list[Any]]:
    """Return for each class its match, what they share, and its most common class."""
    counts = answer.table.counts
    rows = []
    for place, name in enumerate(answer.table.classes):
        common = int(counts[place].argmax())
        match = answer.matching.get(name)
        shared = counts[place, answer.table.others.index(match)] if match else 0
        size = counts[place].sum()
        other = counts[:, answer.table.others.index(match)].sum() if match else 0
        rows.append(
            [
                name,
                int(size),
                match,
                int(shared),
                round(100 * shared / size, 1),
                round(100 * shared / other, 1) if match else None,
                answer.table.others[common],
                round(100 * counts[place, common] / size, 1),
            ]
        )
    return rows


MATCHING_COLUMNS = [
    "class",
    "areas",
    "match",
    "areas_shared",
    "share_of_class",
    "share_of_match",
    "most_common",
    "share_most_common",
]


def share_rows(answer: Answer) -> list[list[Any]]:
    """Return each pair of classes, its areas and its shares of both in per cent."""
    counts = answer.table.counts
    of_class = 100 * counts / counts.sum(axis=1, keepdims=True)
    of_other = 100 * counts / counts.sum(axis=0, keepdims=True)
    return [
        [
            *(name, other, int(counts[row, column])),
            *(float(of_class[row, column]), float(of_other[row, column])),
        ]
        for row, name in enumerate(answer.table.classes)
        for column, other in enumerate(answer.table.others)
    ]


def write_answer(answer: Answer, output: Path, job: str, note: str = "") -> list[Path]:
    """Write the tables as CSV and both figures into a folder named after the other."""
    folder = output / job / "compared" / answer.name
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "measures.csv": (["measure", "value"], list(answer.measures.items())),
        "cross_table.csv": (
            ["class", "other_class", "areas", "share_of_class", "share_of_other"],
            share_rows(answer),
        ),
        "matching.csv": (MATCHING_COLUMNS, matching_rows(answer)),
        "areas.csv": (
            ["area", "class", "other_class", "fit", "agrees"],
            answer.pairs,
        ),
    }
    files = [
        write_csv(folder / name, columns, rows)
        for name, (columns, rows) in tables.items()
    ]
    return [*files, *write_figures(answer, output, job, folder, note)]


def write_csv(path: Path, columns: list[str], rows: list[Any]) -> Path:
    """Write a table under another name, then rename it: no reader sees half of it."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    partial.replace(path)
    return path


def write_figures(
    answer: Answer, output: Path, job: str, folder: Path, note: str
) -> list[Path]:
    """Write the heatmap, and the map of agreement where areas have boundaries."""
    from placetypes.database import connect_published
    from placetypes.report.drawing import save
    from placetypes.report.maps import read_shapes

    save(heatmap(answer), folder / "heatmap.png", note)
    with connect_published(output) as connection:
        drawn = connection.execute(
            f"select count(*) from {job}.classification where geometry is not null"
        ).fetchone()
        if drawn == (0,):
            return [folder / "heatmap.png"]
        shapes = read_shapes(
            connection, f"(from {job}.classification where geometry is not null)"
        )
    save(agreement_map(answer, shapes), folder / "agreement_map.png", note)
    return [folder / "heatmap.png", folder / "agreement_map.png"]


def heatmap(answer: Answer) -> Any:
    """Draw each class's shares over the other's classes; matches have a frame."""
    from matplotlib.patches import Rectangle

    from placetypes.report.colours import INK, SEQUENTIAL
    from placetypes.report.drawing import new_figure

    counts = answer.table.counts
    shares = 100 * counts / counts.sum(axis=1, keepdims=True)
    rows, columns = counts.shape
    figure = new_figure(
        max(6.5, 2.5 + 0.9 * columns),
        2.2 + 0.55 * rows,
        f"Where each {answer.level} lies in {answer.name}, % of its areas",
    )
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # the note stands below
    axes = figure.subplots()
    axes.imshow(shares, cmap=SEQUENTIAL, vmin=0, vmax=100, aspect="auto")
    labels = [shortened(text) for text in answer.table.others]
    turned = max(map(len, labels)) > 4
    axes.set_xticks(
        range(columns),
        labels,
        rotation=35 if turned else 0,
        ha="right" if turned else "center",
    )
    axes.set_yticks(range(rows), answer.table.classes)
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_visible(False)
    for row, name in enumerate(answer.table.classes):
        for column, other in enumerate(answer.table.others):
            share = shares[row, column]
            if counts[row, column]:
                axes.text(
                    column,
                    row,
                    f"{share:.0f}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if share > 55 else INK,
                )
            if answer.matching.get(name) == other:
                axes.add_patch(
                    Rectangle(
                        (column - 0.47, row - 0.47),
                        *(0.94, 0.94),
                        fill=False,
                        edgecolor=INK,
                        linewidth=1.6,
                    )
                )
    axes.set_ylabel(answer.level, color=INK)
    axes.set_xlabel(f"{answer.name} (framed: best one-to-one match)", color=INK)
    return figure


def shortened(text: str) -> str:
    """Cut a long class name for an axis."""
    return text if len(text) <= 24 else f"{text[:23]}…"


def agreement_map(answer: Answer, shapes: Any) -> Any:
    """Draw which areas are in matching classes, which are not, which aren't in both."""
    from matplotlib.patches import Patch

    from placetypes.report.colours import NO_VALUE, QUALITATIVE
    from placetypes.report.drawing import new_figure
    from placetypes.report.maps import draw_areas

    kinds = {
        True: (QUALITATIVE[9], "in matching classes"),
        False: (QUALITATIVE[2], "in other classes"),
        None: (NO_VALUE, "not in both"),
    }
    agrees = {pair[0]: pair[4] for pair in answer.pairs}
    share = answer.measures["areas in matching classes, %"]
    figure = new_figure(
        9,
        8.8 * shapes.height_to_width + 1.1,
        f"{answer.level} against {answer.name}: {share:.0f} % in matching classes",
    )
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # the note stands below
    found = [agrees.get(area) for area in shapes.outlines]
    draw_areas(
        figure.subplots(),
        shapes,
        list(shapes.outlines),
        [kinds[kind][0] for kind in found],
    )
    figure.legend(
        handles=[
            Patch(color=colour, label=f"{words}   {found.count(kind):,} areas")
            for kind, (colour, words) in kinds.items()
            if kind in found
        ],
        loc="outside lower center",
        ncols=3,
        frameon=False,
        fontsize=9,
    )
    return figure


def confused(answer: Answer) -> np.ndarray:
    """Return the cross-table with its margins, shape (classes + 1, others + 1)."""
    counts = answer.table.counts
    below = np.vstack([counts, counts.sum(axis=0)])
    return np.column_stack([below, below.sum(axis=1)])
