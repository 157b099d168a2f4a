"""The national job as a user runs it, from downloaded files to census data and maps."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import REAL

TRAFFORD = REAL / "trafford" / "input_data"
MAKER = REAL / "national" / "make_bulk_files.py"
# In v42's place the file has the plain share of the disabled.
ILLNESS = (
    "v42,Disabled,Other,,England and Wales,ts038,Disabled under the Equality Act,"
    "Total: All usual residents,usual residents,share,Census 2021,\n"
)


@pytest.fixture(scope="session")
def trafford_zips(tmp_path_factory) -> Path:
    """Write Trafford's topic tables as Nomis' zips, once, or skip without the data."""
    if not MAKER.exists():
        pytest.skip("the national tables are not there (shared/data beside the clone)")
    folder = tmp_path_factory.mktemp("trafford")
    codes = folder / "codes.txt"
    areas = pd.read_csv(TRAFFORD / "oa_pop_data.csv")["OA"]
    codes.write_text("\n".join(areas) + "\n", "utf-8")
    arguments = [sys.executable, str(MAKER), str(folder), "--areas", str(codes)]
    subprocess.run(arguments, check=True)
    codes.unlink()
    return folder


@pytest.fixture
def downloads(trafford_zips, tmp_path) -> Path:
    """Give a fresh copy of Trafford's zips."""
    return Path(shutil.copytree(trafford_zips, tmp_path / "downloads"))


@pytest.fixture
def run_national(command, downloads, tmp_path):
    """Give a function that runs the job and returns what it said and wrote."""

    def run(*jobs, **values):
        output = tmp_path / "outputs"
        settings = [part for n, v in values.items() for part in ("--set", f"{n}={v}")]
        outcome = command(
            "run",
            *(jobs or ["national"]),
            *("--input", downloads, "--output", output, *settings),
        )
        return outcome, output / "national"

    return run


def rewrite(downloads: Path, table: str, change) -> None:
    """Change the text of a table's CSV in its zip."""
    path, member = downloads / f"census2021-{table}.zip", f"census2021-{table}-oa.csv"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(member).decode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, change(text))


def test_every_variable_equals_the_workshops_file_in_each_area(run_national, downloads):
    definitions = Path("data/variable_definitions.csv").read_text("utf-8")
    lines = [line for line in definitions.splitlines(True) if "v42,Stand" not in line]
    (downloads / "variable_definitions.csv").write_text("".join([*lines, ILLNESS]))

    outcome, folder = run_national()

    assert outcome.code == 0, outcome.err
    ours = pd.read_parquet(folder / "uk_census_data.parquet").set_index("OA")
    theirs = pd.read_parquet(TRAFFORD / "uk_census_data.parquet")
    shared = ours.columns.intersection(theirs.columns)
    assert len(shared) == 40
    difference = (ours[shared] - theirs.loc[ours.index, shared]).abs()
    assert difference.shape == (738, 40)
    assert difference.max().max() < 0.005
    residents = pd.read_csv(folder / "oa_pop_data.csv").set_index("OA")
    given = pd.read_csv(TRAFFORD / "oa_pop_data.csv").set_index("OA")
    pd.testing.assert_frame_equal(residents, given.sort_index(), check_dtype=False)


def test_unpacked_tables_give_the_same_bytes_as_zips(run_national, downloads):
    outcome, folder = run_national()
    assert outcome.code == 0, outcome.err
    before = (folder / "uk_census_data.parquet").read_bytes()
    for path in downloads.glob("census2021-*.zip"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(downloads)
        path.unlink()

    outcome, folder = run_national()

    assert outcome.code == 0, outcome.err
    assert (folder / "uk_census_data.parquet").read_bytes() == before


def test_what_is_missing_is_told_in_the_summary_and_in_a_file(run_national):
    outcome, folder = run_national()

    assert "table ts021 is not in the folder: v12, v13, v14" in outcome.out
    missing = pd.read_csv(folder / "missing_variables.csv").set_index("variable")
    assert missing.loc["v42", "reason"] == "standard_rates.csv gives it no rates"
    assert missing.loc["v27", "reason"] == "table ts003 is not in the folder"
    assert pd.read_csv(folder / "coverage.csv")["missing"].eq(0).all()


def test_an_area_that_one_table_lacks_is_left_out_by_name(run_national, downloads):
    rewrite(downloads, "ts053", lambda text: text[: text.rindex("2021,")])

    outcome, folder = run_national()

    assert outcome.code == 0, outcome.err
    left_out = pd.read_csv(folder / "left_out.csv")
    assert left_out["reason"].to_list() == ["not in table ts053"]
    assert len(pd.read_parquet(folder / "uk_census_data.parquet")) == 737


def test_a_file_cut_short_stops_the_run_with_a_sentence(run_national, downloads):
    path = downloads / "census2021-ts030.zip"
    path.write_bytes(path.read_bytes()[:2000])

    outcome, folder = run_national()

    assert outcome.code == 1
    assert "census2021-ts030.zip is damaged or was cut short" in outcome.err
    assert not folder.exists()


def test_a_cell_counted_twice_is_found_by_its_familys_sum(run_national, downloads):
    definitions = Path("data/variable_definitions.csv").read_text("utf-8")
    twice = definitions.replace(
        "ts054,Private rented,", "ts054,Private rented | Owned,"
    )
    assert twice != definitions
    (downloads / "variable_definitions.csv").write_text(twice, "utf-8")

    outcome, _ = run_national()

    assert outcome.code == 1
    assert "shares of a family sum to 100 at most" in outcome.err


def test_the_census_job_takes_what_the_national_job_made(run_national, downloads):
    for path in TRAFFORD.glob("*.gpkg"):
        shutil.copy(path, downloads)

    outcome, folder = run_national("national", "census.supergroups", region="all")

    assert outcome.code == 0, outcome.err
    assert f"census: takes what national made, from {folder}" in outcome.err
    supergroups = pd.read_csv(folder.parent / "census" / "supergroups.csv")
    assert len(supergroups) == 738


def test_rates_by_age_give_the_standardised_ratio(run_national, tmp_path, downloads):
    # With one rate for all ages the ratio is the share of the ill over that rate.
    areas = ["S00135307", "S00135308"]
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join(areas), "utf-8")
    for path in downloads.iterdir():
        path.unlink()
    arguments = [sys.executable, str(MAKER), str(downloads), "--areas", str(codes)]
    subprocess.run(arguments, check=True)
    rates = pd.read_csv("data/standard_rates.csv", dtype=str).assign(rate="0.25")
    rates.to_csv(downloads / "standard_rates.csv", index=False)

    outcome, folder = run_national(**{"national.countries": '["Scotland"]'})

    assert outcome.code == 0, outcome.err
    ours = pd.read_parquet(folder / "uk_census_data.parquet").set_index("OA")
    tables = REAL / "national" / "scotland"
    ill = pd.read_parquet(tables / "UV303.parquet").loc[areas]
    ages = pd.read_parquet(tables / "UV103.parquet").loc[areas]
    residents = ages.drop(columns="UV1030001").sum(axis=1)
    expected = 100 * (ill["UV3030002"] + ill["UV3030003"]) / (0.25 * residents)
    pd.testing.assert_series_equal(
        ours["v42"], expected.round(2), check_names=False, atol=0.0051
    )
