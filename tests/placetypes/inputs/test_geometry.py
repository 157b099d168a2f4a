"""Kind C and damage: geometry that isn't whole, lies nowhere, or ends its reader."""

import json
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from placetypes.database import connect
from placetypes.errors import PlacetypesError
from placetypes.inputs import find, geometry
from placetypes.inputs.check import check_files
from placetypes.inputs.find import content_path, hash_file

PAGE = 4096


@pytest.fixture
def areas(check, squares, tmp_path):
    """Give a function that writes boundaries, breaks them, and checks them."""

    def run(break_it=None, name="areas.gpkg", **layout):
        path = tmp_path / name
        squares.to_file(path, **layout)
        if break_it:
            break_it(path)
        return path, check("census", "areas_file", path)

    return run


def as_geojson(squares, path, crs="left out"):
    """Write GeoJSON in longitude and latitude with some `crs` member."""
    document = json.loads(squares.to_crs(4326).to_json(drop_id=True))
    document.pop("crs", None)
    if crs != "left out":
        document["crs"] = crs
    path.write_text(json.dumps(document))
    return path


def put_blob(path, blob, kind="GEOMETRY"):
    """Put well-known binary into the first row of a GeoPackage, as it stands."""
    with sqlite3.connect(path) as file:
        for (name,) in file.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            file.execute(f'drop trigger "{name}"')
        file.execute("drop table rtree_areas_geom")
        file.execute("delete from gpkg_extensions")
        header = b"GP\0\1" + struct.pack("<i", 27700)
        file.execute("update areas set geom = ? where fid = 1", [header + blob])
        file.execute("update gpkg_geometry_columns set geometry_type_name = ?", [kind])


def test_every_area_of_a_whole_file_is_read(areas, content, squares):
    path, told = areas()
    found = content(path)
    assert told == []
    assert found["type"].unique().tolist() == ["GEOMETRY('EPSG:27700')"]
    assert shapely.equals(
        shapely.from_wkt(found["shape"]), squares.geometry.to_numpy()
    ).all()


