"""What the page says of each cluster: where it lies, its places, its typical areas."""

from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.report.chart_tables import Columns
from placetypes.report.encoding import short

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

SIDE = 220  # cells of a small map's longer side
TYPICAL = 5  # areas nearest to their cluster's mean


def read_profiles(
    connection: "duckdb.DuckDBPyConnection",
    columns: Columns,
    shapes: np.ndarray,
    areas: "pd.DataFrame",
    labels: dict[str, list[str]],
    place: str | None,
) -> dict[str, Any]:
    """Return a small map of all clusters, their places and their typical areas.

    `areas` has one row for each of the `shapes` (None where one has no outline), with a
    column for each level of `labels`, and perhaps one that names its `place`.
    """
    levels = list(labels)
    if not levels:
        return {}
    groups = areas.groupby(levels, dropna=False).ngroup()
    clusters = areas[levels].astype(object)
    firsts = groups.drop_duplicates().sort_values().index
    return {
        # What the cells of the map stand for: a cluster of each level.
        "combinations": clusters.where(clusters.notna(), None)
        .loc[firsts]
        .values.tolist(),
        "map": small_map(shapes, groups.to_numpy()),
        "places": count_places(areas, labels, place) if place else [],
        "typical": typical_areas(connection, columns, areas, labels),
    }


def small_map(shapes: np.ndarray, groups: np.ndarray) -> dict[str, Any] | None:
    """Draw the areas' groups into a grid, as runs of [group, cells, …]; -1 is none.

    A cell has the group of the area that holds its middle; rows go from north to south.
    """
    import shapely

    there = ~shapely.is_missing(shapes)
    if not there.any():
        return None
    west, south, east, north = shapely.total_bounds(shapes[there])
    step = max(east - west, north - south) / SIDE or 1.0
    width, height = (
        int(np.ceil(size / step)) or 1 for size in (east - west, north - south)
    )
    x, y = np.meshgrid(
        west + (np.arange(width) + 0.5) * step, north - (np.arange(height) + 0.5) * step
    )
    points = shapely.points(x.ravel(), y.ravel())
    cells, held = shapely.STRtree(shapes).query(points, predicate="intersects")
    grid = np.full(width * height, -1)
    grid[cells] = groups[held]
    starts = np.flatnonzero(np.diff(grid, prepend=-2))
    lengths = np.diff(starts, append=len(grid))
    runs = np.column_stack([grid[starts], lengths]).ravel()
    return {"width": width, "height": height, "runs": runs.tolist()}


def count_places(
    areas: "pd.DataFrame", labels: dict[str, list[str]], place: str
) -> list[list[Any]]:
    """Return level, cluster, place, number of its areas there, all areas there."""
    whole = areas[place].value_counts()
    return [
        [level, cluster, name, int(count), int(whole[name])]
        for level in labels
        for (cluster, name), count in areas.groupby([level, place]).size().items()
    ]


def typical_areas(
    connection: "duckdb.DuckDBPyConnection",
    columns: Columns,
    areas: "pd.DataFrame",
    labels: dict[str, list[str]],
) -> list[list[Any]]:
    """Return level, cluster, area and its distance to the cluster's mean, by rank."""
    if "representative_areas" in columns:
        rows = connection.sql(
            "select cluster, area, distance from representative_areas "
            f"where rank <= {TYPICAL} order by cluster, rank"
        ).fetchall()
        return [[next(iter(labels)), *row[:2], short(row[2])] for row in rows]
    if "cluster_inputs" not in columns:
        return []
    inputs = connection.sql("from cluster_inputs").df().set_index("area")
    points = inputs.reindex(areas["area"]).to_numpy(dtype=float)
    found = []
    for level, clusters in labels.items():
        for cluster in clusters:
            members = np.flatnonzero(areas[level] == cluster)
            means = points[members].mean(axis=0)
            distances = np.linalg.norm(points[members] - means, axis=1)
            for place in np.argsort(distances, kind="stable")[:TYPICAL]:
                area = areas["area"].iloc[members[place]]
                found.append([level, cluster, area, short(float(distances[place]))])
    return found
