"""Input files: one by its name, many by patterns, another job's, and stand-ins."""

from pathlib import Path

import pyogrio
import pytest

from placetypes.errors import PlacetypesError
from placetypes.inputs.find import absent_file, find_input, holds_any

TABLES = {
    "file": "ts*.zip|[0-9]*.csv",
    "many": True,
    "meaning": "topic tables, such as ts030.zip",
}
MADE = {
    "file": "data.csv",
    "from_job": "national/data.csv",
    "meaning": "data",
    "columns": {"OA": "code"},
}


def found(entry: dict, tmp_path: Path):
    """Return what is found of an input in the folder tmp_path."""
    output = tmp_path / "outputs"
    return find_input("tables_files", entry, tmp_path, tmp_path, output, {})


def write(path: Path, text: str) -> Path:
    """Write a file and the folder that it lies in."""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    return path


def test_an_entry_that_takes_many_is_given_all_that_fit(tmp_path):
    for name in ("ts030.zip", "ts001.zip", "123.csv", "other.csv", ".ts002.zip"):
        write(tmp_path / name, name)

    file = found(TABLES, tmp_path)

    assert [path.name for path in file.files] == ["123.csv", "ts001.zip", "ts030.zip"]
    assert file.variables == {"tables_files": [str(path) for path in file.files]}
    assert holds_any({"tables_files": TABLES}, tmp_path, {})


def test_many_files_have_one_hash_of_their_names_and_contents(tmp_path):
    write(tmp_path / "ts001.zip", "a")
    before = found(TABLES, tmp_path).sha256
    elsewhere = tmp_path / "elsewhere"
    write(elsewhere / "ts001.zip", "a")
    write(tmp_path / "unrelated.csv", "b")

    assert found(TABLES, tmp_path).sha256 == before == found(TABLES, elsewhere).sha256
    write(tmp_path / "ts001.zip", "b")
    assert found(TABLES, tmp_path).sha256 != before


def test_a_folder_without_any_is_named_with_what_is_missing(tmp_path):
    with pytest.raises(PlacetypesError, match=r"holds no topic tables, such as ts030"):
        found(TABLES, tmp_path)


def test_what_another_job_made_is_taken_where_the_folder_lacks_it(tmp_path):
    made = write(tmp_path / "outputs" / "national" / "data.csv", "OA\nE1\n")

    assert found(MADE, tmp_path).path == made.resolve()
    own = write(tmp_path / "data.csv", "OA\nE2\n")
    assert found(MADE, tmp_path).path == own.resolve()


def test_a_file_that_nobody_made_yet_is_missing_and_the_job_named(tmp_path):
    with pytest.raises(PlacetypesError, match=r"data.csv is missing .* national makes"):
        found(MADE, tmp_path)


def test_absent_boundaries_are_a_layer_without_areas_the_same_bytes_each_time():
    entry = {"file": "areas.gpkg", "optional": True, "columns": {"OA": "code"}}

    path = absent_file(entry, {})
    before = path.read_bytes()

    assert absent_file(entry, {}).read_bytes() == before
    areas = pyogrio.read_dataframe(path)
    assert list(areas.columns) == ["OA", "geometry"]
    assert areas.empty


NAMED = {
    "file": {"parameter": "published"},
    "usual_file": "published.csv",
    "optional": True,
    "read_by_step": True,
    "meaning": "known classes",
}


def test_an_optional_file_that_a_user_names_must_be_there(tmp_path):
    def find(name):
        values = {"published": name}
        return find_input("file", NAMED, tmp_path, tmp_path, tmp_path, values)

    assert find("published.csv").path.stat().st_size == 0  # what stands in for it
    for name in ("mine.csv", str(tmp_path / "mine.csv")):
        with pytest.raises(PlacetypesError, match=r"mine\.csv is missing from"):
            find(name)


@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.parametrize("by_path", [True, False])
def test_a_folder_in_a_files_place_is_called_that(tmp_path, optional, by_path):
    (tmp_path / "model.csv").mkdir()
    entry = {**NAMED, "optional": optional, "usual_file": "model.csv"}
    name = str(tmp_path / "model.csv") if by_path else "model.csv"
    elsewhere = tmp_path / "model.csv" if by_path else tmp_path
    with pytest.raises(PlacetypesError, match=r"model\.csv in .* is a folder, not a"):
        find_input("file", entry, elsewhere, tmp_path, tmp_path, {"published": name})
