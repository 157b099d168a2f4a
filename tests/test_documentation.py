"""Every command, parameter, table and column is documented."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest
import typer

import pipeline
from placetypes.names.commands import app as names_app
from placetypes.runner.plan import ancestors, model_checks
from placetypes.runner.project import load_project
from placetypes.sources import read_sql

ROOT = Path(__file__).parents[1]
PROJECT = load_project()
PATHS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md"))]
TEXTS = {path: path.read_text("utf-8") for path in PATHS}
DOCUMENTS = "\n".join(TEXTS.values())


def commands_of(app: typer.Typer, before: str = "") -> dict[str, str]:
    """Return each command of an app and the first paragraph of its help."""
    named = {
        entry.name or entry.callback.__name__.replace("_", "-"): entry
        for entry in app.registered_commands
    }
    return {
        before + name: " ".join(inspect.getdoc(entry.callback).split("\n\n")[0].split())
        for name, entry in named.items()
    }


COMMANDS = commands_of(pipeline.app) | commands_of(names_app, "names ")


def anchors_of(text: str) -> set[str]:
    """Return what links may follow the # of a document with: its headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def test_the_readme_is_a_first_screen():
    assert len(TEXTS[ROOT / "README.md"].splitlines()) <= 200


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_links_of_the_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", TEXTS[path]):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        assert not anchor or anchor in anchors_of(TEXTS[found]), target


def test_the_readme_shows_what_is_shown_at_the_start_where_it_is_run():
    shown = TEXTS[ROOT / "README.md"].split("```\n  region")[1].split("```")[0]
    start = TEXTS[ROOT / "docs" / "start.md"].splitlines()
    assert all(line in [*start, "  …"] for line in f"  region{shown}".splitlines())


def test_the_readme_leads_to_every_document():
    for path in PATHS[1:]:
        name = path.relative_to(ROOT).as_posix()
        assert f"({name})" in TEXTS[ROOT / "README.md"], name


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_shown_at_work_and_told_as_its_help_tells_it(command):
    assert f"python pipeline.py {command}" in DOCUMENTS
    assert f"| `{command}` | {COMMANDS[command]} |" in DOCUMENTS


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
def test_each_input_and_export_stands_in_a_document(job):
    values = {
        entry.name: entry.default
        for entry in PROJECT.specifications.values()
        if entry.job == job
    }
    for entry in PROJECT.jobs[job].inputs.values():
        file = entry["file"]
        name = values[file["parameter"]] if isinstance(file, dict) else file
        assert re.split(r"[|*]", name)[0] in DOCUMENTS
    for file in PROJECT.jobs[job].exports:
        assert file in DOCUMENTS
