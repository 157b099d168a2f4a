"""Workbooks written by other processes: the same files, the same sentences."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from placetypes.database import PUBLISHED, connect_published
from placetypes.errors import PlacetypesError, is_disk_full
from placetypes.exports import apart
from placetypes.exports.apart import finish, workbooks_apart
from placetypes.exports.workbook import write_workbook
from placetypes.runner.project import load_project
from tests.test_killed_runs import small_disk

FILE = "classification.xlsx"


@pytest.fixture
def asked(tmp_path) -> tuple:
    """Give what `write_workbook` takes behind the connection."""
    return load_project(), "census", tmp_path / FILE, FILE


def test_another_process_writes_the_same_bytes(exported, asked, tmp_path):
    with connect_published(exported) as connection:
        write_workbook(connection, *asked)
        expected = asked[2].read_bytes()
        asked[2].unlink()
        with workbooks_apart(exported / PUBLISHED) as book:
            book(connection, *asked)
    assert asked[2].read_bytes() == expected


def test_what_goes_wrong_there_is_said_here(exported, asked, tmp_path):
    project, job, _, file = asked
    with (
        small_disk(tmp_path / "disk", 20) as disk,
        pytest.raises(Exception, match="No space left") as refused,
        workbooks_apart(exported / PUBLISHED) as book,
    ):
        book(None, project, job, disk / file, file)
    assert is_disk_full(refused.value)


def test_where_the_page_fails_no_process_goes_on(exported, asked):
    with (
        pytest.raises(ZeroDivisionError),
        workbooks_apart(exported / PUBLISHED) as book,
    ):
        book(None, *asked)
        raise ZeroDivisionError
    assert not asked[2].exists()


def test_a_process_that_is_ended_is_a_sentence():
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(
        [sys.executable, "-c", "import os; os._exit(9)"], **pipes
    )
    with process, pytest.raises(PlacetypesError) as refused:
        finish(process, Path("book.xlsx"))
    assert str(refused.value) == (
        "book.xlsx can't be written: the process that was to do so ended with 9."
    )


def test_it_ends_with_the_process_that_asked(exported, asked):
    process = subprocess.Popen(
        [sys.executable, "-m", apart.__name__],
        cwd=apart.CODE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        # A pipe without an end to write to is what an ended process leaves behind.
        project, *rest = asked
        process.stdin.write(pickle.dumps((exported / PUBLISHED, project.root, *rest)))
        process.stdin.close()
        assert process.wait() == 1
    assert not asked[2].exists()
