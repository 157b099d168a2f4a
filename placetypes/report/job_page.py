"""A job's part of the page: what its published tables and its job.yml allow.

`page` in a job's job.yml may say, each key optional:

- `areas`: what the areas are called; `named_by`: the parameter whose value is the
  page's title; `whole`: what it is where that value is `all`, names by how the areas'
  codes begin; `files`: names of downloads, where they shouldn't bear their table's.
- `values`: the table with the values of each area, wide (a column for each variable) or
  long (`area`, `variable`, `value`).
- `numbers`: further numbers of `classification` to colour by, in groups: for each
  column a `text`, a `title` where the legend's differs, and `share` where it runs from
  0 to 1 and is told in per cent.
- `categories`: further classes of `classification` to colour by, each column's text.
- `place`: a `column` of `classification` that names places on the map, and what stands
  `otherwise` for an area without one.
- `ramps`: colours of numbers by patterns of their columns, such as `"*decile*":
  YlOrRd_r` for deciles that are dark where deprivation is.
- `left_out`: the heading of the table of that name, which stands beside the run.
- `exports`: of a job without a map, the exported files whose first rows are shown; all
  of them where it says nothing.
- `feature_sets`, `distance`: words for the forests' feature sets and for the distance
  of representative areas.
- `similar`: by what areas are alike; who says it gets lists of those most like any
  area, and most unlike it.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.colours import RAMPS, category_colours
from placetypes.database import is_geometry, quoted, quoted_table
from placetypes.errors import PlacetypesError, nearest
from placetypes.exports.documented import credits_of
from placetypes.exports.tables import exported
from placetypes.job import Job
from placetypes.report.chart_tables import Columns, chart_relations, inside
from placetypes.report.encoding import put, unpacked
from placetypes.report.likeness import read_positions
from placetypes.report.profiles import read_profiles
from placetypes.report.shapes import read_outlines
from placetypes.report.tables import embed, embed_layer

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

AREAS = "classification"
KEYS = {
    *("areas", "named_by", "whole", "files", "values", "numbers", "categories"),
    *("place", "ramps", "left_out", "exports", "feature_sets", "similar", "distance"),
}
MOST_ROWS = 1_000  # of an exported table that the page shows
LONG = {"area", "variable", "value"}


def job_page(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    scheme: str,
    blocks: list[str],
    directory: str | None = None,
) -> dict[str, Any] | None:
    """Return a job's part; None where nothing of it is published.

    What belongs to single areas is added to `blocks`, and the part has its place there.
    `directory` is the table of postcodes by which areas are found.

    Raises PlacetypesError for a key of job.yml's `page` that has no meaning.
    """
    page = page_entry(job)
    with inside(connection, job.name) as columns:
        if not columns:
            return None
        tables = {
            name: embed(relation)
            for name, relation in chart_relations(connection, job, columns)
        }
        areas = read_areas(connection, columns)
        summary = tables.get("cluster_summary", {"columns": [], "rows": []})
        labels = read_labels(job, as_records(summary), areas)
        further = further_categories(page, areas)
        part: dict[str, Any] = {
            "title": job.title,
            "page": page,
            "levels": [
                {"name": level.name, "parent": level.parent}
                for level in job.levels
                if level.name in labels
            ],
            "tables": tables,
            "colours": category_colours(
                chain.from_iterable([*labels.values(), *further.values()]), scheme
            ),
        }
        if areas is None:
            return part | {"exports": read_exports(connection, job, columns)}
        part["credits"] = credits_of(connection, job)
        part |= read_map(connection, page, columns, areas, labels | further, blocks)
        if directory:
            codes = unpacked(blocks[part["layer"]["codes"]])
            part["postcodes"] = read_postcodes(connection, directory, codes, blocks)
        return part


def page_entry(job: Job) -> dict[str, Any]:
    """Return what job.yml says of the page, with what holds where it says nothing."""
    said = job.page or {}
    for key in said:
        if key not in KEYS:
            raise PlacetypesError(
                f"{job.name}/job.yml: page has no key {key}.{nearest(key, KEYS)}"
            )
    files = {name: f"{name}_{job.name}" for name in ("summary", "left_out")}
    return {
        "areas": f"the areas of {job.title}",
        **said,
        "files": files | said.get("files", {}),
    }


def names_of_whole(page: dict[str, Any], areas: "pd.Series") -> list[str]:
    """Return what job.yml calls the areas, by how their codes begin."""
    return [
        name
        for start, name in page.get("whole", {}).items()
        if areas.str.startswith(start).any()
    ]


def ramps_of(page: dict[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """Return the ramps that job.yml gives columns of numbers, the last that fits."""
    said = page.get("ramps", {})
    for ramp in said.values():
        if ramp.removesuffix("_r") not in RAMPS:
            raise PlacetypesError(
                f"job.yml: page.ramps has no ramp {ramp}.{nearest(ramp, RAMPS)}"
            )
    return {
        column: ramp
        for column in columns
        for pattern, ramp in said.items()
        if fnmatchcase(column, pattern)
    }


def read_areas(
    connection: "duckdb.DuckDBPyConnection", columns: Columns
) -> "pd.DataFrame | None":
    """Return what is known of each area; None without areas that have a geometry."""
    kinds = columns.get(AREAS, {})
    shapes = [name for name, kind in kinds.items() if is_geometry(kind)]
    if "area" not in kinds or not shapes:
        return None
    left_out = ", ".join(map(quoted, shapes))
    return connection.sql(
        f"select * exclude ({left_out}) from {AREAS} order by area"
    ).df()


def read_labels(
    job: Job, summary: list[dict[str, Any]], areas: "pd.DataFrame | None"
) -> dict[str, list[str]]:
    """Return the clusters of each level, in order, as the summary of clusters has them.

    Without one, all levels whose column the areas have are shown.
    """
    if not summary:
        known = [] if areas is None else areas.columns
        return {
            level.name: sorted(areas[level.name].dropna().unique(), key=by_length)
            for level in job.levels
            if level.name in known
        }
    # A summary of the coarsest level alone needs no column that says so.
    clusters = {
        level.name: [
            row["cluster"]
            for row in summary
            if row.get("level", job.levels[0].name) == level.name
        ]
        for level in job.levels
    }
    return {level: names for level, names in clusters.items() if names}


def further_categories(
    page: dict[str, Any], areas: "pd.DataFrame | None"
) -> dict[str, list[str]]:
    """Return the labels, in order, of the categories that job.yml adds."""
    known = [] if areas is None else areas.columns
    return {
        name: sorted(areas[name].dropna().unique(), key=by_length)
        for name in page.get("categories", {})
        if name in known
    }


def as_records(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an embedded table's rows by column."""
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def by_length(label: str) -> tuple[int, str]:
    """Sort A10 behind A2."""
    return len(label), label


