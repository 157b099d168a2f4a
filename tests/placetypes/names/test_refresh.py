"""A refresh, and the files of the output folder that it reads."""

import json

import duckdb
import pytest

from placetypes.errors import PlacetypesError
from placetypes.exports.tables import export
from placetypes.inputs.check import check_file
from placetypes.names.refresh import came_from_demo, refresh_request
from placetypes.runner.project import load_project

CHEAP = "census.given_names"
SETTINGS = ["--set", "region=West", "--set", "clusters=2", "--set", "subgroups=2"]


@pytest.fixture
def output(small_city, tmp_path, command):
    """Run the small city as far as the names that were given."""
    folder = tmp_path / "outputs"
    arguments = ["--input", small_city, "--output", folder, "--set", "restarts=5"]
    assert command("run", CHEAP, *arguments, *SETTINGS).code == 0
    return folder


def test_a_refresh_builds_what_reads_the_output_folder_and_is_there(output):
    request = refresh_request(load_project(), output, "census")
    assert request.chosen == {CHEAP, "census.named_members"}


def test_a_refresh_keeps_the_parameters_of_the_run(output):
    values = refresh_request(load_project(), output, "census").values("census")
    assert values["region"] == "West"
    assert values["clusters"] == 2


def test_a_run_of_another_job_leaves_the_parameters_of_this_one(output, demo, command):
    other = ["run", "embeddings.joined", "--input", demo, "--output", output]
    assert command(*other).code == 0
    values = refresh_request(load_project(), output, "census").values("census")
    assert values["region"] == "West"
    assert values["clusters"] == 2


def test_a_refresh_finds_the_file_once_it_is_there(output):
    project = load_project()
    files = refresh_request(project, output, "census").files["census"]
    assert files["names_file"].path.name == "no_names.json"
    (output / "census").mkdir(exist_ok=True)
    (output / "census" / "names.json").write_text("[]")
    files = refresh_request(project, output, "census").files["census"]
    assert files["names_file"].path == (output / "census" / "names.json").resolve()


def test_real_data_stay_real(output):
    assert came_from_demo(output) is False


@pytest.mark.parametrize("text", ["[", '{"level": "supergroup"}', "[1]", "nonsense"])
def test_a_broken_file_is_refused(text, tmp_path):
    path = tmp_path / "names.json"
    path.write_text(text)
    entry = load_project().jobs["census"].inputs["names_file"]
    with pytest.raises(PlacetypesError, match=r"names\.json"):
        check_file(duckdb.connect(), path, entry, {})


def test_a_name_without_its_cluster_is_refused(tmp_path):
    path = tmp_path / "names.json"
    path.write_text(json.dumps([{"level": "supergroup", "name": "Flats"}]))
    entry = load_project().jobs["census"].inputs["names_file"]
    with pytest.raises(PlacetypesError, match="column cluster has no code"):
        check_file(duckdb.connect(), path, entry, {})


def test_a_table_of_texts_is_exported_in_order(connection, tmp_path):
    connection.execute(
        "create table t as select * from (values (2, 'two'), (1, '# one')) v(n, text)"
    )
    export(connection, "t", tmp_path / "t.md", {"table": "t"})
    assert (tmp_path / "t.md").read_text() == "# one\n\ntwo\n"
