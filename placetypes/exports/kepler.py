"""Data and a configuration for kepler.gl, in the same colours as everything else."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placetypes.colours import category_colours, parts
from placetypes.database import is_geometry, quoted, quoted_table, table_columns
from placetypes.job import Job

if TYPE_CHECKING:
    import duckdb

DECIMALS = 6  # of degrees: a tenth of a metre


def write_kepler(
    connection: "duckdb.DuckDBPyConnection", entry: Job, folder: Path, scheme: str
) -> list[Path]:
    """Write a job's GeoJSON and configuration; its HTML too where keplergl is there.

    Writes nothing for a job whose classification has no levels or no geometry.
    """
    job = entry.name
    columns = table_columns(connection, f"{job}.classification")
    layers = [name for name in coloured_columns(entry) if name in columns]
    if not layers or not any(map(is_geometry, columns.values())):
        return []
    target = folder / "kepler"
    target.mkdir(parents=True, exist_ok=True)
    data = feature_collection(connection, f"{job}.classification")
    config = configuration(job, layers, data, scheme)
    files = {f"{job}.geojson": data, "kepler_config.json": config}
    for name, content in files.items():
        partial = target / f".{name}.partial"
        partial.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        partial.replace(target / name)
    written = [target / name for name in files]
    try:
        from keplergl import KeplerGl
    except ImportError:
        return written
    page = target / "kepler.html"
    view = KeplerGl(data={job: data}, config=config)
    view.save_to_html(file_name=str(page), read_only=False)
    return [*written, page]


def coloured_columns(job: Job) -> list[str]:
    """Return the columns that colour a layer: those with a style, or all levels."""
    for export in job.exports.values():
        if export["table"] == "classification" and export.get("styles"):
            return export["styles"]
    return [level.name for level in job.levels]


def feature_collection(
    connection: "duckdb.DuckDBPyConnection", table: str
) -> dict[str, Any]:
    """Return a table as GeoJSON in longitude and latitude."""
    import shapely

    columns = table_columns(connection, table)
    plain = [name for name, kind in columns.items() if not is_geometry(kind)]
    geometry = next(name for name, kind in columns.items() if is_geometry(kind))
    known = columns[geometry] != "GEOMETRY"
    shape = quoted(geometry)
    degrees = f"st_transform({shape}, 'EPSG:4326')" if known else shape
    names = ", ".join(map(quoted, plain))
    rows = connection.execute(
        f"""
        select {names}, case when not st_isempty({shape}) then st_aswkb({degrees}) end
        from {quoted_table(table)} order by area
        """
    ).fetchall()
    shapes = shapely.from_wkb([row[-1] and bytes(row[-1]) for row in rows])
    rounded = shapely.set_precision(shapes, 10**-DECIMALS, mode="pointwise")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(zip(plain, row[:-1], strict=True)),
                "geometry": outline and json.loads(outline),
            }
            for row, outline in zip(rows, shapely.to_geojson(rounded), strict=True)
        ],
    }


def configuration(
    job: str, columns: list[str], data: dict[str, Any], scheme: str
) -> dict[str, Any]:
    """Return kepler.gl's configuration: a layer for each level of clusters."""
    import shapely

    properties = [feature["properties"] for feature in data["features"]]
    outlines = [f["geometry"] for f in data["features"] if f["geometry"]]
    bounds = shapely.total_bounds(
        shapely.from_geojson([json.dumps(outline) for outline in outlines])
    )
    west, south, east, north = bounds if outlines else (-5.0, 50.0, 2.0, 58.0)
    shown = [name for name in next(iter(properties), {}) if "umap" not in name][:8]
    return {
        "version": "v1",
        "config": {
            "visState": {
                "layers": [
                    layer(job, column, properties, scheme, visible=place == 0)
                    for place, column in enumerate(columns)
                ],
                "interactionConfig": {
                    "tooltip": {
                        "enabled": True,
                        "fieldsToShow": {
                            job: [{"name": name, "format": None} for name in shown]
                        },
                    }
                },
            },
            "mapState": {
                "latitude": float(south + north) / 2,
                "longitude": float(west + east) / 2,
                "zoom": 9,
                "pitch": 0,
                "bearing": 0,
            },
            "mapStyle": {"styleType": "positron"},
        },
    }


def layer(
    job: str,
    column: str,
    properties: list[dict[str, Any]],
    scheme: str,
    *,
    visible: bool,
) -> dict[str, Any]:
    """Return one layer, coloured by a column's categories."""
    # kepler.gl hands the colours to the categories in alphabetical order.
    names = sorted({row[column] for row in properties if row[column] is not None})
    colours = category_colours(names, scheme)
    return {
        "id": f"{job}_{column}",
        "type": "geojson",
        "config": {
            "dataId": job,
            "label": column,
            "color": parts(colours[names[0]]) if names else [128, 128, 128],
            "columns": {"geojson": "_geojson"},
            "isVisible": visible,
            "visConfig": {
                "opacity": 0.8,
                "stroked": False,
                "filled": True,
                "colorRange": {
                    "name": "Custom",
                    "type": "qualitative",
                    "category": "Custom",
                    "colors": [colours[name] for name in names],
                    "colorMap": [[name, colours[name]] for name in names],
                },
            },
        },
        "visualChannels": {
            "colorField": {"name": column, "type": "string"},
            "colorScale": "ordinal",
        },
    }