def test_no_zeroed_page_of_a_geopackage_goes_unnoticed(areas, check, content, tmp_path):
    path, _ = areas()
    whole, data = content(path), path.read_bytes()
    broken = tmp_path / "broken" / path.name
    broken.parent.mkdir()
    pages = np.random.default_rng(3).permutation(len(data) // PAGE)[:6]
    for page in pages.tolist():
        zeroed = bytearray(data)
        zeroed[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        broken.write_bytes(zeroed)
        try:
            check("census", "areas_file", broken)
        except PlacetypesError as error:
            assert path.name in str(error)
        else:
            assert content(broken).equals(whole)


def delete_row(path):
    """Delete an area behind the back of the counts."""
    with sqlite3.connect(path) as file:
        for (name,) in file.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            file.execute(f'drop trigger "{name}"')
        file.execute("delete from areas where fid = 7")


def move_area(path):
    """Zero the coordinates of an area, as a zeroed last page of a large one does."""
    put_blob(path, box(0, 0, 100, 100).wkb)


def cut(part, size):
    """Cut bytes off a part of a shapefile."""

    def apply(path):
        file = path.with_suffix(part)
        file.write_bytes(file.read_bytes()[:-size])

    return apply


def gone(part):
    """Delete a part of a shapefile."""
    return lambda path: path.with_suffix(part).unlink()


DAMAGED = {
    "fewer rows than stated": ("areas.gpkg", delete_row, "states .* were read"),
    "an area elsewhere": ("areas.gpkg", move_area, "E000 lies outside"),
    "a shapefile cut": ("areas.shp", cut(".shp", 300), "areas.shp should have"),
    "a shapefile's index cut": ("areas.shp", cut(".shx", 16), "areas.shx|states 60"),
    "a shapefile's table cut": ("areas.shp", cut(".dbf", 200), "areas.dbf|states 60"),
    "no index": ("areas.shp", gone(".shx"), "comes without areas.shx"),
    "no table": ("areas.shp", gone(".dbf"), "comes without areas.dbf"),
    "half a FlatGeobuf": ("areas.fgb", cut(".fgb", 3000), "areas.fgb"),
    "open edits": (
        "areas.gpkg",
        lambda p: p.with_name("areas.gpkg-wal").write_bytes(b"x" * 99),
        "latest edits wait in areas.gpkg-wal",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_is_not_whole_is_refused(name, areas):
    file, break_it, words = DAMAGED[name]
    with pytest.raises(PlacetypesError, match=words):
        areas(break_it, file)


def nested(depth):
    """Return collections within collections, as well-known binary."""
    return struct.pack("<BII", 1, 7, 1) * depth + Point(0, 0).wkb


@pytest.mark.parametrize("depth", [30, 1_000_000])
def test_a_blob_nested_without_end_is_refused_and_the_run_lives(areas, depth):
    with pytest.raises(PlacetypesError, match=r"deep|damaged|ended by itself"):
        areas(lambda path: put_blob(path, nested(depth)))


def test_an_endless_view_is_refused_in_time(areas, monkeypatch):
    monkeypatch.setattr(geometry, "SECONDS", 2)

    def add_view(path):
        with sqlite3.connect(path) as file:
            file.execute("alter table areas rename to kept")
            file.execute(
                "create view areas as with recursive n(i) as (select 1 union all "
                "select i + 1 from n) select n.i as fid, kept.OA, kept.geom "
                "from n cross join kept"
            )

    with pytest.raises(PlacetypesError, match=r"not read within|more memory|damaged"):
        areas(add_view)


def test_curves_are_read_as_lines(areas, content):
    ring = [(4000, 0), (4001, 1), (4002, 0), (4001, -1), (4000, 0)]
    circle = struct.pack("<BII", 1, 8, 5)
    circle += b"".join(struct.pack("<dd", x, y + 5000) for x, y in ring)
    disc = struct.pack("<BII", 1, 10, 1) + circle

    def with_curve(path):
        put_blob(path, disc, "CURVEPOLYGON")
        with sqlite3.connect(path) as file:
            file.execute("update gpkg_contents set min_x = 0, min_y = 0")

    path, told = areas(with_curve)
    assert told == ["The curves of areas.gpkg are read as the lines that follow them."]
    shapes = shapely.from_wkt(content(path)["shape"])
    assert shapely.area(shapes[0]) == pytest.approx(np.pi, rel=0.01)


def third(squares, shape):
    """Give the third area another geometry."""
    shapes = list(squares.geometry)
    shapes[2] = shape
    return squares.set_geometry(gpd.GeoSeries(shapes, crs=squares.crs))


REFUSED = {
    "a line": (LineString([(0, 0), (1, 1)]), "E002 is a LineString, not a polygon"),
    "a point": (Point(1, 1), "E002 is a Point"),
    "NaN": (Polygon([(0, 0), (np.nan, 1), (1, 1)]), "E002 has coordinates that are"),
    "infinity": (Polygon([(0, 0), (np.inf, 1), (1, 1)]), "E002 has coord|damaged"),
}  # fmt: skip

TAKEN = {
    "heights": Polygon([(4200, 5000, 1), (4300, 5000, 2), (4300, 5100, 3)]),
    "many": MultiPolygon([box(4200, 5000, 4300, 5100)]),
    "nothing": None,
    "an empty one": Polygon(),
    "no ground": Polygon([(4200, 5000), (4300, 5000), (4200, 5000)]),
    "a line among polygons": shapely.GeometryCollection(
        [box(4200, 5000, 4300, 5100), LineString([(4200, 5000), (4300, 5100)])]
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_geometry_that_covers_nothing_known_is_refused(name, check, squares, tmp_path):
    shape, words = REFUSED[name]
    third(squares, shape).to_file(tmp_path / "areas.gpkg")
    with pytest.raises(PlacetypesError, match=words):
        check("census", "areas_file", tmp_path / "areas.gpkg")


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.filterwarnings("error")
def test_geometry_of_every_dimension_is_read(name, check, squares, content, tmp_path):
    path = tmp_path / "areas.gpkg"
    third(squares, TAKEN[name]).to_file(path)
    assert check("census", "areas_file", path) == []
    found = content(path)["shape"]
    assert len(found) == 60
    assert not shapely.has_z(shapely.from_wkt(found.dropna())).any()


@pytest.mark.parametrize("kind", ["M", "ZM"])
def test_measures_are_left_aside(kind, areas, content):
    numbers = "4000 5000 1" + " 1" * (len(kind) - 1)
    ring = ", ".join(
        [
            numbers,
            *(f"4100 {y} 1{' 1' * (len(kind) - 1)}" for y in (5000, 5100)),
            numbers,
        ]
    )
    shape = shapely.from_wkt(f"POLYGON {kind} (({ring}))")
    blob = shapely.to_wkb(shape, flavor="iso")
    path, told = areas(lambda path: put_blob(path, blob))
    assert told == []
    assert content(path)["shape"][0].startswith("POLYGON ((4000 5000, 4100 5000")


GARBAGE = [None, {}, {"type": "name"}, {"type": "name", "properties": {"name": "x"}}]


@pytest.mark.parametrize("crs", GARBAGE, ids=json.dumps)
def test_garbage_in_the_crs_of_geojson_is_refused(crs, check, squares, tmp_path):
    path = as_geojson(squares, tmp_path / "areas.geojson", crs)
    with pytest.raises(PlacetypesError, match=r"its coordinate system .* is unknown"):
        check("census", "areas_file", path)


def test_geojson_in_metres_without_a_crs_is_refused(check, squares, tmp_path):
    path = tmp_path / "areas.geojson"
    plain = squares.set_crs(4326, allow_override=True)
    as_geojson(plain, path)
    with pytest.raises(PlacetypesError, match="beyond ±180 and ±90"):
        check("census", "areas_file", path)


def swapped(squares, east, north):
    """Move the squares to a place in degrees, then write latitude first."""
    degrees = squares.to_crs(4326)
    west, south, *_ = degrees.total_bounds
    moved = degrees.geometry.translate(east - west, north - south)
    turned = shapely.transform(moved.values, lambda points: points[:, ::-1])
    return degrees.set_geometry(turned, crs=4326)


def test_latitude_before_longitude_is_called_that(check, squares, tmp_path):
    kansas, britain = tmp_path / "kansas.gpkg", tmp_path / "britain.gpkg"
    swapped(squares, -98, 38).to_file(kansas)
    with pytest.raises(PlacetypesError, match="latitude and longitude are swapped"):
        check("census", "areas_file", kansas)
    swapped(squares, -2, 53).to_file(britain)
    (told,) = check("census", "areas_file", britain)
    assert "where Britain would with latitude and longitude swapped" in told


def test_geojson_without_a_crs_is_told(check, squares, tmp_path):
    path = as_geojson(squares, tmp_path / "areas.geojson")
    (told,) = check("census", "areas_file", path)
    assert "read as longitude and latitude" in told


SYSTEMS = {
    "OGC:CRS84": "OGC:CRS84",
    "ESRI:102013": "ESRI:102013",
    "custom": "+proj=laea +lat_0=52 +lon_0=-2 +ellps=GRS80 +units=m +type=crs",
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_any_coordinate_system_that_has_a_place_is_read(
    name, check, squares, content, tmp_path, connection
):
    path = tmp_path / "areas.gpkg"
    moved = squares.translate(396_000, 295_000)
    squares.set_geometry(moved).to_crs(SYSTEMS[name]).to_file(path)
    told = check("census", "areas_file", path)
    assert all("datum" in sentence for sentence in told)
    kind = content(path)["type"][0]
    place = str(content_path(path, hash_file(path)))
    back = connection.execute(
        f"select st_x(st_centroid(st_transform(geom, 'EPSG:27700'))) "
        f"from read_parquet('{place}') limit 1"
    ).fetchone()[0]
    assert kind != "GEOMETRY"
    assert back == pytest.approx(moved.centroid.x[0], abs=300)


def test_a_crash_of_the_reader_is_a_sentence(areas, monkeypatch, tmp_path):
    crashing = tmp_path / "crash.py"
    crashing.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(geometry, "READER", crashing)
    with pytest.raises(PlacetypesError, match=r"ended by itself .signal 11"):
        areas()


def test_the_reader_imports_nothing_of_the_project():
    code = "import runpy, sys; "
    code += f"runpy.run_path({str(geometry.READER)!r}); "
    code += "print([name for name in sys.modules if name.startswith('placetypes')])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_zipped_shapefile_is_read(check, squares, content, tmp_path):
    squares.to_file(tmp_path / "areas.shp")
    folder = tmp_path / "zipped"
    folder.mkdir()
    for part in tmp_path.glob("areas.*"):
        part.rename(folder / part.name)
    path = shutil.make_archive(str(tmp_path / "areas.shp"), "zip", folder)
    path = tmp_path / "areas.shp.zip"
    assert check("census", "areas_file", path) == []
    assert len(content(path)) == 60


def test_geoparquet_is_read(check, squares, content, tmp_path):
    path = tmp_path / "areas.parquet"
    squares.to_parquet(path)
    assert check("census", "areas_file", path) == []
    assert content(path)["type"].unique().tolist() == ["GEOMETRY('EPSG:27700')"]


def test_a_table_without_geometry_is_no_geoparquet(check, squares, tmp_path):
    path = tmp_path / "areas.parquet"
    squares[["OA"]].to_parquet(path)
    with pytest.raises(PlacetypesError, match="can't be read as GeoParquet"):
        check("census", "areas_file", path)


@pytest.mark.parametrize("name", ["geom", "fid", 'a "b"', "$1", "area", "geometry_"])
def test_columns_may_be_called_anything(name, check, squares, content, tmp_path):
    path = tmp_path / "areas.geojson"
    squares.to_crs(4326).assign(**{name: 1}).to_file(path, driver="GeoJSON")
    check("census", "areas_file", path)


def test_latin_1_in_a_shapefile_that_claims_utf_8_is_refused(check, squares, tmp_path):
    path = tmp_path / "areas.shp"
    squares.assign(name="Ynys Môn").to_file(path, encoding="ISO-8859-1")
    assert check("census", "areas_file", path) == []
    path.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(PlacetypesError, match=r"encoding|damaged"):
        check("census", "areas_file", path)


@pytest.mark.parametrize(
    ("written", "stated", "words"),
    [
        (32630, 5070, "lie outside the region that its coordinate system (EPSG:5070)"),
        (3035, 27700, "lie outside the region that its coordinate system (EPSG:27700)"),
        (
            4326,
            27700,
            "but its coordinate system (EPSG:27700) doesn't count in degrees",
        ),
        (3035, 3035, ""),
        (32630, 32630, ""),
    ],
)
def test_areas_far_from_where_their_system_is_made_for_are_told(
    written, stated, words, check, squares, tmp_path
):
    british = squares.translate(400_000, 400_000).set_crs(27700, allow_override=True)
    shapes = british.to_crs(written).set_crs(stated, allow_override=True)
    path = tmp_path / "areas.gpkg"
    squares.set_geometry(shapes).to_file(path)
    told = check("census", "areas_file", path)
    assert (words in told[0]) if words else (told == []), told


def test_files_that_are_read_at_once_wait_in_one_folder(
    jobs, squares, tmp_path, monkeypatch
):
    made = []

    def slowly(prefix):
        time.sleep(0.2)
        made.append(tempfile.mkdtemp(prefix=prefix, dir=tmp_path))
        return made[-1]

    monkeypatch.setattr(find, "tempfile", SimpleNamespace(mkdtemp=slowly))
    find.absent_folder.cache_clear()
    entry = jobs["census"].inputs["areas_file"]
    files = {}
    for name in ("one", "two"):
        path = tmp_path / f"{name}.gpkg"
        squares.to_file(path)
        files[name] = find.InputFile(name, path, hash_file(path), {}, "")
    with connect() as database:
        check_files(database, files, dict.fromkeys(files, entry), {})
    assert len(made) == 1
    assert all(content_path(f.path, f.sha256).exists() for f in files.values())
    find.absent_folder.cache_clear()
