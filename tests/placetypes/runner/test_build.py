"""build.py: what a parameter is to SQL, and what is said of a step that fails."""

import duckdb
import pytest

from placetypes.errors import PlacetypesError
from placetypes.runner.build import run_step, set_variable, store_result
from placetypes.runner.project import read_project
from placetypes.runner.request import make_request


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        ("North", "North"),
        ([3, 4], [3, 4]),
        (["v01"], ["v01"]),
        ([], []),
        ({"A": 2, "other": 3}, '{"A": 2, "other": 3}'),
        ([8, [3, 1], {"A1": 2}], '[8, [3, 1], {"A1": 2}]'),
    ],
)
def test_a_value_is_a_variable_and_what_sql_has_no_type_for_is_json(value, expected):
    with duckdb.connect() as connection:
        set_variable(connection, "x", value)
        assert connection.execute("select getvariable('x')").fetchone() == (expected,)


LINE = "town.groups: models_py/town/groups.py, line 3"


@pytest.fixture
def failed(tmp_path):
    """Give a function from the body of a step to what is said when it is run."""

    def run(body: str) -> str:
        files = {
            "sql/macros.sql": "",
            "sql/town/job.yml": "title: Town",
            "sql/town/homes.sql": "-- One row: one home.\nselect 1 as home",
            "models_py/town/groups.py": "def groups(homes):\n"
            f'    """One row: one group."""\n    {body}\n',
        }
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        project = read_project(tmp_path)
        request = make_request(project, ["town"], [], tmp_path, tmp_path / "out")
        model = project.models["town.groups"]
        with duckdb.connect() as connection:
            connection.execute("create schema town; create table town.homes(home int)")
            with pytest.raises(PlacetypesError) as refused:
                result = run_step(connection, model, request)
                store_result(connection, model, request, result)
        return str(refused.value)

    return run


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("raise ValueError('Ask for fewer.')", "town.groups: Ask for fewer."),
        (
            "return homes['no such column']",
            f"{LINE}: KeyError: 'no such column'.",
        ),
        (
            "int('many')",
            f"{LINE}: ValueError: invalid literal for int() with base 10: 'many'.",
        ),
        (
            "import sys; sys.exit(0)",
            f"{LINE}: SystemExit: 0.",
        ),
        (
            "import no_such_library",
            f"{LINE}: ModuleNotFoundError: No "
            "module named 'no_such_library'. Is it installed? "
            "pip install no_such_library",
        ),
        (
            "return 3",
            "town.groups: models_py/town/groups.py returned int, not a table; return a "
            "pandas or Arrow table.",
        ),
    ],
)
def test_a_step_that_fails_is_named_with_its_file_and_line(failed, body, sentence):
    assert failed(body) == sentence
