"""What the page needs to list the areas most like any one, and most unlike it.

Where every area lies in the space that the clusters are made in, so that the page
measures distances itself: 100 areas for each of 46,844 would be 9.4 million pairs. And
what the other jobs of the page call the ground of each area.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.database import literal, quoted, quoted_table, table_columns
from placetypes.job import Job
from placetypes.report.chart_tables import Columns, Source
from placetypes.report.encoding import put

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

SPACE = "cluster_inputs"
STEPS = 2**14  # of the widest column: a distance is exact to 1 / 20,000 of its width
MOST = 4_000_000  # coordinates, about 10 MB of the page


def read_positions(
    connection: "duckdb.DuckDBPyConnection",
    columns: Columns,
    areas: "pd.Series",
    blocks: list[str],
) -> dict[str, Any] | None:
    """Add the areas' places in the space of the clusters, in steps of one size.

    Their place among the blocks is None where there are more than a page should hold.
    """
    if SPACE not in columns or len(columns[SPACE]) < 2:
        return None
    dimensions = len(columns[SPACE]) - 1
    if len(areas) * dimensions > MOST:
        return {"block": None}
    rows = connection.sql(f"from {SPACE}").df().set_index("area").reindex(areas)
    values = rows.to_numpy(dtype=float)
    low = np.nanmin(values, axis=0)
    step = max(float((np.nanmax(values, axis=0) - low).max()) / STEPS, 1e-300)
    steps = np.nan_to_num(np.rint((values - low) / step), nan=-1).astype(int)
    return {
        "dimensions": dimensions,
        "step": step,
        "block": put(blocks, steps.ravel().tolist()),
    }


def read_beside(
    connection: "duckdb.DuckDBPyConnection",
    own: Job,
    other: Job,
    areas: list[str],
    blocks: list[str],
) -> dict[str, Any] | None:
    """Add the class that another job gives the ground of each area, the commonest.

    None where none of its areas lies in one of ours.
    """
    level = quoted(other.levels[0].name)
    tables = [f"{job.name}.classification" for job in (own, other)]
    kinds = [table_columns(connection, table)["geometry"] for table in tables]
    moved = "geometry"
    if kinds[0] != kinds[1]:
        target = kinds[0].removeprefix("GEOMETRY('").removesuffix("')")
        moved = f"st_transform(geometry, {literal(target)})"
    connection.execute(
        "create or replace temp table own_areas as select area, geometry "
        f"from {quoted_table(tables[0])} where geometry is not null"
    )
    connection.execute(
        f"create or replace temp table other_areas as select {level}::varchar "
        f"as class, {moved} as geometry from {quoted_table(tables[1])} "
        "where geometry is not null"
    )
    found = dict(Source({}, file="classes_beside.sql").read(connection).fetchall())
    if not found:
        return None
    labels = sorted(set(found.values()))
    place = {label: index for index, label in enumerate(labels)}
    classes = [place.get(found.get(area)) for area in areas]
    return {"job": other.name, "labels": labels, "block": put(blocks, classes)}
