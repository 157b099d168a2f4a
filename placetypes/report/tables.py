"""Published tables as the page embeds them: column names and rows."""

from typing import TYPE_CHECKING, Any

import numpy as np

from placetypes.database import table_columns
from placetypes.report.encoding import (
    category_column,
    coarse_column,
    index_column,
    number_column,
    short,
)
from placetypes.report.shapes import Outlines, encode_outlines, hexagons, simplify

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

HEXAGONS = 5_000  # drawn instead of areas where there are too many
SAMPLE = 20_000  # points of the map of likeness, then
SAMPLE_SEED = 1


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
    most_areas: int,
) -> dict[str, Any]:
    """Return what maps draw: outlines, and what is known of each area.

    `areas` and `numbers` have one row for each area in the order of the outlines;
    `categories` are columns of `areas` with their labels in order; `areas` may hold the
    map of likeness, umap_x and umap_y. Beyond `most_areas`, hexagons stand for the
    areas within them.
    """
    if len(outlines.areas) > most_areas:
        return embed_hexagons(outlines, areas, categories, numbers, most_areas)
    shapes = simplify(outlines.shapes)
    return {
        "codes": outlines.areas,
        "outlines": encode_outlines(shapes, outlines.is_geographic),
        "categories": {
            name: category_column(listed(areas[name]), labels)
            for name, labels in categories.items()
        },
        "numbers": {
            str(name): number_column(numbers[name].to_numpy(dtype=float))
            for name in numbers.columns
        },
        "points": embed_points(areas, categories, np.arange(len(areas))),
    }


def embed_hexagons(
    outlines: Outlines,
    areas: "pd.DataFrame",
    categories: dict[str, list[str]],
    numbers: "pd.DataFrame",
    most_areas: int,
) -> dict[str, Any]:
    """Return the layer with hexagons in place of areas: commonest labels, means."""
    place, codes, shapes = hexagons(outlines.shapes, min(HEXAGONS, most_areas))
    there = place >= 0
    grouped = areas[there].groupby(place[there])
    means = numbers[there].groupby(place[there]).mean()
    if "population" in means:
        # min_count: an unknown population stays unknown instead of becoming 0.
        totals = numbers.loc[there, "population"].groupby(place[there])
        means["population"] = totals.sum(min_count=1)
    generator = np.random.default_rng(SAMPLE_SEED)
    size = min(SAMPLE, len(areas))
    sample = np.sort(generator.choice(len(areas), size=size, replace=False))
    return {
        "sentence": (
            f"The result has {len(areas):,} areas, more than the {most_areas:,} that "
            f"the page draws one by one (parameter report_areas). So the maps show "
            f"{len(codes):,} hexagons with the commonest cluster and the mean values "
            f"of their areas, and the map of likeness shows {size:,} areas at random. "
            "Tables and charts are of all areas."
            + (
                f" {(~there).sum():,} areas have no boundary and are on no map."
                if not there.all()
                else ""
            )
        ),
        "codes": codes,
        "members": {
            "codes": outlines.areas,
            "units": index_column(np.where(there, place, len(codes))),
        },
        "areas_within": number_column(grouped.size().to_numpy()),
        "outlines": encode_outlines(shapes, outlines.is_geographic),
        "categories": {
            name: category_column(commonest(grouped[name]), labels)
            for name, labels in categories.items()
        },
        "numbers": {
            str(name): number_column(means[name].to_numpy()) for name in means.columns
        },
        "points": embed_points(
            areas.iloc[sample], categories, np.where(there, place, len(codes))[sample]
        ),
    }


def embed_points(
    areas: "pd.DataFrame", categories: dict[str, list[str]], units: np.ndarray
) -> dict[str, Any] | None:
    """Return the map of likeness: each area's place, its drawn unit, its categories."""
    if not {"umap_x", "umap_y"} <= set(areas.columns):
        return None
    return {
        "x": coarse_column(areas["umap_x"].to_numpy(dtype=float)),
        "y": coarse_column(areas["umap_y"].to_numpy(dtype=float)),
        "units": index_column(units),
        "categories": {
            name: category_column(listed(areas[name]), labels)
            for name, labels in categories.items()
        },
    }


def commonest(groups: Any) -> list[str | None]:
    """Return the commonest label of each group, the first of equals."""
    return [
        modes.iloc[0] if len(modes := group.mode()) else None for _, group in groups
    ]


def listed(values: "pd.Series") -> list[str | None]:
    """Return a column as a list with None for what is missing."""
    return values.astype(object).where(values.notna(), None).tolist()
