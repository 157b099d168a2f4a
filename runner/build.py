"""A run: plan what changed, build it in the work database, publish it whole."""

import importlib.util
import json
import platform
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb

from runner.errors import PlacetypesError, listed
from runner.exports import stage_exports
from runner.fingerprint import MadeFrom, fingerprint, made_from, reason, version
from runner.graph import build_order
from runner.inputs import InputFile, check_file
from runner.project import Model, Project
from runner.publish import finish_publishing, publish
from runner.request import Request
from runner.warehouse import (
    PUBLISHED,
    WORK,
    connect_plain,
    only_run,
    open_work,
    remove_database,
    table_columns,
)


class Reporter(Protocol):
    """What a run tells while it works."""

    def message(self, text: str) -> None:
        """Pass on a sentence."""

    def start(self, models: list[str]) -> None:
        """Say which models will be built."""

    def building(self, model: str) -> None:
        """Say that a model is being built."""

    def built(self, model: str, rows: int, seconds: float) -> None:
        """Say that a model is built."""


class Planned(NamedTuple):
    """A model with what decides its table now, and why it must be built ('' if not)."""

    model: Model
    parts: MadeFrom
    fingerprint: str
    reason: str


class Result(NamedTuple):
    """What a run did."""

    built: list[str]
    published: bool
    outdated: list[str]  # tables that keep the run from being published


def make_plan(
    request: Request, recorded: dict[str, MadeFrom], *, fresh: bool = False
) -> list[Planned]:
    """Return the chosen models in building order, each with its reason to be built."""
    fingerprints: dict[str, str] = {}
    plan = []
    for name in build_order(request.project.models):
        if name not in request.chosen:
            continue
        model = request.project.models[name]
        parts = made_from(
            model, request.values(model.job), request.files[model.job], fingerprints
        )
        fingerprints[name] = fingerprint(parts)
        rebuilt = [entry.model.full_name for entry in plan if entry.reason]
        why = reason(model, parts, None if fresh else recorded.get(name), rebuilt)
        if fresh:
            why = "--fresh"
        plan.append(Planned(model, parts, fingerprints[name], why))
    return plan


def read_recorded(connection: duckdb.DuckDBPyConnection) -> dict[str, MadeFrom]:
    """Return what each existing table was made from."""
    rows = connection.execute(
        """
        select models.model, models.made_from
        from meta.models
        inner join duckdb_tables() as tables
            on tables.schema_name || '.' || tables.table_name = models.model
            and tables.database_name = current_database()
        """
    ).fetchall()
    return {model: json.loads(parts) for model, parts in rows}


def recorded_in(output: Path) -> dict[str, MadeFrom]:
    """Return what is recorded in the unfinished or else the published database."""
    if (output / WORK).exists():
        try:
            with connect_plain(output / WORK, read_only=True) as connection:
                return read_recorded(connection)
        except duckdb.Error:
            # Another run writes it now, or was killed while it did. In the latter case
            # open_work starts again from what is published, and so does the plan.
            pass
    if not (output / PUBLISHED).exists():
        return {}
    with connect_plain(output / PUBLISHED, read_only=True) as connection:
        return read_recorded(connection)


def run(
    request: Request,
    reporter: Reporter,
    *,
    fresh: bool = False,
    command: str = "",
) -> Result:
    """Build what changed and publish it.

    Raises PlacetypesError where an input or a model fails; the published database and
    the exports then stay as they were, and finished models wait in the work database.
    """
    started = datetime.now(UTC)
    with only_run(request.output):
        finish_publishing(request.output)
        plan = make_plan(request, recorded_in(request.output), fresh=fresh)
        todo = [entry for entry in plan if entry.reason]
        if not todo and is_whole(request):
            return Result([], published=True, outdated=[])
        connection = open_work(
            request.output, request.project.macros, request.threads, fresh=fresh
        )
        try:
            drop_orphans(connection, request.project)
            run_id = started.strftime("%Y%m%dT%H%M%S.%fZ")
            build_all(connection, request, todo, run_id, reporter)
            outdated = find_outdated(connection)
            if outdated:
                return Result(names(todo), published=False, outdated=outdated)
            record_run(connection, request, run_id, started, command)
            staged = stage_exports(connection, request.project, request.output)
            publish(connection, request.output, staged)
        finally:
            connection.close()
        remove_database(request.output / WORK)
    return Result(names(todo), published=True, outdated=[])


def names(plan: list[Planned]) -> list[str]:
    """Return the models' names."""
    return [entry.model.full_name for entry in plan]


