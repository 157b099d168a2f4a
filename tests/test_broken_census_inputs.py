"""Each broken census input gives one sentence, exit code 1, and loses nothing."""

import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely.geometry import LineString, Polygon

import pipeline

CENSUS = "uk_census_data.parquet"
LOOKUP = "census_variable_lookup.csv"
PEOPLE = "oa_pop_data.csv"
AREAS = "OA_2021_22_Boundaries.gpkg"
DISTRICTS = "Local_Authority_Districts_small.gpkg"

REGION_VARIABLES = "census.region_variables"
WEST = ["--set", "region=West"]

Break = Callable[[Path], None]


@pytest.fixture(scope="module")
def former_output(small_city_files, tmp_path_factory) -> Path:
    """Publish what the files give while they are whole, once."""
    output = tmp_path_factory.mktemp("former") / "outputs"
    arguments = ["--input", str(small_city_files), "--output", str(output)]
    assert pipeline.main(["run", REGION_VARIABLES, *WEST, *arguments]) == 0
    return output


def census(change: Callable[[pd.DataFrame], pd.DataFrame | None]) -> Break:
    """Change the census table; the function may return another one."""

    def apply(folder: Path) -> None:
        frame = pd.read_parquet(folder / CENSUS).astype(object)
        changed = change(frame)
        (frame if changed is None else changed).to_parquet(folder / CENSUS)

    return apply


def census_value(value: float) -> Break:
    """Put a value into area E05's v03, as a float that Parquet keeps as it is."""

    def apply(folder: Path) -> None:
        table = pq.read_table(folder / CENSUS)
        values = table["v03"].to_pylist()
        values[5] = value
        place = table.column_names.index("v03")
        # pandas would write a NaN as a null.
        column = pa.array(values, pa.float64(), from_pandas=False)
        pq.write_table(table.set_column(place, "v03", column), folder / CENSUS)

    return apply


def text(file: str, change: Callable[[str], str], encoding: str = "utf-8") -> Break:
    """Change a text file."""

    def apply(folder: Path) -> None:
        content = (folder / file).read_text("utf-8")
        (folder / file).write_text(change(content), encoding)

    return apply


