"""Reads a geometry file in a process of its own: no file takes a run with it.

`python geometry_reader.py` takes on its standard input what to read, writes it as
GeoParquet, which SQL then reads, and answers with what it found: or with the name of
the rule that the file breaks (rules.yml). It imports nothing of the project, so that it
starts fast. GDAL and GEOS can be ended by a damaged file, or kept busy for ever; the
process that waits for this one sets limits of time and memory (geometry.py).
"""

import json
import struct
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

POLYGONS = (-1, 3, 6, 7)  # no geometry, polygon, multipolygon, collection
MARGIN = 2  # degrees that areas may lie beyond the region of their system
DEEPEST = 20  # collections within collections; real ones have one level
DAMAGE = ("malformed", "corrupt", "sqlite3_step", "disk image", "recode", "truncated")
GEOJSON = (".geojson", ".json")


class Broken(Exception):
    """The file breaks a rule, whose name and values the sentence is made from."""

    def __init__(self, rule: str, **values: Any) -> None:
        super().__init__(rule)
        self.rule, self.values = rule, values


def main() -> None:
    """Answer one request on the standard input."""
    sys.meta_path.insert(0, SimpleNamespace(find_spec=without_pandas))
    request = json.load(sys.stdin)
    limit_memory(request["bytes"])
    try:
        answer = read(Path(request["path"]), Path(request["target"]), request)
    except Broken as broken:
        answer = {"rule": broken.rule, "values": broken.values}
    except (MemoryError, pa.ArrowMemoryError):
        answer = {"rule": "geometry_too_much", "values": {}}
    json.dump(answer, sys.stdout)


def without_pandas(name: str, *_: Any) -> None:
    """Let pyogrio and pyarrow go without what takes half of this process's time."""
    if name in ("pandas", "geopandas"):
        raise ModuleNotFoundError(name)


def limit_memory(most: int) -> None:
    """Let the system refuse this process more memory than any real file takes."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (least, hard))


def read(path: Path, target: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Read, check and write one layer; return its details."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if path.suffix.lower() == ".parquet":
            layer, name, crs, table = read_geoparquet(path)
            fields = table.column_names
        else:
            if path.suffix.lower() == ".shp":
                check_shapefile(path)
            source = layer_source(path)
            layer = choose_layer(source, request)
            name, crs, table, fields = read_layer(source, layer)
    told = [str(item.message) for item in caught]
    damage = [text for text in told if any(word in text.lower() for word in DAMAGE)]
    if damage:
        raise Broken("geometry_damaged", reason=damage[0])
    refuse_alike(fields)
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise Broken("text_not_decoded", reason=first_line(error)) from error
    key = next((n for n in request["columns"] if n in table.column_names), None)
    codes = [str(code) for code in table[key].to_pylist()] if key else None
    if path.suffix.lower() in GEOJSON:
        check_geojson_crs(path)
    definition, messages = understand_crs(crs, table.schema.field(name))
    shapes = read_shapes(path, layer, table, name, messages)
    if not request.get("any_shape"):
        refuse_other_shapes(shapes, codes)
    check_shapes(shapes, codes, is_degrees=is_geographic(definition))
    if is_geographic(definition) and lies_on_swapped_britain(shapes):
        messages.append(("swapped_perhaps", {}))
    elif not is_geographic(definition):
        messages += doubts_of_place(definition, shapes)
    hold_against_itself(path, layer, shapes, codes, name)
    column = write(target, table, name, shapes, definition)
    return {
        "layer": layer,
        "geometry": column,
        "crs": crs_text(crs, definition),
        "messages": messages,
        "rows": table.num_rows,
    }


def layer_source(path: Path) -> str:
    """Return what GDAL calls a file: a zip is read without unpacking it."""
    return f"/vsizip/{{{path}}}" if path.suffix.lower() == ".zip" else str(path)


def choose_layer(source: str, request: dict[str, Any]) -> str:
    """Return the one spatial layer, or the one that has the expected columns."""
    import pyogrio

    layers = quietly(pyogrio.list_layers, source)
    spatial = [name for name, geometry_type in layers if geometry_type is not None]
    if not spatial:
        raise Broken("no_layer")
    if request.get("layer"):
        if request["layer"] not in spatial:
            raise Broken("layer_unknown", layer=request["layer"], layers=spatial)
        return request["layer"]
    if len(spatial) == 1:
        return spatial[0]
    expected = {name.lower() for name in request["columns"]}
    fitting = [
        name
        for name in spatial
        if expected
        <= {
            field.lower()
            for field in quietly(pyogrio.read_info, source, layer=name)["fields"]
        }
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise Broken(
        "layer_unclear",
        layers_count=len(spatial),
        layers=spatial,
        fitting=len(fitting) or "none",
        columns=sorted(expected),
    )


def quietly(function: Any, *arguments: Any, **named: Any) -> Any:
    """Call GDAL; whatever it can't do is said of the file."""
    import pyogrio.errors

    try:
        return function(*arguments, **named)
    except UnicodeDecodeError as error:
        raise Broken("text_not_decoded", reason=str(error)) from error
    except (
        *(pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError),
        *(pyogrio.errors.FieldError, pyogrio.errors.GeometryError),
        *(ValueError, OSError, RuntimeError, pa.ArrowInvalid),
    ) as error:
        if isinstance(error, pa.ArrowMemoryError):
            raise
        raise Broken("geometry_unreadable", reason=first_line(error)) from error