def is_whole(request: Request) -> bool:
    """Tell whether the published database and the chosen jobs' exports are there."""
    output = request.output
    if (output / WORK).exists() or not (output / PUBLISHED).exists():
        return False
    jobs = {request.project.models[name].job for name in request.chosen}
    return all(
        (output / job / file).exists()
        for job in jobs
        for file, entry in request.project.exports(job).items()
        if f"{job}.{entry['table']}" in request.chosen
    )


def drop_orphans(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Drop the tables whose model's file is gone."""
    recorded = connection.execute("select model from meta.models").fetchall()
    for (model,) in recorded:
        if model not in project.models:
            connection.execute(f"drop table if exists {model}")
            connection.execute("delete from meta.models where model = $1", [model])


def build_all(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    todo: list[Planned],
    run_id: str,
    reporter: Reporter,
) -> None:
    """Check the files that the plan reads, then build its models one after another."""
    checked: dict[str, dict[str, InputFile]] = {}
    reporter.start(names(todo))
    for job in sorted({entry.model.job for entry in todo}):
        checked[job] = check_inputs(connection, request, job, todo, reporter)
    job_set = ""
    for entry in todo:
        model = entry.model
        if model.job != job_set:
            set_variables(connection, request, model.job, checked[model.job])
            job_set = model.job
        reporter.building(model.full_name)
        start = time.perf_counter()
        rows = build_model(connection, entry, request, run_id, start)
        reporter.built(model.full_name, rows, time.perf_counter() - start)


def check_inputs(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    job: str,
    todo: list[Planned],
    reporter: Reporter,
) -> dict[str, InputFile]:
    """Check a job's files, unless this very content has met these very rules before."""
    needed = {name for entry in todo for name in entry.model.inputs}
    recorded = {
        (name, checked): json.loads(details)
        for name, checked, details in connection.execute(
            "select input, checked, details from meta.inputs where job = $1", [job]
        ).fetchall()
    }
    files = {}
    for name, file in request.files[job].items():
        details = recorded.get((name, file.checked))
        if details is None and name in needed:
            reporter.building(file.path.name)
            entry = request.project.inputs(job)[name]
            details = check_file(file.path, entry, request.values(job))
        for message in (details or {}).get("messages", []):
            reporter.message(message)
        files[name] = file._replace(details=details or {})
        if details is not None:
            record_input(connection, job, files[name])
    return files


def record_input(
    connection: duckdb.DuckDBPyConnection, job: str, file: InputFile
) -> None:
    """Note a checked file's name, size and content."""
    connection.execute(
        "insert or replace into meta.inputs values ($1, $2, $3, $4, $5, $6, $7)",
        [
            job,
            file.name,
            file.path.name,
            file.path.stat().st_size,
            file.sha256,
            file.checked,
            json.dumps(file.details),
        ],
    )


def set_variables(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    job: str,
    files: dict[str, InputFile],
) -> None:
    """Offer a job's parameters and files to SQL as getvariable('…')."""
    variables: dict[str, Any] = dict(request.values(job))
    for file in files.values():
        variables |= file.variables
    for name, value in variables.items():
        set_variable(connection, name, value)


def set_variable(connection: duckdb.DuckDBPyConnection, name: str, value: Any) -> None:
    """Set one SQL variable; an empty list is one of texts, so `in` finds nothing."""
    cast = "::varchar[]" if value == [] else ""
    connection.execute(f'set variable "{name}" = $1{cast}', [value])


def build_model(
    connection: duckdb.DuckDBPyConnection,
    entry: Planned,
    request: Request,
    run_id: str,
    start: float,
) -> int:
    """Build one table and note what it was made from, or neither; return its rows."""
    model = entry.model
    make = build_sql if model.is_sql else build_step
    connection.execute("begin")
    try:
        connection.execute(f"create schema if not exists {model.job}")
        make(connection, model, request)
        rows = connection.execute(f"select count(*) from {model.full_name}").fetchone()[
            0
        ]
        refuse_empty(model, rows, request)
        connection.execute(
            """
            insert or replace into meta.models
            values ($1, $2, $2, now(), $3, $4, $5, $6)
            """,
            [
                model.full_name,
                run_id,
                rows,
                time.perf_counter() - start,
                entry.fingerprint,
                json.dumps(entry.parts),
            ],
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return rows


def refuse_empty(model: Model, rows: int, request: Request) -> None:
    """Stop where a table is empty that must not be: models.yml has the sentence."""
    document = request.project.documents[model.job].get("models", {})
    sentence = document.get(model.name, {}).get("if_empty")
    if rows == 0 and sentence:
        raise PlacetypesError(sentence.format(**request.values(model.job)))


def build_sql(
    connection: duckdb.DuckDBPyConnection, model: Model, request: Request
) -> None:
    """Make a table from a SELECT, its rows in a stable order."""
    for table in model.lists:
        rows = connection.execute(f"from {table}").fetchall()
        set_variable(connection, table.split(".")[1], [row[0] for row in rows])
    sql = model.path.read_text("utf-8")
    documents = request.project.documents[model.job].get("models", {})
    columns = documents.get(model.name, {}).get("columns", {})
    try:
        if not columns:
            described = connection.execute(f"describe from (\n{sql}\n)").fetchall()
            columns = [row[0] for row in described]
        order = "area" if "area" in columns else "all"
        connection.execute(
            f"create or replace table {model.full_name} as "
            f"from (\n{sql}\n) order by {order}"
        )
    except duckdb.Error as error:
        raise PlacetypesError(failure(error, model.path)) from error


def failure(error: duckdb.Error, place: Path) -> str:
    """Say why a SELECT failed: a sentence of its own error() stands for itself."""
    raised = "Invalid Input Error: "
    if (
        isinstance(error, duckdb.InvalidInputException)
        and "error(" in place.read_text()
    ):
        return str(error).removeprefix(raised)
    return f"sql/{place.parent.name}/{place.name} failed: {explain(error)}"


def explain(error: duckdb.Error) -> str:
    """Return the part of DuckDB's message that a reader of the SQL can use."""
    lines = [line for line in str(error).split("\n") if line.strip()]
    return " ".join(lines[:2]).strip()


def build_step(
    connection: duckdb.DuckDBPyConnection, model: Model, request: Request
) -> None:
    """Make a table from what a Python step returns, its rows in a stable order."""
    values = request.values(model.job)
    arguments = {
        name: values[name]
        if name in model.parameters
        else load_table(
            connection, f"{model.job}.{name}", model.annotations.get(name, "")
        )
        for name in model.arguments
    }
    step = load_step(model)
    try:
        result = step(**arguments)
    except (ValueError, ModuleNotFoundError) as error:
        raise PlacetypesError(f"{model.full_name}: {error}") from error
    connection.register("step_result", result)
    columns = [row[0] for row in connection.execute("describe step_result").fetchall()]
    order = "area" if "area" in columns else "all"
    connection.execute(
        f"create or replace table {model.full_name} as "
        f"from step_result order by {order}"
    )
    connection.unregister("step_result")


def load_table(
    connection: duckdb.DuckDBPyConnection, table: str, annotation: str
) -> Any:
    """Hand a step an ordered table: as Arrow where it asks for it, else as pandas."""
    columns = table_columns(connection, table)
    order = "area" if "area" in columns else "all"
    relation = connection.sql(f"from {table} order by {order}")
    return (
        relation.to_arrow_table()
        if annotation.strip("'\"").endswith("Table")
        else relation.df()
    )


def load_step(model: Model) -> Callable[..., Any]:
    """Import a step's function."""
    specification = importlib.util.spec_from_file_location(
        f"models_py.{model.job}.{model.name}", model.path
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return getattr(module, model.name)


def find_outdated(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables that were made from tables which have changed since."""
    rows = connection.execute(
        "select model, fingerprint, made_from from meta.models order by model"
    ).fetchall()
    current = {model: print_ for model, print_, _ in rows}
    return [
        model
        for model, _, parts in rows
        if any(
            current.get(parent) != print_
            for parent, print_ in json.loads(parts)["models"].items()
        )
    ]


def record_run(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    run_id: str,
    started: datetime,
    command: str,
) -> None:
    """Note the run, and stamp every table with it: they are published together."""
    finished = datetime.now(UTC)
    versions = {
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "scikit-learn", "umap-learn")},
    }
    connection.execute("begin")
    connection.execute(
        "insert into meta.runs values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            run_id,
            started,
            finished,
            (finished - started).total_seconds(),
            command,
            git_commit(request.project.root),
            versions,
            bool(request.demo_jobs),
        ],
    )
    connection.execute("update meta.models set run_id = $1", [run_id])
    for name, value in request.parameters.items():
        connection.execute(
            "insert or replace into meta.parameters values ($1, $2, $3)",
            [name, json.dumps(value.value), value.source],
        )
    connection.execute("commit")


def git_commit(root: Path) -> str | None:
    """Return the commit of the project folder, None where there is none."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return answer.stdout.strip() or None


def outdated_sentence(result: Result) -> str:
    """Say why a partial run isn't published, and what to do."""
    return (
        f"Built, but not published: {listed(result.outdated)} were made from what has "
        "changed. Run the whole job to bring them up to date; until then "
        "`sql --work` and `show --work` read the new tables."
    )