def read_map(
    connection: "duckdb.DuckDBPyConnection",
    page: dict[str, Any],
    columns: Columns,
    areas: "pd.DataFrame",
    labels: dict[str, list[str]],
    blocks: list[str],
) -> dict[str, Any]:
    """Return the layer of the areas, and what belongs to single areas."""
    outlines = read_outlines(connection, AREAS)
    areas = (
        areas.set_index("area", drop=False).loc[outlines.areas].reset_index(drop=True)
    )
    numbers = read_values(connection, page, columns, areas["area"])
    for group in page.get("numbers", {}).values():
        there = areas.columns.intersection(list(group))
        numbers = numbers.assign(**{name: areas[name] for name in there})
    categories = dict(labels)
    for level, clusters in labels.items():
        if f"next_{level}" in areas:
            categories[f"next_{level}"] = clusters
    place = page.get("place", {}).get("column")
    if place:
        categories[place] = sorted(areas[place].dropna().unique())
    found: dict[str, Any] = {
        "ramps": ramps_of(page, numbers.columns),
        "whole": names_of_whole(page, areas["area"]),
        "profiles": read_profiles(
            connection, columns, outlines.shapes, areas, labels, place
        ),
        "layer": embed_layer(outlines, areas, categories, numbers, blocks),
        "outside": [],
    }
    if "is_inside" in areas:
        found["outside"] = np.flatnonzero(~areas["is_inside"].astype(bool)).tolist()
    if "area_name" in areas:
        found["area_names"] = put(blocks, areas["area_name"].fillna("").tolist())
    if "map_classes" in columns:
        found["classes"] = read_classes(connection, areas["area"], blocks)
    if "similar" in page:
        found["positions"] = read_positions(connection, columns, areas["area"], blocks)
    return found


def read_values(
    connection: "duckdb.DuckDBPyConnection",
    page: dict[str, Any],
    columns: Columns,
    areas: "pd.Series",
) -> "pd.DataFrame":
    """Return the variables to colour by, a column each, in the order of the areas."""
    import pandas as pd

    table = page.get("values", "")
    if table not in columns:
        return pd.DataFrame(index=areas.index)
    values = connection.sql(f"from {quoted(table)}").df()
    if columns[table].keys() == LONG:
        wide = values.pivot(index="area", columns="variable", values="value")
    else:
        wide = values.set_index("area")
    return wide.reindex(areas).reset_index(drop=True).astype(float)


def read_classes(
    connection: "duckdb.DuckDBPyConnection", areas: "pd.Series", blocks: list[str]
) -> dict[str, dict[str, int]]:
    """Add each area's class by variable and scheme, 0 for none; return the places."""
    classes = connection.sql(
        "select area, variable, scheme, class from map_classes"
    ).df()
    held: dict[str, dict[str, int]] = {}
    for (variable, scheme), group in classes.groupby(["variable", "scheme"]):
        places = group.set_index("area")["class"].reindex(areas).fillna(0)
        held.setdefault(variable, {})[scheme] = put(blocks, places.astype(int).tolist())
    return held


def read_postcodes(
    connection: "duckdb.DuckDBPyConnection",
    directory: str,
    areas: list[str],
    blocks: list[str],
) -> int | None:
    """Add the postcodes of areas, sorted, and each one's area; None without any."""
    place = {area: index for index, area in enumerate(areas)}
    rows = connection.execute(
        f"select postcode, area from {quoted_table(directory)} order by postcode"
    ).fetchall()
    found = [(postcode, place[area]) for postcode, area in rows if area in place]
    if not found:
        return None
    postcodes, own = zip(*found, strict=True)
    return put(blocks, {"postcodes": postcodes, "areas": own})


def read_exports(
    connection: "duckdb.DuckDBPyConnection", job: Job, columns: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the first rows of each exported table, for a job that has no map."""
    found = []
    shown_files = page_entry(job).get("exports", job.exports)
    for file, entry in job.exports.items():
        if entry["table"] not in columns or file not in shown_files:
            continue
        if file.endswith(".md"):
            continue
        rows, _ = exported(connection, entry["table"], entry)
        count = connection.sql(rows).count("*").fetchone()[0]
        shown = embed(connection.sql(rows).limit(MOST_ROWS))
        found.append({"file": file, "rows": count, "table": shown})
    return found
