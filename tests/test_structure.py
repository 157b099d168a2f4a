"""The shape of the project: jobs are data, rooms have doors, functions stay short."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from placetypes.job import read_jobs

ROOT = Path(__file__).parents[1]
JOBS = read_jobs(ROOT)
CODE = ("*.py", "*.sql", "*.js", "*.html", "*.css", "*.yml")
# Jobs whose name is a word of the language: only a table with its schema counts.
WORDS = ("places", "records", "scored", "transition", "years")
LONGEST_FUNCTION = 50
LARGEST_RUNNER = 1300


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the project that fit, as git knows them."""
    command = ["git", "-C", str(ROOT), "ls-files", "--", *patterns]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return [ROOT / name for name in answer.stdout.splitlines()]


def is_of_a_job(path: Path) -> bool:
    """Tell whether a file lies in a folder of a job, or is a test or a benchmark."""
    parts = path.relative_to(ROOT).parts
    return parts[0] in ("tests", "benchmarks") or parts[1:2] in [(j,) for j in JOBS]


def naming(job: str) -> str:
    """Return the pattern of a line that names a job."""
    if job in WORDS:
        return rf"""["'`]{job}\.(?!csv)\w|(from|join|table|into|describe) {job}\."""
    return rf"\b{job}\b"


@pytest.mark.parametrize("job", JOBS)
def test_no_code_outside_a_jobs_folders_names_it(job):
    named = [
        f"{path.relative_to(ROOT)}, line {number}"
        for path in tracked(*CODE)
        if not is_of_a_job(path)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(naming(job), line)
    ]
    assert named == []


def test_no_model_or_step_stands_twice():
    places: dict[str, Path] = {}
    for path in tracked("sql/*.sql", "models_py/*/*.py"):
        text = path.read_text("utf-8")
        if path.name != "__init__.py":
            assert places.setdefault(text, path) == path


def test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] not in ("tests", "benchmarks")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_the_engine_can_be_read_in_an_hour():
    files = tracked("placetypes/runner/*.py")
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= (
        LARGEST_RUNNER
    )


def test_every_database_is_opened_where_extensions_are_neither_fetched_nor_guessed():
    opened = [
        file.relative_to(ROOT).as_posix()
        for room in ("placetypes", "models_py")
        for file in (ROOT / room).rglob("*.py")
        if "duckdb.connect(" in file.read_text("utf-8")
    ]
    assert opened == ["placetypes/database.py"]
