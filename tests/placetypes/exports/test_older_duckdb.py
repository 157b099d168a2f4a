"""The published database for others: for older versions of DuckDB, and for Python."""

import shutil
import struct
from pathlib import Path

import geopandas as gpd
import pytest

import pipeline
from placetypes.database import connect_plain, connect_published, quoted_table
from placetypes.exports.older_duckdb import FILE
from placetypes.publishing import refuse_mixture

DOCUMENT = Path(__file__).parents[3] / "docs" / "publish.md"
OLDEST_STORAGE = 64  # what DuckDB 0.10 to 1.1 write: bytes 12 to 20 of a file


@pytest.fixture(scope="module")
def output(exported, tmp_path_factory):
    folder = tmp_path_factory.mktemp("older") / "outputs"
    shutil.copytree(exported, folder)
    assert pipeline.main(["export", "--older-duckdb", "--output", str(folder)]) == 0
    return folder


def storage_of(path):
    return struct.unpack("<Q", path.read_bytes()[12:20])[0]


def test_the_copy_has_the_oldest_storage_and_is_one_of_the_published_files(output):
    assert storage_of(output / FILE) == OLDEST_STORAGE
    assert storage_of(output / "placetypes.duckdb") > OLDEST_STORAGE
    refuse_mixture(output)


def test_the_copy_has_every_row_of_every_table(output):
    count = "select schema_name || '.' || table_name from duckdb_tables() order by 1"
    with connect_plain(output / FILE, read_only=True) as older:
        tables = [row[0] for row in older.sql(count).fetchall()]
        rows = [len(older.table(quoted_table(t)).fetchall()) for t in tables]
    with connect_published(output) as published:
        assert tables == [row[0] for row in published.sql(count).fetchall()]
        assert rows == [len(published.table(quoted_table(t))) for t in tables]


def test_the_copys_columns_tell_the_coordinate_system_that_its_storage_forgets(output):
    query = """
        select data_type, comment from duckdb_columns()
        where table_name = 'areas' and column_name = 'geometry'
    """
    with connect_plain(output / FILE, read_only=True) as older:
        assert older.sql(query).fetchall() == [("GEOMETRY", "EPSG:27700")]


def test_the_documents_lines_give_python_areas_with_names_and_a_coordinate_system(
    exported,
):
    lines = DOCUMENT.read_text().split("```python\n")[1].split("areas.explore")[0]
    names = {}
    exec(lines.replace("outputs/", f"{exported}/"), names)  # noqa: S102
    areas = names["areas"]
    assert isinstance(areas, gpd.GeoDataFrame)
    assert areas.crs.to_epsg() == 27700
    assert "=Quiet 1" in set(areas["supergroup_name"])
