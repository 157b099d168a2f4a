"""Published tables as the page embeds them: column names and rows."""

from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.database import table_columns
from placetypes.report.encoding import numbers_of, places_of, put, put_numbers, short
from placetypes.report.shapes import Outlines, embed_outlines

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

CLOUD_STEPS = 30_000  # places in the map of likeness are rounded to this share of it


def embed(relation: "duckdb.DuckDBPyRelation") -> dict[str, Any]:
    """Return a query's columns and rows."""
    rows = [[short(value) for value in row] for row in relation.fetchall()]
    return {"columns": relation.columns, "rows": rows}


def has_table(connection: "duckdb.DuckDBPyConnection", table: str) -> bool:
    """Tell whether a table is published."""
    return bool(table_columns(connection, table))


def embed_layer(
    outlines: Outlines,
    areas: "pd.DataFrame",
    categories: dict[str, list[str]],
    numbers: "pd.DataFrame",
    blocks: list[str],
) -> dict[str, Any]:
    """Return what maps draw: outlines, and what is known of each area.

    `areas` and `numbers` have one row for each area in the order of the outlines;
    `categories` are columns of `areas` with their labels in order; `areas` may hold the
    map of likeness, umap_x and umap_y. What is there of each area is added to `blocks`,
    which the page opens when it needs them; the layer has their places.
    """
    return {
        "count": len(areas),
        "outlines": embed_outlines(outlines, blocks),
        "codes": put(blocks, outlines.areas),
        "categories": {
            name: {
                "labels": labels,
                "block": put(blocks, places_of(listed(areas[name]), labels)),
            }
            for name, labels in categories.items()
        },
        "numbers": {
            str(name): put_numbers(blocks, numbers[name].to_numpy(dtype=float))
            for name in numbers.columns
        },
        "points": embed_points(areas, blocks),
    }


def embed_points(areas: "pd.DataFrame", blocks: list[str]) -> dict[str, Any] | None:
    """Add each area's place in the map of likeness, in whole steps from its corner."""
    if not {"umap_x", "umap_y"} <= set(areas.columns):
        return None
    places = areas[["umap_x", "umap_y"]].to_numpy(dtype=float)
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    steps = (places - low) / ((high - low).max() or 1) * CLOUD_STEPS
    east, north = (numbers_of(np.round(column)) for column in steps.T)
    return {"x": put(blocks, east), "y": put(blocks, north)}


def listed(values: "pd.Series") -> list[str | None]:
    """Return a column as a list with None for what is missing."""
    return values.astype(object).where(values.notna(), None).tolist()
