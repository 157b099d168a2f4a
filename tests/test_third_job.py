"""A third job, made of new files only: every command takes it, or says what it lacks.

The town has no geometry, no names and no subgroups; its classes stand in a table of
their own, and one of its variables bears quotes.
"""

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome

ROOT = Path(__file__).parents[1]
CODE = ("pipeline.py", "pipeline.toml", "placetypes", "sql", "models_py", "prompts")
TOWN = {
    "job.yml": """
title: Town
levels:
  size: {table: sizes}
portrait_of_area: {values: homes, names: variable_names, measure: index}
inputs:
  homes_file:
    file: homes.csv
    meaning: homes
    key: id
    columns: {id: code}
exports:
  sizes.csv: {table: sizes}
""",
    "parameters.yml": """
limit: {kind: number, default: 3, meaning: Rooms that a large home has more than.}
""",
    "tables.yml": """
homes: {columns: {area: Code.}, other_columns: A figure., checks: [{unique: area}]}
cluster_inputs: {columns: {area: Code.}, other_columns: A figure., checks: [{unique: area}]}
sizes: {columns: {area: Code., size: Small or large.}, checks: [{unique: area}]}
index_scores:
  columns: {cluster: Size., variable: Its name., variable_name: The same., index_score: 100 is the mean.}
  checks: [{unique: [cluster, variable]}]
variable_names:
  columns: {variable: Its name., variable_name: In words.}
  checks: [{unique: variable}]
""",  # noqa: E501
    "homes.sql": """-- One row: one home.
select
    id as area,
    rooms::double as rooms,
    "Pct ""no"" quals"::double as "Pct ""no"" quals"
from read_csv(getvariable('homes_file'))
""",
    "cluster_inputs.sql": """-- One row: one home's place among the others.
select * from homes
""",
    "sizes.sql": """-- One row: one home in its class.
select area, if(rooms > getvariable('limit'), 'large', 'small') as size from homes
""",
    "index_scores.sql": """-- One row: one class and the rooms of its homes.
select
    size as cluster,
    'rooms' as variable,
    'Rooms' as variable_name,
    100 * avg(rooms) / (select avg(rooms) from homes) as index_score
from homes
inner join sizes on homes.area = sizes.area
group by size
""",
    "variable_names.sql": """-- One row: one variable in words.
select 'rooms' as variable, 'Number of rooms' as variable_name
""",
}
# Rooms 1 to 6, and a share that only the last one has.
HOMES = [(f"H{n}", n, 90 if n == 6 else 10) for n in range(1, 7)]


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Callable[..., Outcome]:
    """Give a function that runs a command of a project with the town, run twice."""
    root = tmp_path_factory.mktemp("project")
    for name in CODE:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    for name, text in TOWN.items():
        path = root / "sql" / "town" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    lines = ['id,rooms,"Pct ""no"" quals"', *(",".join(map(str, h)) for h in HOMES)]
    (root / "files").mkdir()
    (root / "files" / "homes.csv").write_text("\n".join(lines) + "\n")

    def run(*arguments: object) -> Outcome:
        done = subprocess.run(
            [sys.executable, "pipeline.py", *map(str, arguments)],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    run.root = root
    for limit in (3, 4):
        outcome = run(
            "run", "town", "--input", "files", "--set", f"town.limit={limit}",
            *["--set", "pipeline.report=false"],
        )  # fmt: skip
        assert outcome.code == 0, outcome.err
    return run


def rows_of(text: str) -> list[list[str]]:
    """Read CSV."""
    return list(csv.reader(io.StringIO(text)))[1:]


def former_run(town) -> str:
    """Return the id of the first run."""
    return next((town.root / "outputs" / "history").glob("*.duckdb")).stem


def test_compare_tells_who_moved(town):
    outcome = town("compare", former_run(town))
    assert "6 areas in both, 1 changed cluster" in outcome.out, outcome.err
    assert "2 index scores moved" in outcome.out
    moved = rows_of(town("compare", former_run(town), "--csv").out)
    assert moved == [["town", "H4", "large", "small"]]


def test_compare_with_a_file_and_with_a_former_run(town):
    (town.root / "other.csv").write_text("id,kind\nH1,a\nH2,a\nH5,b\nH6,a\n")
    outcome = town("compare-with", "other.csv", "--id", "id", "--class", "kind")
    assert "4 of 6 areas are in both, by code." in outcome.out, outcome.err
    assert (town.root / "outputs" / "town" / "compared" / "other").is_dir()
    pairs = rows_of(town("compare-with", former_run(town), "--csv").out)
    assert pairs[3] == ["H4", "small", "large", "", "False"]


def test_compare_with_says_what_the_town_lacks(town):
    outcome = town("compare-with", "town", "--job", "town")
    assert "town would be held against itself" in outcome.err
    outcome = town("compare-with", former_run(town), "--level", "storey")
    assert "town has no level storey. Known: size." in outcome.err


def test_similar_finds_neighbours_their_fit_and_what_stands_out(town):
    found = rows_of(town("similar", "H1", "--rows", "2", "--csv").out)
    assert [row[:3] for row in found] == [
        ["H1", "0.0", "small"],
        ["H2", "1.0", "small"],
        ["H3", "2.0", "small"],
    ]
    shown = town("similar", "H6").out
    assert "Number of rooms" in shown  # 6 of a mean of 3.5: 171
    assert 'Pct "no" quals' in shown
    assert "171" in shown
    assert (
        "No area H7 is classified. Areas are coded such as H1."
        in town("similar", "H7").err
    )


def test_names_says_what_the_town_lacks(town):
    outcome = town("names", "show", "--job", "town")
    assert outcome.code == 1
    assert "town names no clusters" in outcome.err
    assert "the part naming" in outcome.err
    assert "holds no clusters to name yet" in town("names", "show").err


def test_export_writes_what_there_is(town):
    outcome = town("export", "--kepler")
    assert outcome.code == 0, outcome.err
    assert outcome.out.split() == ["outputs/town/sizes.csv"]


def test_a_job_without_a_space_or_classes_is_not_comparable(town):
    outcome = town("similar", "E1", "--job", "census")
    assert "No area of census can be compared yet" in outcome.err
    assert "cluster_inputs" in outcome.err
