"""An output folder goes on with its files and parameters; no demo joins real ones."""

import json

import pytest

import pipeline
from placetypes.errors import PlacetypesError
from placetypes.inputs.remembered import REMEMBERED, Places, find_places
from placetypes.job import Job
from placetypes.runner.project import load_project
from tests.placetypes.conftest import run_arguments

TOWN = Job("town", inputs={"homes_file": {"file": "homes.csv"}}, demo="data/demo.py")


@pytest.fixture(scope="module")
def city(small_city_files, tmp_path_factory):
    """Publish the first tables of the small city; return the output folder."""
    output = tmp_path_factory.mktemp("remembered")
    arguments = run_arguments(small_city_files, output)
    arguments[1] = "census.region_areas"
    assert pipeline.main(arguments) == 0
    return output


def test_a_run_without_flags_goes_on_and_says_with_what(
    city, small_city_files, command
):
    outcome = command("run", "census.region_areas", "--output", city)
    assert outcome.code == 0
    assert "Nothing to do" in outcome.out
    assert f"census: goes on with the files in {small_city_files}" in outcome.err
    assert 'region="West"' in outcome.err


def test_what_is_set_goes_on_from_what_was_set(city, command):
    told = command(
        "plan", "census.region_areas", "--set", "region=E1", "--output", city
    )
    assert "census.region_districts: parameter region" in told.out
    assert "clusters=2" in told.err


def test_an_input_that_is_named_starts_anew(city, small_city_files, command):
    arguments = ["--input", small_city_files, "--output", city]
    told = command("plan", "census.region_districts", *arguments)
    assert "census.region_districts: parameter region West → Liverpool" in told.out
    assert "goes on" not in told.err


def test_the_look_of_results_goes_on_whatever_their_input(
    city, small_city_files, command
):
    look = "figure_format=a4_landscape"
    set_once = command("report", "--no-figures", "--set", look, "--output", city)
    assert "The look goes on" not in set_once.err
    told = command("report", "--no-figures", "--output", city)
    assert 'The look goes on with figure_format="a4_landscape".' in told.err
    with_input = ["--input", small_city_files, "--output", city]
    told = command("plan", "census.region_districts", *with_input)
    assert 'The look goes on with figure_format="a4_landscape".' in told.err
    command("report", "--no-figures", "--set", "threads=2", "--output", city)
    assert json.loads((city / REMEMBERED).read_text("utf-8"))["pipeline"]["set"] == {
        "pipeline.figure_format": "a4_landscape"
    }


def test_a_district_is_named_without_an_edit_of_any_file(city, command):
    told = command("plan", "census.region_areas", "--region", "East", "--output", city)
    assert "census.region_districts: parameter region West → East" in told.out


def test_the_demo_never_replaces_nor_joins_real_results(city, tmp_path, command):
    before = (city / "placetypes.duckdb").read_bytes()
    refused = command("run", "embeddings", "--output", city)
    assert refused.code == 1
    assert "results of your own files, which the demo never replaces" in refused.err
    (city / REMEMBERED).rename(tmp_path / REMEMBERED)  # as of an earlier version
    try:
        refused = command("run", "census", "--set", "clusters=6", "--output", city)
    finally:
        (tmp_path / REMEMBERED).rename(city / REMEMBERED)
    assert refused.code == 1
    assert "results of your own files, which the demo never replaces" in refused.err
    assert (city / "placetypes.duckdb").read_bytes() == before


def places(tmp_path, said) -> Places:
    """Return the places of a folder that remembers this, with an empty data/input."""
    (tmp_path / REMEMBERED).write_text(json.dumps(said))
    (tmp_path / "data" / "input").mkdir(parents=True)
    return find_places(tmp_path, {"town": TOWN}, None, tmp_path)


def test_a_demo_goes_on_as_a_demo_until_own_files_come(tmp_path):
    found = places(tmp_path, {"town": {"input": None, "set": {"town.limit": 3}}})
    assert found.takes_demo(TOWN)
    assert found.going_on(["town"]) == [
        "town: goes on with limit=3; --input starts anew."
    ]
    (tmp_path / "data" / "input" / "homes.csv").touch()
    assert find_places(tmp_path, {"town": TOWN}, None, tmp_path).memory == {}


def test_a_folder_that_has_gone_is_named(tmp_path):
    gone = tmp_path / "gone"
    found = places(tmp_path, {"town": {"input": str(gone), "set": {}}})
    with pytest.raises(
        PlacetypesError, match=f"town was made from {gone}, which isn't there"
    ):
        found.of("town")


@pytest.mark.parametrize("text", ["{", "[]", '{"town": {"input": null}}'])
def test_a_damaged_memory_is_a_sentence(text, tmp_path):
    (tmp_path / REMEMBERED).write_text(text)
    with pytest.raises(
        PlacetypesError, match=r"remembered.json is damaged\. Delete it"
    ):
        find_places(tmp_path, {"town": TOWN}, None, tmp_path)


def test_how_a_run_is_done_is_not_remembered(city):
    said = json.loads((city / REMEMBERED).read_text())["census"]["set"]
    assert said["census.clusters"] == 2
    assert {name.partition(".")[0] for name in said} == {"census"}
    assert said.keys() <= load_project().specifications.keys()
