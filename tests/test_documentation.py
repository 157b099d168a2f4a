"""Every command, parameter, table and column is documented."""

import re
import tomllib
from pathlib import Path

import pytest

import pipeline
from placetypes.names.commands import app as names_app
from placetypes.runner.plan import ancestors, model_checks
from placetypes.runner.project import load_project
from placetypes.sources import read_sql

ROOT = Path(__file__).parents[1]
PROJECT = load_project()
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "command", [entry.callback.__name__ for entry in pipeline.app.registered_commands]
)
def test_each_command_stands_in_the_readme(command):
    assert f"python pipeline.py {command.replace('_', '-')}" in README


@pytest.mark.parametrize(
    "command", [c.name or c.callback.__name__ for c in names_app.registered_commands]
)
def test_each_command_for_names_stands_in_the_readme(command):
    assert f"python pipeline.py names {command}" in README


@pytest.mark.parametrize("name", PROJECT.specifications)
def test_each_parameter_has_a_meaning(name):
    meaning = PROJECT.specifications[name].meaning
    assert meaning[0].isupper()
    assert meaning.endswith(".")


def test_what_pipeline_toml_shows_as_comments_are_the_defaults():
    text = (ROOT / "pipeline.toml").read_text("utf-8")
    lines = [re.sub(r"^# (\w+ = )", r"\1", line) for line in text.splitlines()]
    shown, used = tomllib.loads("\n".join(lines)), tomllib.loads(text)
    for job, values in shown.items():
        for name, value in values.items():
            default = PROJECT.specifications[f"{job}.{name}"].default
            assert (value == default) == (name not in used[job])


@pytest.mark.parametrize("name", PROJECT.models)
def test_each_model_says_what_one_row_is(name):
    assert PROJECT.models[name].one_row.startswith("One row: ")
    assert PROJECT.models[name].one_row.endswith(".")


@pytest.mark.parametrize("name", PROJECT.models)
def test_each_model_has_its_columns_in_tables_yml(name):
    assert PROJECT.table(name)["columns"]


@pytest.mark.parametrize("name", PROJECT.models)
def test_each_model_has_a_check(name):
    assert model_checks(PROJECT, PROJECT.models[name])


@pytest.mark.parametrize("name", PROJECT.models)
def test_checks_ask_only_tables_that_are_built_before(name):
    built = {name} | ancestors([name], PROJECT.models)
    for check in model_checks(PROJECT, PROJECT.models[name]):
        asked = read_sql(Path("check.sql"), check.query, {}).tables
        assert {".".join(table) for table in asked} <= built


@pytest.mark.parametrize("job", PROJECT.jobs)
def test_tables_yml_names_only_models_that_exist(job):
    made = {m.name for m in PROJECT.models.values() if m.job == job}
    assert PROJECT.jobs[job].tables.keys() == made


@pytest.mark.parametrize("job", PROJECT.jobs)
def test_each_input_and_export_stands_in_the_readme(job):
    values = {
        entry.name: entry.default
        for entry in PROJECT.specifications.values()
        if entry.job == job
    }
    for entry in PROJECT.jobs[job].inputs.values():
        file = entry["file"]
        name = values[file["parameter"]] if isinstance(file, dict) else file
        assert re.split(r"[|*]", name)[0] in README
    for file in PROJECT.jobs[job].exports:
        assert file in README