def first_line(error: BaseException) -> str:
    """Return an exception's first line."""
    return str(error).split("\n")[0].strip()


def read_layer(source: str, layer: str) -> tuple[str, Any, pa.Table, list[str]]:
    """Return a layer's geometry column, CRS, rows and fields."""
    import pyogrio.raw

    meta, table = quietly(pyogrio.raw.read_arrow, source, layer=layer)
    name = meta["geometry_name"] or "wkb_geometry"
    return name, meta["crs"], table, list(meta["fields"])


def read_geoparquet(path: Path) -> tuple[str, str, Any, pa.Table]:
    """Return name, geometry column, CRS (as PROJJSON) and rows of a GeoParquet file."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise Broken("geometry_unreadable", reason=first_line(error)) from error
    try:
        geo = json.loads((table.schema.metadata or {})[b"geo"])
        name = geo["primary_column"]
        column = geo["columns"][name]
        encoding = column["encoding"]
    except (KeyError, TypeError, ValueError) as error:
        raise Broken("not_geoparquet") from error
    if encoding != "WKB" or name not in table.column_names:
        raise Broken("geoparquet_encoding", encoding=encoding)
    # By the standard, no crs is longitude and latitude; null is an unknown one.
    return path.stem, name, column.get("crs", "OGC:CRS84"), table


def refuse_alike(fields: list[str]) -> None:
    """Refuse columns that differ only in case, which no SQL can tell apart."""
    seen: dict[str, str] = {}
    for name in fields:
        if name.lower() in seen:
            raise Broken("columns_alike", first=seen[name.lower()], second=name)
        seen[name.lower()] = name


def check_geojson_crs(path: Path) -> None:
    """Refuse a `crs` member that names nothing; GDAL would read it as 4326."""
    document = json.loads(path.read_text("utf-8-sig"))
    if "crs" not in document:
        return
    try:
        crs = document["crs"]["properties"]["name"]
    except (TypeError, KeyError):
        crs = None
    import pyproj

    try:
        pyproj.CRS.from_user_input(crs)
    except (pyproj.exceptions.CRSError, TypeError) as error:
        raise Broken("crs_unknown", crs=json.dumps(document["crs"])[:80]) from error


def understand_crs(
    crs: Any, field: pa.Field
) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """Return a coordinate system as PROJJSON, and what must be said of it."""
    if not crs:
        raise Broken("no_crs")
    extension = (field.metadata or {}).get(b"ARROW:extension:metadata")
    found = json.loads(extension).get("crs") if extension else None
    if isinstance(crs, str) and crs.startswith("EPSG:") and isinstance(found, dict):
        return found, []
    import pyproj

    try:
        known = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise Broken("crs_unknown", crs=str(crs)[:80]) from error
    definition = json.loads(known.to_json())
    if known.is_bound:
        known = known.source_crs
    if known.is_engineering or not (known.is_geographic or known.is_projected):
        raise Broken("crs_without_place", crs=known.name)
    datum = known.datum.name if known.datum else "unknown"
    if "unknown" in datum.lower() or "not specified" in datum.lower():
        return definition, [("datum_unknown", {"crs": known.name})]
    return definition, []


def crs_text(crs: Any, definition: dict[str, Any]) -> str:
    """Return what SQL calls a coordinate system: authority and code, or all of it."""
    identity = definition.get("id")
    if identity:
        return f"{identity['authority']}:{identity['code']}"
    return crs if isinstance(crs, str) else json.dumps(crs)


def is_geographic(definition: dict[str, Any]) -> bool:
    """Tell whether a coordinate system counts in degrees."""
    kind = definition.get("source_crs", definition).get("type", "")
    return kind in ("GeographicCRS", "GeodeticCRS")


def read_shapes(
    path: Path, layer: str, table: pa.Table, name: str, messages: list[Any]
) -> np.ndarray:
    """Return the geometries; curves become the lines that follow them."""
    blobs = table[name].to_numpy(zero_copy_only=False)
    try:
        return shapely.from_wkb(blobs)
    except NotImplementedError:
        import pyogrio.raw

        _, _, blobs, _ = quietly(
            pyogrio.raw.read, layer_source(path), layer=layer, columns=[]
        )
        messages.append(("curves", {}))
        return shapely.from_wkb(blobs)
    except shapely.errors.GEOSException as error:
        raise Broken("geometry_damaged", reason=first_line(error)) from error


def refuse_other_shapes(shapes: np.ndarray, codes: Any) -> None:
    """Refuse what is no polygon."""
    wrong = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), POLYGONS))
    if len(wrong):
        kind = shapes[wrong[0]].geom_type
        raise Broken(
            "not_polygons", area=called(codes, wrong[0]), kind=kind, rows=len(wrong)
        )


def check_shapes(shapes: np.ndarray, codes: Any, *, is_degrees: bool) -> None:
    """Refuse what lies nowhere or is nested; empty ones are left to SQL."""
    parts = shapes[shapely.get_type_id(shapes) == 7]
    for _ in range(DEEPEST):
        parts = shapely.get_parts(parts)
        parts = parts[shapely.get_type_id(parts) == 7]
    if len(parts):
        raise Broken("geometry_nested", deepest=DEEPEST)
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    wild = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(wild):
        raise Broken(
            "not_finite",
            area=called(codes, owner[wild[0]]),
            areas=len(set(owner[wild].tolist())),
        )
    if is_degrees:
        far = np.flatnonzero((np.abs(points) > (180.0, 90.0)).any(axis=1))
        if len(far):
            x, y = points[far[0]]
            turned = (np.abs(points) <= (90.0, 180.0)).all()
            raise Broken(
                "swapped_degrees" if turned else "beyond_degrees",
                area=called(codes, owner[far[0]]),
                x=f"{x:.10g}",
                y=f"{y:.10g}",
                areas=len(set(owner[far].tolist())),
            )


def lies_on_swapped_britain(shapes: np.ndarray) -> bool:
    """Tell whether all lies where Britain would with latitude before longitude.

    That is sea but for the Seychelles.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    return west > 49 and east < 61 and south > -9 and north < 3