def boundaries(change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Break:
    """Change the areas' GeoPackage."""

    def apply(folder: Path) -> None:
        frame = gpd.read_file(folder / AREAS)
        (folder / AREAS).unlink()
        change(frame).to_file(folder / AREAS)

    return apply


def content(file: str, data: bytes) -> Break:
    """Give a file other bytes."""
    return lambda folder: (folder / file).write_bytes(data) and None


def half(file: str) -> Break:
    """Cut a file in half, as a broken download does."""

    def apply(folder: Path) -> None:
        data = (folder / file).read_bytes()
        (folder / file).write_bytes(data[: len(data) // 2])

    return apply


def missing(file: str) -> Break:
    """Delete a file."""
    return lambda folder: (folder / file).unlink()


def archive(name: str, member: str) -> Break:
    """Add a zip with one member of that name."""

    def apply(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "w") as opened:
            opened.writestr(member, "OA,uk001001\nE00,1\n")

    return apply


def first_geometry(shape: object) -> Break:
    """Give area E00 another geometry."""

    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = list(frame.geometry)
        shapes[0] = shape
        return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))

    return boundaries(change)


def set_cell(frame: pd.DataFrame, value: object) -> None:
    """Put a value into area E05's v03."""
    frame.loc["E05", "v03"] = value


def two_layers(folder: Path) -> None:
    """Add a second layer with the same columns."""
    frame = gpd.read_file(folder / AREAS)
    frame.to_file(folder / AREAS, layer="another")


def two_district_files(folder: Path) -> None:
    """Leave two files that fit the districts' pattern."""
    (folder / "Local_Authority_Districts_copy.gpkg").write_bytes(
        (folder / DISTRICTS).read_bytes()
    )


def without_its_table(folder: Path) -> None:
    """Drop the layer's table, so that the file names a layer that isn't there."""
    with sqlite3.connect(folder / AREAS) as database:
        database.execute("drop table OA_2021_22_Boundaries")


def nearly_whole(folder: Path) -> None:
    """Cut the last tenth off the boundaries."""
    data = (folder / AREAS).read_bytes()
    (folder / AREAS).write_bytes(data[: len(data) * 9 // 10])


LINE = LineString([(0, 0), (1, 1)])

CASES: dict[str, tuple[Break, list[str]]] = {
    # files
    "no census file": (missing(CENSUS), [CENSUS, "is missing"]),
    "no lookup": (missing(LOOKUP), [LOOKUP, "is missing"]),
    "no population": (missing(PEOPLE), [PEOPLE, "is missing"]),
    "no boundaries": (missing(AREAS), [AREAS, "is missing"]),
    "no districts": (missing(DISTRICTS), ["Local_Authority_Districts", "is missing"]),
    "two district files": (two_district_files, ["2 files fit", "leave one"]),
    "empty parquet": (content(CENSUS, b""), [CENSUS, "0 bytes"]),
    "empty csv": (content(PEOPLE, b""), [PEOPLE, "0 bytes"]),
    "empty gpkg": (content(AREAS, b""), [AREAS, "0 bytes"]),
    "half a parquet": (half(CENSUS), [CENSUS, "can't be read"]),
    "half a gpkg": (half(AREAS), [AREAS, "can't be read"]),
    "a gpkg that is text": (content(AREAS, b"<html>404</html>"), [AREAS, "can't be"]),
    "a parquet that is CSV": (
        content(CENSUS, b"OA,v01\nE00,1\n"),
        [CENSUS, "can't be"],
    ),
    "a csv that is a picture": (
        content(PEOPLE, b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe" * 9),
        [PEOPLE],
    ),
    "a csv in another encoding": (
        text(LOOKUP, lambda t: t.replace("Variable v01", "Café"), "latin-1"),
        [LOOKUP, "UTF-8"],
    ),
    "a csv with ragged rows": (
        text(PEOPLE, lambda t: t.replace("E07,100", "E07,1,100")),
        [PEOPLE],
    ),
    "a zip that leads outside": (
        archive("input_data.zip", "../oa_pop_data.csv"),
        ["input_data.zip", "outside", "nothing was unpacked"],
    ),
    "a zip with an absolute path": (
        archive("input_data_2.zip", "/tmp/oa_pop_data.csv"),  # noqa: S108
        ["input_data_2.zip", "outside"],
    ),
    "a broken zip": (content("input_data.zip", b"PK\x03\x04"), ["input_data.zip"]),
    # columns
    "no OA column": (census(lambda f: f.rename_axis("code")), [CENSUS, "column OA"]),
    "no variables": (census(lambda f: f[[]]), [CENSUS, "nothing but OA"]),
    "no rows": (census(lambda f: f.astype(float).iloc[:0]), [CENSUS, "no rows"]),
    "no population column": (
        text(PEOPLE, lambda t: t.replace("uk001001", "uk00101")),
        [PEOPLE, "no column uk001001", "Did you mean uk00101"],
    ),
    "no domain column": (
        text(LOOKUP, lambda t: t.replace("Domain", "Topic")),
        [LOOKUP, "no column Domain"],
    ),
    "no area column": (
        boundaries(lambda f: f.rename(columns={"OA": "OA11CD"})),
        [AREAS, "no column OA"],
    ),
    # codes
    "a doubled census area": (
        census(lambda f: pd.concat([f, f.iloc[[7]]]).astype(float)),
        [CENSUS, "OA E07", "2 rows"],
    ),
    "a doubled boundary": (
        boundaries(lambda f: pd.concat([f, f.iloc[[7]]])),
        [AREAS, "OA E07", "2 rows"],
    ),
    "a doubled variable": (
        text(LOOKUP, lambda t: t + "v01,Again,People\n"),
        [LOOKUP, "No. v01", "2 rows"],
    ),
    "a missing code": (
        text(PEOPLE, lambda t: t.replace("E07,", ",")),
        [PEOPLE, "column OA has no code"],
    ),
    "a code with a blank": (
        text(PEOPLE, lambda t: t.replace("E07,", "E07 ,")),
        [PEOPLE, "column OA", "blanks"],
    ),
    "a code with a non-breaking space": (
        text(PEOPLE, lambda t: t.replace("E07,", "E07\u00a0,")),
        [PEOPLE, "column OA", "blanks"],
    ),
    "codes of another census": (
        census(lambda f: f.astype(float).set_index("X" + f.index).rename_axis("OA")),
        ["same area codes"],
    ),
    # values
    "a NaN": (census_value(float("nan")), [CENSUS, "v03", "NaN", "E05"]),
    "a missing value": (
        census(lambda f: set_cell(f, None)),
        [CENSUS, "v03", "no value", "E05", "missing_values=leave_out"],
    ),
    "an infinity": (census_value(float("inf")), [CENSUS, "v03", "infinity", "E05"]),
    "a negative value": (census_value(-1.0), [CENSUS, "v03", "negative", "-1", "E05"]),
    "an impossible value": (census_value(1e300), [CENSUS, "v03", "impossible", "E05"]),
    "a column of text": (
        census(lambda f: f.assign(v03="many")),
        [CENSUS, "v03", '"many"', "E00", "63 more"],
    ),
    "a population of text": (
        text(PEOPLE, lambda t: t.replace("E07,100", "E07,n/a")),
        [PEOPLE, "uk001001", '"n/a"', "E07"],
    ),
    "a negative population": (
        text(PEOPLE, lambda t: t.replace("E07,100", "E07,-5")),
        [PEOPLE, "uk001001", "negative", "E07"],
    ),
    # geometry
    "no coordinate system": (
        boundaries(lambda f: f.set_crs(None, allow_override=True)),
        [AREAS, "no coordinate system"],
    ),
    "a layer that is not there": (without_its_table, [AREAS]),
    "nine tenths of a gpkg": (nearly_whole, [AREAS]),
    "lines for areas": (first_geometry(LINE), [AREAS, "E00", "LineString"]),
    "two layers": (two_layers, [AREAS, "2 layers"]),
    "a table without geometry": (
        boundaries(lambda f: pd.DataFrame(f.drop(columns="geometry"))),
        [AREAS],
    ),
    # regions
    "a region of unknown districts": (
        text("regions.csv", lambda t: t.replace("West,W1", "West,W9")),
        ["No area belongs to the region", "West"],
    ),
    "no regions": (
        content("regions.csv", b"region,district\n"),
        ["regions.csv", "no rows"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_broken_input_ends_in_a_sentence(
    name, small_city, former_output, tmp_path, command
):
    break_it, expected = CASES[name]
    output = Path(shutil.copytree(former_output, tmp_path / "outputs"))
    before = (output / "placetypes.duckdb").read_bytes()

    if name == "a table without geometry":
        write_plain_table(small_city / AREAS)
    else:
        break_it(small_city)
    selectors = ["census"] if expected[0] in (LOOKUP, PEOPLE) else [REGION_VARIABLES]
    arguments = [*WEST, "--input", small_city, "--output", output]
    outcome = command("run", *selectors, *arguments)

    assert outcome.code == 1
    sentence = outcome.err.strip().splitlines()[-1]
    assert sentence.startswith("error: ")
    assert "Traceback" not in outcome.err
    for fragment in expected:
        assert fragment in sentence
    assert (output / "placetypes.duckdb").read_bytes() == before


def write_plain_table(path: Path) -> None:
    """Replace a GeoPackage with one that holds a table and no geometry."""
    import pyogrio

    path.unlink()
    pyogrio.write_dataframe(pd.DataFrame({"OA": ["E00"]}), path, driver="GPKG")


def test_an_area_without_a_value_is_left_out_by_name_when_asked(
    small_city, tmp_path, command
):
    census(lambda frame: set_cell(frame, None))(small_city)
    arguments = ["--set", "region=West", "--input", small_city, "--output", tmp_path]
    outcome = command(
        "run", "census.left_out", *arguments, "--set", "missing_values=leave_out"
    )
    assert outcome.code == 0
    rows = command("show", "census.left_out", "--csv", "--output", tmp_path).out
    assert rows == "area,reason\nE05,a variable has no value\n"


def test_an_invalid_polygon_is_repaired_and_counted(small_city, tmp_path, command):
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    first_geometry(bow_tie)(small_city)
    arguments = ["--set", "region=West", "--input", small_city, "--output", tmp_path]
    assert command("run", "census.areas", *arguments).code == 0
    query = "select area, st_area(geometry) as m2 from census.areas where was_repaired"
    assert command("sql", query, "--csv", "--output", tmp_path).out == (
        "area,m2\nE00,0.5\n"
    )


def test_boundaries_in_another_coordinate_system_are_brought_together(
    small_city, tmp_path, command
):
    path = small_city / DISTRICTS
    # Away from (0, 0), where the British grid can't be turned into degrees.
    moved = gpd.read_file(small_city / AREAS).translate(400_000, 400_000)
    areas = gpd.read_file(small_city / AREAS).set_geometry(moved)
    areas.set_crs(27700, allow_override=True).to_file(small_city / AREAS)
    districts = gpd.read_file(path)
    districts = districts.set_geometry(districts.translate(400_000, 400_000))
    path.unlink()
    districts.to_crs(4326).to_file(path)
    arguments = ["--set", "region=West", "--set", "region_rule=interior"]
    arguments += ["--input", small_city, "--output", tmp_path]
    assert command("run", "census.region_areas", *arguments).code == 0
    count = command(
        "sql",
        "select count(*) n from census.region_areas",
        "--csv",
        "--output",
        tmp_path,
    ).out
    assert count == "n\n32\n"


def test_a_zip_is_unpacked_by_itself(small_city, tmp_path, command):
    with zipfile.ZipFile(small_city / "input_data_workshop.zip", "w") as opened:
        for file in (CENSUS, PEOPLE):
            opened.write(small_city / file, f"input_data/{file}")
            (small_city / file).unlink()
    outcome = command(
        "run",
        "census.region_variables",
        "--set",
        "region=West",
        "--input",
        small_city,
        "--output",
        tmp_path,
    )
    assert outcome.code == 0
    assert "input_data_workshop.zip: unpacked" in outcome.err
    assert (small_city / CENSUS).exists()
