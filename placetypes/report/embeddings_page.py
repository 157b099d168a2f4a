"""The embeddings part of the page: what it shows, read from the published tables."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.report.colours import cluster_colours
from placetypes.report.encoding import base64_of, index_column
from placetypes.report.shapes import read_outlines
from placetypes.report.tables import embed_layer, embed_query, has_table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# A part of the job may be published alone; the page needs these, the rest may lack.
NEEDED = ("classification", "cluster_summary", "mapped_values", "map_classes")

# Tables that a chart stands on; one that isn't published (yet) embeds as empty.
TABLES = {
    "cluster_summary": "from embeddings.cluster_summary order by len(cluster), cluster",
    "class_breaks": "from embeddings.class_breaks order by variable, scheme, class",
    "representative_areas": """
        from embeddings.representative_areas order by len(cluster), cluster, rank
    """,
    "forest_scores": "from embeddings.forest_scores order by validation, feature_set",
    "forest_fold_scores": """
        from embeddings.forest_fold_scores order by feature_set, validation, fold
    """,
    "forest_confusion": """
        from embeddings.forest_confusion
        order by feature_set, validation, actual, predicted
    """,
    "forest_importances": """
        from embeddings.forest_importances order by feature_set, permutation_rank
    """,
    "clustergram": "from embeddings.clustergram order by k, cluster",
    "clustergram_flows": "from embeddings.clustergram_flows order by all",
    "clustergram_scores": "from embeddings.clustergram_scores order by k",
}
SUMMARY = "select topic, text from embeddings.run_summary order by line, topic"
NAMES = """
select cluster, level, name, portrait, status from embeddings.cluster_names
order by len(cluster), cluster
"""
EMPTY: dict[str, Any] = {"columns": ["cluster"], "rows": []}


def embeddings_page(
    connection: "duckdb.DuckDBPyConnection", scheme: str, most_areas: int
) -> dict[str, Any]:
    """Return the embeddings part."""
    areas = connection.sql(
        """
        select area, area_name, cluster, umap_x, umap_y
        from embeddings.classification order by area
        """
    ).df()
    numbers = read_numbers(connection, areas["area"])
    outlines = read_outlines(connection, "embeddings.classification")
    tables = {
        name: embed_query(connection, query)
        if has_table(connection, f"embeddings.{name}")
        else EMPTY
        for name, query in TABLES.items()
    }
    for name, query, table in (
        ("summary", SUMMARY, "run_summary"),
        ("names", NAMES, "cluster_names"),
    ):
        found = has_table(connection, f"embeddings.{table}")
        tables[name] = embed_query(connection, query) if found else EMPTY
    clusters = [row[0] for row in tables["cluster_summary"]["rows"]]
    # What belongs to single areas has no place on hexagons.
    per_area: dict[str, Any] = {"area_names": None, "classes": {}, "similar": None}
    if len(areas) <= most_areas:
        per_area = {
            "area_names": areas["area_name"].fillna("").tolist(),
            "classes": read_classes(connection, areas["area"]),
            "similar": read_similar(connection, areas["area"]),
        }
    return {
        **per_area,
        "layer": embed_layer(
            outlines, areas, {"cluster": clusters}, numbers, most_areas
        ),
        "target": target_name(connection),
        "tables": tables,
        "colours": cluster_colours(clusters, scheme),
    }


def read_numbers(
    connection: "duckdb.DuckDBPyConnection", areas: "pd.Series"
) -> "pd.DataFrame":
    """Return the mapped variables, one column each, in the order of the areas."""
    values = connection.sql("from embeddings.mapped_values").df()
    wide = values.pivot(index="area", columns="variable", values="value")
    return wide.reindex(areas).reset_index(drop=True).astype(float)


def read_classes(
    connection: "duckdb.DuckDBPyConnection", areas: "pd.Series"
) -> dict[str, dict[str, str]]:
    """Return each area's class by variable and scheme, 0 for none, one byte each."""
    classes = connection.sql(
        "select area, variable, scheme, class from embeddings.map_classes"
    ).df()
    held: dict[str, dict[str, str]] = {}
    for (variable, scheme), group in classes.groupby(["variable", "scheme"]):
        places = group.set_index("area")["class"].reindex(areas).fillna(0)
        as_bytes = places.to_numpy().astype(np.uint8)
        held.setdefault(variable, {})[scheme] = base64_of(as_bytes)
    return held


def read_similar(
    connection: "duckdb.DuckDBPyConnection", areas: "pd.Series"
) -> dict[str, Any] | None:
    """Return each area's similar areas by rank, as places in the order of the areas."""
    if not has_table(connection, "embeddings.similar_areas"):
        return None
    pairs = connection.sql("from embeddings.similar_areas").df()
    if pairs.empty:
        return None
    place = {area: index for index, area in enumerate(areas)}
    most = int(pairs["rank"].max())
    units = np.full((len(areas), most), len(areas), dtype=np.uint32)
    distances = np.full((len(areas), most), np.nan, dtype=np.float32)
    rows, ranks = pairs["area"].map(place), pairs["rank"] - 1
    units[rows, ranks] = pairs["similar_area"].map(place)
    distances[rows, ranks] = pairs["distance"]
    return {
        "count": most,
        "units": index_column(units.ravel()),
        "distances": {"type": "f32", "data": base64_of(distances.ravel())},
    }


def target_name(connection: "duckdb.DuckDBPyConnection") -> str:
    """Return the target's column name, as the run used it."""
    row = connection.execute(
        "select value from meta.parameters where parameter = 'embeddings.target'"
    ).fetchone()
    return json.loads(row[0]) if row else "target"