def doubts_of_place(
    definition: dict[str, Any], shapes: np.ndarray
) -> list[tuple[str, dict[str, Any]]]:
    """Tell where areas lie in degrees, or far from where their system is made for.

    The British grid is looked up here: what tells of others takes a while to load.
    """
    bounds = shapely.bounds(shapes)
    x, y = (bounds[:, :2] + bounds[:, 2:]).T / 2
    known = np.isfinite(x) & np.isfinite(y)
    x, y, crs = x[known], y[known], crs_text("", definition)
    if not len(x):
        return []
    is_small = (np.abs(x) <= 180).all() and (np.abs(y) <= 90).all()
    if is_small and max(np.ptp(x), np.ptp(y)) > 0:
        return [("degrees_perhaps", {"crs": crs})]
    box = definition.get("bbox")
    on_grid = ((x > 0) & (x < 700_000) & (y > 0) & (y < 1_300_000)).all()
    if not box or (crs == "EPSG:27700" and on_grid):
        return []
    import pyproj

    east, north = pyproj.Transformer.from_crs(
        pyproj.CRS.from_json_dict(definition), "EPSG:4326", always_xy=True
    ).transform(x, y)
    west, right = box["west_longitude"] - MARGIN, box["east_longitude"] + MARGIN
    south, top = box["south_latitude"] - MARGIN, box["north_latitude"] + MARGIN
    inside = (south < north) & (north < top)
    if west < right:  # else the region has the date line in it
        inside &= (west < east) & (east < right)
    outside = int((~inside).sum())
    if 2 * outside <= len(x):
        return []
    return [("elsewhere", {"crs": crs, "areas": outside, "all": len(x)})]


