"""Kinds D and G: zips, folders and files that change, and what YAML errors say."""

import stat
import zipfile

import pytest

from placetypes.errors import PlacetypesError
from placetypes.inputs.find import (
    InputFile,
    find_file,
    hash_file,
    locate,
    refuse_changed,
    stamps_of,
)
from placetypes.inputs.unpack import unpack_zips
from placetypes.yaml_files import read_yaml

WANTED = ["people.csv", "areas*.gpkg"]


def zipped(folder, members, method=zipfile.ZIP_DEFLATED):
    """Write input_data.zip with these members."""
    with zipfile.ZipFile(folder / "input_data.zip", "w", method) as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return folder / "input_data.zip"


def flip(path, marker, distance):
    """Change a byte behind a marker."""
    data = bytearray(path.read_bytes())
    data[data.index(marker) + distance] ^= 0xFF
    path.write_bytes(data)


def garble(path):
    flip(path, b"people.csv", 14)


def unknown_method(path):
    flip(path, b"PK\x01\x02", 10)


def locked(path):
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


DAMAGE = {
    "a damaged member": (garble, "can't be unpacked"),
    "an unknown method": (unknown_method, "can't be unpacked"),
    "a password": (locked, "unpack it by hand|can't be unpacked"),
    "half a zip": (
        lambda path: path.write_bytes(path.read_bytes()[:60]),
        "can't be unpacked",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_bad_zip_is_refused_and_leaves_nothing(name, tmp_path):
    break_it, words = DAMAGE[name]
    break_it(zipped(tmp_path, {"people.csv": "OA,n\n" + "E1,100\n" * 500}))
    with pytest.raises(PlacetypesError, match=rf"input_data.zip.*({words})"):
        unpack_zips(tmp_path, WANTED)
    assert [path.name for path in tmp_path.iterdir()] == ["input_data.zip"]


@pytest.mark.parametrize(
    "member",
    ["../people.csv", "/etc/people.csv", "C:\\people.csv", "a\\..\\people.csv"],
)
def test_paths_that_lead_outside_are_refused(member, tmp_path):
    zipped(tmp_path, {member: "x"})
    with pytest.raises(PlacetypesError, match="outside the folder"):
        unpack_zips(tmp_path, WANTED)


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("people.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "input_data.zip", "w") as opened:
        opened.writestr(link, "/etc/passwd")
    with pytest.raises(PlacetypesError, match="outside the folder"):
        unpack_zips(tmp_path, WANTED)


def test_a_file_that_is_twice_in_a_zip_is_refused(tmp_path):
    zipped(tmp_path, {"a/people.csv": "1", "b/people.csv": "2"})
    with pytest.raises(PlacetypesError, match=r"people.csv more than once"):
        unpack_zips(tmp_path, WANTED)


def test_a_zip_that_would_fill_the_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("placetypes.inputs.unpack.MOST_BYTES", 10**6)
    zipped(tmp_path, {"people.csv": b"0" * 2_000_000})
    with pytest.raises(PlacetypesError, match="would unpack to 2,000,000 bytes"):
        unpack_zips(tmp_path, WANTED)


def test_only_what_is_wanted_is_unpacked(tmp_path):
    zipped(tmp_path, {"in/people.csv": "OA\n", "in/notes.txt": "x"})
    assert unpack_zips(tmp_path, WANTED) == ["input_data.zip: unpacked people.csv"]
    assert (tmp_path / "people.csv").read_text() == "OA\n"
    assert unpack_zips(tmp_path, WANTED) == []


def test_a_folder_in_a_files_place_is_called_that(tmp_path):
    (tmp_path / "people.csv").mkdir()
    entry = {"file": "people.csv", "meaning": "residents"}
    with pytest.raises(PlacetypesError, match=r"people.csv in .* is a folder, not a"):
        locate("people", entry, tmp_path, tmp_path, {})


def found(path):
    """Return a file as a run finds it."""
    return InputFile("x", path, hash_file(path), {}, "", (), stamps_of(path))


def test_a_file_that_is_replaced_during_a_run_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("OA\nE1\n")
    before = found(path)
    refuse_changed({"job": {"x": before}})
    path.write_text("OA\nE2\n")
    with pytest.raises(PlacetypesError, match=r"people.csv was changed while"):
        refuse_changed({"job": {"x": before}})
    path.unlink()
    with pytest.raises(PlacetypesError, match=r"people.csv was changed while"):
        refuse_changed({"job": {"x": before}})


def test_a_file_that_is_only_touched_is_the_same(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("OA\nE1\n")
    before = found(path)
    path.write_text("OA\nE1\n")
    refuse_changed({"job": {"x": before}})


def test_every_part_of_a_shapefile_counts(tmp_path):
    path = tmp_path / "areas.shp"
    for part in (".shp", ".dbf", ".shx", ".prj"):
        path.with_suffix(part).write_bytes(b"1")
    before = hash_file(path)
    path.with_suffix(".dbf").write_bytes(b"2")
    assert hash_file(path) != before


def test_two_files_that_fit_are_not_chosen_between(tmp_path):
    for name in ("areas_1.gpkg", "areas_2.gpkg"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PlacetypesError, match="2 files fit"):
        find_file(tmp_path, "areas*.gpkg")


YAML = {
    "an open bracket": ("inputs:\n  a: {file: x\n", "line 3 is not valid YAML"),
    "a colon too many": ("a: b: c\n", "line 1 is not valid YAML"),
    "a tab": ("a:\n\tb: 1\n", "line 2 is not valid YAML"),
    "a list": ("- a\n- b\n", "must hold names with values"),
    "another encoding": ("a: é\n".encode("latin-1"), "not UTF-8"),
}


@pytest.mark.parametrize("name", YAML)
def test_an_error_in_yaml_names_file_and_line(name, tmp_path):
    text, words = YAML[name]
    path = tmp_path / "job.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PlacetypesError, match=rf"job.yml.*{words}"):
        read_yaml(path)
