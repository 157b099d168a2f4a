"""People's own files: formats, sheets, columns by any name, sentences for the rest."""

import duckdb
import pandas as pd
import pytest

from models_py.readers.files import open_file, read_class_table, read_classes
from models_py.readers.postcodes import choose_columns, read_directory
from models_py.readers.records import RecordColumns, read_records

ROWS = pd.DataFrame({"Code": ["007", "010"], "Post Code": ["L1 8JQ", "l19zz"]})
ANYWHERE = RecordColumns(postcode="Post Code")


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_every_format_gives_the_same_texts(connection, tmp_path, suffix):
    path = tmp_path / f"customers{suffix}"
    {".csv": ROWS.to_csv, ".xlsx": ROWS.to_excel, ".parquet": ROWS.to_parquet}[suffix](
        path, index=False
    )
    assert open_file(connection, path).fetchall() == list(
        ROWS.itertuples(index=False, name=None)
    )


def test_a_file_without_names_has_its_columns_by_number(connection, tmp_path):
    path = tmp_path / "practices.csv"
    path.write_text('"A81001","TS18 1HU","A"\n"A81002","TS18 2AW","C"\n')
    found = read_records(
        connection, path, RecordColumns(postcode="2"), header=False, only=["3=A"]
    )
    assert found["postcode"].to_pylist() == ["TS18 1HU"]


def test_an_excel_file_with_two_sheets_wants_one_named(connection, tmp_path):
    path = tmp_path / "two.xlsx"
    with pd.ExcelWriter(path) as book:
        ROWS.to_excel(book, sheet_name="May", index=False)
        ROWS[:1].to_excel(book, sheet_name="June", index=False)
    with pytest.raises(ValueError, match=r"2 sheets \(May, June\): name the one"):
        open_file(connection, path)
    assert len(open_file(connection, path, sheet="June").fetchall()) == 1
    with pytest.raises(ValueError, match=r"no sheet Juni. Did you mean June"):
        open_file(connection, path, sheet="Juni")


def test_an_unknown_column_is_named_with_the_nearest(connection, tmp_path):
    path = tmp_path / "customers.csv"
    ROWS.to_csv(path, index=False)
    with pytest.raises(ValueError, match=r"no column Postcode.*Did you mean Post Code"):
        read_records(connection, path, RecordColumns(postcode="Postcode"))


@pytest.mark.parametrize("weight", ["-1", "many", "", "inf"])
def test_a_weight_that_is_no_number_of_0_or_more_is_refused(
    connection, tmp_path, weight
):
    path = tmp_path / "customers.csv"
    path.write_text(f'Post Code,spent\nL1 8JQ,2\nL1 9ZZ,"{weight}"\n')
    with pytest.raises(ValueError, match=r"record 2 weighs .* a number of 0 or more"):
        read_records(connection, path, ANYWHERE._replace(weight="spent"))


def test_swapped_latitude_and_longitude_are_noticed(connection, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("lat,lon\n53.4,-2.98\n51.5,-0.1\n")
    swapped = RecordColumns(x="lat", y="lon")
    with pytest.raises(ValueError, match="latitude and longitude are swapped"):
        read_records(connection, path, swapped, coordinates="EPSG:4326")
    right = RecordColumns(x="lon", y="lat")
    found = read_records(connection, path, right, coordinates="EPSG:4326")
    # Lime Street, on the British National Grid.
    assert found["x"].to_pylist()[0] == pytest.approx(334_900, abs=1_000)
    assert found["y"].to_pylist()[0] == pytest.approx(390_000, abs=1_500)


def test_a_cell_never_becomes_sql(connection, tmp_path):
    path = tmp_path / "evil.csv"
    path.write_text('"Post"" Code\'",x\n"\'); drop table t; --",1\n')
    columns = RecordColumns(postcode="Post\" Code'")
    found = read_records(connection, path, columns, only=["x=1"])
    assert found["postcode"].to_pylist() == ["'); drop table t; --"]


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("pcd,pcd2,pcds,oa11,oa21,doterm,oseast1m", ("pcds", "oa21")),
        ("PCD7,PCD8,OA21CD,LAD25CD,DOTERM", ("PCD8", "OA21CD")),
        ("pcd7,oa11cd", ("pcd7", "oa11cd")),
        ("pcd,laua,oseast1m,osnrth1m", ("pcd", None)),
    ],
)
def test_columns_of_each_generation_of_directories_are_found(header, chosen):
    found = choose_columns(header.split(","))
    assert (found["postcode"], found.get("area")) == chosen


def test_a_directory_gives_areas_and_usable_grid_references(connection, tmp_path):
    path = tmp_path / "ONSPD_NOV_2025.csv"
    path.write_text(
        "pcds,oa21cd,lad25cd,doterm,east1m,north1m,gridind\n"
        "L1 8JQ,E1,W1,,334000,390000,1\n"
        "L1 9ZZ,E2,W1,201001,334000,390000,9\n"
        "L1 1AA,,W1,,,,\n"
    )
    rows, chosen = read_directory(connection, path)
    assert rows.fetchall() == [
        ("L18JQ", "E1", "W1", False, 334000.0, 390000.0),
        ("L19ZZ", "E2", "W1", True, None, None),
        ("L11AA", None, "W1", False, None, None),
    ]
    assert chosen["district"] == "lad25cd"


def test_a_directory_without_postcodes_shows_its_header(connection, tmp_path):
    path = tmp_path / "directory.csv"
    path.write_text("street,town\nDuke Street,Liverpool\n")
    with pytest.raises(ValueError, match="its columns are street, town"):
        read_directory(connection, path)


def test_columns_of_classes_are_found_by_their_names(connection, tmp_path):
    path = tmp_path / "classification.csv"
    path.write_text(
        "area,district,supergroup,supergroup_name,subgroup,deepest_cluster,"
        "next_supergroup,fit\nE1,W1,A,Terraces,A2,A2,B,0.5\n"
    )
    assert read_classes(connection, path).fetchall() == [
        ("E1", 1, "supergroup", "A", "Terraces"),
        ("E1", 2, "subgroup", "A2", None),
    ]
    table = read_class_table(connection, path)
    assert table.columns == ["area", "supergroup", "supergroup_name", "subgroup", "fit"]


def test_an_area_with_two_rows_of_classes_is_refused(connection, tmp_path):
    path = tmp_path / "classes.csv"
    path.write_text("OA,supergroup\nE1,A\nE1,B\n")
    with pytest.raises(ValueError, match="two rows for the area E1"):
        read_classes(connection, path)