def called(codes: Any, row: int) -> str:
    """Return what to call an area in a sentence."""
    return codes[row] if codes else f"row {row + 1}"


def hold_against_itself(
    path: Path, layer: str, shapes: np.ndarray, codes: Any, name: str
) -> None:
    """Hold what was read against what the file states of itself."""
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        check_geopackage(path, layer, shapes, codes, name)
    elif suffix == ".shp":
        check_shapefile(path, len(shapes))
    elif suffix == ".fgb":
        import pyogrio

        refuse_other_count(pyogrio.read_info(path)["features"], len(shapes), "header")
    elif suffix == ".parquet":
        stated = pq.read_metadata(path).num_rows
        refuse_other_count(stated, len(shapes), "footer")


def refuse_other_count(stated: int | None, rows: int, where: str) -> None:
    """Refuse a file from which other than the stated number of rows was read."""
    if stated is not None and stated >= 0 and stated != rows:
        raise Broken("other_count", stated=stated, rows=rows, where=where)


def check_geopackage(
    path: Path, layer: str, shapes: np.ndarray, codes: Any, name: str
) -> None:
    """Hold a GeoPackage's rows against SQLite's check, its counts and its index."""
    import sqlite3

    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True) as file:
            found = file.execute("pragma integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise Broken("geometry_damaged", reason=found.split("\n")[-1])
            rows = file.execute(f"select count(*) from {quoted(layer)}").fetchone()[0]
            refuse_other_count(rows, len(shapes), "table")
            if has_table(file, "gpkg_ogr_contents"):
                stated = file.execute(
                    "select feature_count from gpkg_ogr_contents "
                    "where lower(table_name) = lower(?)",
                    [layer],
                ).fetchone()
                refuse_other_count(stated and stated[0], len(shapes), "contents")
            index = f"rtree_{layer}_{name}"
            if has_table(file, index):
                boxes = file.execute(
                    f"select minx, miny, maxx, maxy from {quoted(index)} order by id"
                ).fetchall()
                check_boxes(np.array(boxes).reshape(-1, 4), shapes, codes)
            else:
                check_extent(file, layer, shapes, codes)
    except sqlite3.Error as error:
        raise Broken("geometry_damaged", reason=str(error)) from error


def quoted(name: str) -> str:
    """Quote an identifier for SQLite."""
    return '"' + name.replace('"', '""') + '"'


def has_table(file: Any, name: str) -> bool:
    """Tell whether a SQLite file has a table."""
    return bool(
        file.execute(
            "select count(*) from sqlite_master where lower(name) = lower(?)", [name]
        ).fetchone()[0]
    )


def check_boxes(boxes: np.ndarray, shapes: np.ndarray, codes: Any) -> None:
    """Hold each geometry against its box in the spatial index, to a float's digits."""
    bounds = shapely.bounds(shapes)
    rows = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if len(rows) != len(boxes):
        raise Broken("other_count", stated=len(boxes), rows=len(rows), where="index")
    slack = 1e-6 * np.maximum(np.abs(boxes), 1)
    off = np.flatnonzero((np.abs(bounds[rows] - boxes) > slack).any(axis=1))
    if len(off):
        raise Broken("other_place", area=called(codes, rows[off[0]]), areas=len(off))


def check_extent(file: Any, layer: str, shapes: np.ndarray, codes: Any) -> None:
    """Hold the geometries against the extent that the file states for its layer."""
    extent = file.execute(
        "select min_x, min_y, max_x, max_y from gpkg_contents "
        "where lower(table_name) = lower(?)",
        [layer],
    ).fetchone()
    if not extent or None in extent:
        return
    west, south, east, north = extent
    slack = 0.01 * max(east - west, north - south, 1e-9)
    bounds = shapely.bounds(shapes)
    outside = np.flatnonzero(
        (bounds[:, 0] < west - slack)
        | (bounds[:, 1] < south - slack)
        | (bounds[:, 2] > east + slack)
        | (bounds[:, 3] > north + slack)
    )
    if len(outside):
        area = called(codes, outside[0])
        raise Broken("other_place", area=area, areas=len(outside))


def check_shapefile(path: Path, rows: int | None = None) -> None:
    """Hold a shapefile against its headers: lengths and, once read, counts."""
    data, index, table = (sibling(path, end) for end in (".shp", ".shx", ".dbf"))
    for file, end in ((index, ".shx"), (table, ".dbf")):
        if file is None:
            raise Broken("shapefile_part", part=path.with_suffix(end).name)
    for file in (data, index):
        stated = 2 * struct.unpack(">i", head(file, 28)[24:28])[0]
        if stated != file.stat().st_size:
            raise Broken(
                "shapefile_length",
                part=file.name,
                stated=stated,
                size=file.stat().st_size,
            )
    count, header, length = struct.unpack("<IHH", head(table, 12)[4:12])
    if rows is not None:
        refuse_other_count((index.stat().st_size - 100) // 8, rows, ".shx")
        refuse_other_count(count, rows, ".dbf")
    if table.stat().st_size < header + count * length:
        raise Broken(
            "shapefile_length",
            part=table.name,
            stated=header + count * length,
            size=table.stat().st_size,
        )


def head(path: Path, size: int) -> bytes:
    """Return a file's first bytes, filled up with zeros."""
    with path.open("rb") as opened:
        return opened.read(size).ljust(size, b"\0")


def sibling(path: Path, suffix: str) -> Path | None:
    """Return the file beside it with another ending, in small or capital letters."""
    places = [path.with_suffix(end) for end in (suffix, suffix.upper())]
    return next((place for place in places if place.exists()), None)


def plain(table: pa.Table) -> pa.Table:
    """Return a table whose columns are what they hold, such as text, not JSON."""
    columns = {
        field.name: pa.chunked_array(
            [getattr(chunk, "storage", chunk) for chunk in column.chunks]
        )
        if isinstance(field.type, pa.BaseExtensionType)
        else column
        for field, column in zip(table.schema, table.columns, strict=True)
    }
    return pa.table(columns)


def write(
    target: Path, table: pa.Table, name: str, shapes: np.ndarray, crs: dict[str, Any]
) -> str:
    """Write rows and geometry as GeoParquet; return the geometry's column."""
    attributes = plain(table.drop_columns([name]))
    taken = {column.lower() for column in attributes.column_names}
    column = "geom"
    while column.lower() in taken:
        column += "_"
    flat = shapely.force_2d(shapes)
    blobs = pa.array(shapely.to_wkb(flat), pa.binary())
    about = {"encoding": "WKB", "geometry_types": [], "crs": crs}
    geo = {
        "version": "1.1.0",
        "primary_column": column,
        "columns": {column: about},
    }
    whole = attributes.append_column(column, blobs)
    whole = whole.replace_schema_metadata({"geo": json.dumps(geo)})
    partial = target.with_suffix(".partial")
    pq.write_table(whole, partial, compression="none")
    partial.replace(target)
    return column


if __name__ == "__main__":
    main()
