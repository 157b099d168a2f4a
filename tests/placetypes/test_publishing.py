"""publishing.py: files come into place all or none; a manifest tells their run."""

import json
import os

import pytest

from placetypes.errors import PlacetypesError
from placetypes.publishing import (
    JOURNAL,
    MANIFEST,
    STAGING,
    finish_if_interrupted,
    publish_staged,
    refuse_mixture,
)


def stage(output, **texts):
    """Write files into the staging folder; a name's underscore is a slash."""
    names = [name.replace("_", "/") + ".csv" for name in texts]
    for name, text in zip(names, texts.values(), strict=True):
        path = output / STAGING / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return names


def test_what_is_staged_comes_into_place_and_into_the_manifest(tmp_path):
    publish_staged(tmp_path, stage(tmp_path, town_homes="1", page="2"), "run 1")
    assert (tmp_path / "town" / "homes.csv").read_text() == "1"
    assert json.loads((tmp_path / MANIFEST).read_text())["run"] == "run 1"
    assert refuse_mixture(tmp_path) == 2
    assert not (tmp_path / STAGING).exists()


def test_a_part_leaves_the_other_files_and_a_whole_result_deletes_them(tmp_path):
    publish_staged(tmp_path, stage(tmp_path, one="1", two="2"), "run 1")
    assert publish_staged(tmp_path, stage(tmp_path, one="3"), "run 2") == []
    assert refuse_mixture(tmp_path) == 2
    gone = publish_staged(tmp_path, stage(tmp_path, one="4"), "run 3", is_whole=True)
    assert gone == ["two.csv"]
    assert not (tmp_path / "two.csv").exists()
    assert refuse_mixture(tmp_path) == 1


def test_where_one_file_can_not_be_put_none_is(tmp_path):
    publish_staged(tmp_path, stage(tmp_path, one="1"), "run 1")
    (tmp_path / "two.csv").mkdir()
    with pytest.raises(PlacetypesError, match=r"two\.csv is a folder where two\.csv"):
        publish_staged(tmp_path, stage(tmp_path, one="3", two="3"), "run 2")
    assert (tmp_path / "one.csv").read_text() == "1"
    assert refuse_mixture(tmp_path) == 1


def test_a_publication_cut_off_at_any_rename_is_finished_later(
    tmp_path,
):
    for done in range(3):
        output = tmp_path / str(done)
        names = stage(output, one="1", two="2", three="3")
        journal = {"put": names, "delete": []}
        (output / STAGING / JOURNAL).write_text(json.dumps(journal))
        for name in names[:done]:
            (output / STAGING / name).rename(output / name)
        finish_if_interrupted(output)
        assert [(output / name).read_text() for name in names] == ["1", "2", "3"]
        assert not (output / STAGING).exists()


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[]",
        '{"put": ["../outside.csv"], "delete": []}',
        '{"put": [], "delete": ["/etc/passwd"]}',
        '{"put": [1], "delete": []}',
    ],
)
def test_a_journal_that_is_not_ours_is_set_aside_and_met_once(tmp_path, text):
    stage(tmp_path, one="1")
    (tmp_path / STAGING / JOURNAL).write_text(text)
    with pytest.raises(PlacetypesError, match="is damaged"):
        finish_if_interrupted(tmp_path)
    finish_if_interrupted(tmp_path)
    assert not (tmp_path / "one.csv").exists()


def test_a_changed_or_missing_file_is_named(tmp_path):
    publish_staged(tmp_path, stage(tmp_path, one="1", two="2"), "run 1")
    (tmp_path / "one.csv").write_text("edited")
    (tmp_path / "two.csv").unlink()
    with pytest.raises(PlacetypesError, match=r"^one\.csv, two\.csv in "):
        refuse_mixture(tmp_path)


def test_a_folder_without_a_manifest_is_told(tmp_path):
    with pytest.raises(PlacetypesError, match=r"^manifest\.json in "):
        refuse_mixture(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "town").mkdir(mode=0o500)
    with pytest.raises(PlacetypesError, match=r"homes\.csv can't be written"):
        publish_staged(tmp_path, stage(tmp_path, town_homes="1"), "run 1")
