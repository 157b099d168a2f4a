"""Files and folders as nobody wants them: a sentence each, no traceback, no hang."""

import json
import os
import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from placetypes.database import PUBLISHED, connect_plain
from placetypes.publishing import JOURNAL, MANIFEST, STAGING

CENSUS = "uk_census_data.parquet"
LOOKUP = "census_variable_lookup.csv"
PEOPLE = "oa_pop_data.csv"


@pytest.fixture
def refusal(command, tmp_path):
    """Give a function that runs on a folder and returns the one sentence."""

    def run(folder, table="census.population", output=tmp_path / "outputs"):
        outcome = command(
            *["run", table, "--set", "region=West"],
            *["--input", folder, "--output", output],
        )
        assert outcome.code in (1, 2)
        assert "fault of the program" not in outcome.err
        return outcome.err.strip().splitlines()[-1]

    return run


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def loop(path):
    path.unlink()
    path.symlink_to(path)


def device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


def folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "kind"),
    [(pipe, "a pipe"), (loop, "broken link"), (device, "device"), (folder, "a folder")],
)
def test_what_is_no_file_is_called_that_and_never_waited_for(
    make, kind, small_city, refusal
):
    make(small_city / PEOPLE)
    sentence = refusal(small_city)
    assert f"{PEOPLE} in {small_city} is" in sentence
    assert kind in sentence


def test_names_that_are_no_text_are_refused(small_city, tmp_path, refusal):
    districts = small_city / "Local_Authority_Districts_\udcff.gpkg"
    (small_city / "Local_Authority_Districts_small.gpkg").rename(districts)
    assert "Districts_\\udcff.gpkg holds bytes" in refusal(
        small_city, "census.districts"
    )
    there = tmp_path / "in\udcff"
    shutil.copytree(small_city, there)
    assert "rename the file or the folder" in refusal(there)


@pytest.mark.parametrize("name", ["in[1]*", "i?n {a,b}", "in'x\"y", "v03=12", "a b%20"])
def test_a_folder_may_be_called_anything(name, small_city, tmp_path, command):
    there = tmp_path / name
    small_city.rename(there)
    arguments = ["--input", there, "--output", tmp_path / "outputs"]
    assert command("run", "census.population", *arguments).code == 0
    count = "select count(*) as n from census.population"
    found = command("sql", count, "--csv", "--output", tmp_path / "outputs")
    assert found.out == "n\n64\n"


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[("a", 1)]] * 64, pa.map_(pa.string(), pa.int64())),
        pa.array([{"a": 1}] * 64),
    ],
)
def test_maps_and_structures_are_no_numbers(column, small_city, refusal):
    table = pq.read_table(small_city / CENSUS).append_column("m", column)
    pq.write_table(table, small_city / CENSUS)
    sentence = refusal(small_city, "census.variables")
    assert "column m holds structures, not numbers" in sentence


def test_thousands_are_told_from_decimals(small_city, refusal):
    for value, remedy in (("1,100", "without commas"), ("10,5", "with a point")):
        text = (small_city / PEOPLE).read_text()
        (small_city / PEOPLE).write_text(text.replace("E07,100", f'E07,"{value}"'))
        assert remedy in refusal(small_city)
        (small_city / PEOPLE).write_text(text)


def test_a_lookup_of_other_variables_says_how_they_differ(small_city, refusal):
    lookup = pd.read_csv(small_city / LOOKUP)
    lookup["No."] = lookup["No."].str.upper()
    lookup.to_csv(small_city / LOOKUP, index=False)
    sentence = refusal(small_city, "census.cluster_variables")
    assert "None of the 5 codes in column No. of census_variable_lookup" in sentence
    assert "5 would be in both in capital letters (V01 and v01)" in sentence


def test_a_file_in_the_place_of_the_output_folder_is_called_that(
    small_city, tmp_path, refusal
):
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        sentence = refusal(small_city, output=output)
        assert f"{tmp_path / 'file'} is a file where a folder" in sentence


def test_a_damaged_result_is_set_aside_once(small_city, tmp_path, refusal, command):
    output = tmp_path / "outputs"
    output.mkdir()
    (output / PUBLISHED).write_bytes(b"garbage" * 999)
    assert "is damaged" in command("show", "census.x", "--output", output).err
    assert "set aside as placetypes.damaged: run again" in refusal(small_city)
    arguments = ["--input", small_city, "--output", output]
    assert command("run", "census.population", *arguments).code == 0


def test_another_programs_database_stays_as_it_is(small_city, tmp_path, refusal):
    (tmp_path / "outputs").mkdir()
    database = tmp_path / "outputs" / PUBLISHED
    with connect_plain(database) as connection:
        connection.execute("create table mine as select 1")
    before = database.read_bytes()
    assert "is no result of placetypes" in refusal(small_city)
    assert database.read_bytes() == before


def nested(depth: int) -> str:
    return "[" * depth


@pytest.mark.parametrize(
    "journal",
    [
        nested(100_000),
        "[]",
        '{"put": "abc", "delete": []}',
        '{"put": ["."], "delete": []}',
        '{"put": [], "delete": ["../x"]}',
        '{"put": [1], "delete": []}',
    ],
)
def test_a_garbage_journal_is_set_aside_once(journal, tmp_path, command):
    staging = tmp_path / STAGING
    staging.mkdir()
    (staging / JOURNAL).write_text(journal)
    first = command("history", "--output", tmp_path).err
    assert "set aside in .staging.damaged" in first
    assert not staging.exists()
    assert "damaged" not in command("history", "--output", tmp_path).err


def test_a_garbage_manifest_is_a_mixture(small_city, tmp_path, command):
    arguments = ["--input", small_city, "--output", tmp_path / "outputs"]
    assert command("run", "census.regions", *arguments).code == 0
    for manifest in ([], "x", {"files": []}, None):
        (tmp_path / "outputs" / MANIFEST).write_text(json.dumps(manifest))
        outcome = command("check", "--output", tmp_path / "outputs")
        assert outcome.code == 1
        assert "is not as the run published it" in outcome.err
