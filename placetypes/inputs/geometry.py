"""Geometry files, read by pyogrio before SQL may touch them.

DuckDB's spatial extension ends the whole process on some damaged files.
"""

from pathlib import Path
from typing import Any

import duckdb

from placetypes.errors import PlacetypesError, listed, one_line
from placetypes.inputs.find import expected_columns

FORMATS = (".gpkg", ".geojson", ".json", ".shp", ".fgb")


def open_geometry(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Make a geometry file's attributes readable as `content`; check its geometry."""
    import pyogrio
    import pyogrio.errors
    import pyogrio.raw

    try:
        layers = pyogrio.list_layers(path)
        layer = choose_layer(path, layers, entry, parameters)
        meta, table = pyogrio.raw.read_arrow(path, layer=layer)
    except (pyogrio.errors.DataSourceError, ValueError, OSError, RuntimeError) as error:
        raise PlacetypesError(
            f"{path.name} can't be read as a geometry file ({one_line(error)}); "
            "check that the download is whole."
        ) from error
    if not table.num_rows and not entry.get("optional"):
        raise PlacetypesError(f"{path.name} has no rows.")
    if not meta["crs"]:
        raise PlacetypesError(
            f"{path.name}: layer {layer} names no coordinate system (CRS); set it in "
            "QGIS (Layer, Set CRS, then export) so that areas land where they belong."
        )
    geometry = meta["geometry_name"] or "wkb_geometry"
    check_geometry(path, table, geometry, expected_columns(entry, parameters))
    attributes = table.drop_columns([geometry])
    connection.register("attributes", attributes)
    connection.execute("create temp table content as from attributes")
    details: dict[str, Any] = {
        "layer": layer,
        # ST_Read calls the geometry of a format that doesn't name it `geom`.
        "geometry": meta["geometry_name"] or "geom",
        "crs": meta["crs"],
        "messages": [],
    }
    if path.suffix.lower() in (".geojson", ".json") and not names_crs(path):
        details["messages"].append(
            f"{path.name} names no coordinate system: read as longitude and latitude "
            "(EPSG:4326), as GeoJSON's standard has it."
        )
    return details


def names_crs(path: Path) -> bool:
    """Tell whether a GeoJSON file has a `crs` member, which stands near an end."""
    with path.open("rb") as opened:
        start = opened.read(4096)
        opened.seek(max(0, path.stat().st_size - 1024))
        return b'"crs"' in start or b'"crs"' in opened.read()


def choose_layer(
    path: Path, layers: Any, entry: dict[str, Any], parameters: dict[str, Any]
) -> str:
    """Return the one spatial layer, or the one that has the expected columns."""
    import pyogrio

    spatial = [name for name, geometry_type in layers if geometry_type is not None]
    if not spatial:
        raise PlacetypesError(f"{path.name} holds no layer with geometry.")
    if len(spatial) == 1:
        return spatial[0]
    expected = {name.lower() for name in expected_columns(entry, parameters)}
    fitting = [
        name
        for name in spatial
        if expected
        <= {field.lower() for field in pyogrio.read_info(path, layer=name)["fields"]}
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise PlacetypesError(
        f"{path.name} holds {len(spatial)} layers ({listed(spatial)}) and "
        f"{len(fitting) or 'none'} of them has {', '.join(sorted(expected))}; "
        "export the one to use into a file of its own."
    )


def check_geometry(
    path: Path, table: Any, geometry: str, columns: dict[str, str]
) -> None:
    """Refuse geometry that isn't polygons; empty ones are left to SQL to report."""
    import shapely

    shapes = shapely.from_wkb(table[geometry].to_numpy(zero_copy_only=False), "ignore")
    types = shapely.get_type_id(shapes)
    polygons = {-1, 3, 6, 7}  # none, polygon, multipolygon, collection
    wrong = [row for row, kind in enumerate(types) if int(kind) not in polygons]
    if wrong:
        key = next((name for name in columns if name in table.column_names), None)
        area = table[key][wrong[0]].as_py() if key else f"row {wrong[0] + 1}"
        raise PlacetypesError(
            f"{path.name}: {area} is a {shapes[wrong[0]].geom_type}, not a polygon "
            f"({len(wrong):,} such rows); use a file of area boundaries."
        )
