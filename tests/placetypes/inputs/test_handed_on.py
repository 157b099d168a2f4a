"""Stages: a job that reads what another makes runs after it, in the same command."""

from dataclasses import replace
from pathlib import Path

import pytest

from placetypes.inputs.handed_on import not_made_yet, stages
from placetypes.inputs.remembered import Places
from placetypes.job import Job

CENSUS = Job(
    name="census",
    title="Census",
    parts=(),
    levels=(),
    inputs={"census_file": {"file": "data.csv", "from_job": "national/data.csv"}},
    exports={},
    tables={},
    parameters={},
)
NATIONAL = replace(CENSUS, name="national", inputs={"tables": {"file": "*ts030.zip"}})
BOTH = {"census", "national"}
JOBS = {"census": CENSUS, "national": NATIONAL, "other": replace(CENSUS, inputs={})}


def places(folder: Path) -> Places:
    """Return the places of a run with --input."""
    return Places(folder / "outputs", folder / "unused", folder, {})


@pytest.fixture
def downloads(tmp_path):
    """Give a folder with one topic table."""
    (tmp_path / "census2021-ts030.zip").touch()
    return tmp_path


def test_who_makes_a_file_runs_before_who_reads_it(tmp_path):
    assert stages(JOBS, BOTH, ["census", "national"], places(tmp_path)) == [
        ["national"],
        ["census"],
    ]


def test_tables_of_the_jobs_keep_their_marks(tmp_path):
    assert stages(
        JOBS, BOTH, ["census.areas+", "national.cells"], places(tmp_path)
    ) == [
        ["national.cells"],
        ["census.areas+"],
    ]


def test_without_the_other_job_there_is_one_stage(tmp_path):
    typed = ["census", "other"]

    assert stages(JOBS, {"census", "other"}, typed, places(tmp_path)) == [typed]


def test_without_a_selection_the_folder_decides(tmp_path, downloads):
    (empty := tmp_path / "empty").mkdir()

    assert stages(JOBS, set(JOBS), [], places(empty)) == [[]]
    first, second = stages(JOBS, set(JOBS), [], places(downloads))
    assert "national" in first
    assert second == ["census"]


def test_a_later_run_says_which_file_it_waits_for(tmp_path):
    sentence = "census: planned when national/data.csv is made"

    assert not_made_yet(JOBS, ["census"], places(tmp_path)) == sentence
    (tmp_path / "data.csv").touch()
    assert not_made_yet(JOBS, ["census"], places(tmp_path)) == ""
