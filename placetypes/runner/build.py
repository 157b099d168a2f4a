"""Building one table: from a SELECT, or from what a Python step returns."""

import importlib.util
import json
import traceback
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from placetypes.checks import (
    CheckResult,
    failure_sentence,
    run_checks,
    warning_sentence,
)
from placetypes.database import Sql, quoted, quoted_table, table_columns
from placetypes.errors import PlacetypesError, of_older_version
from placetypes.inputs.find import InputFile
from placetypes.notes import note_checks, note_model
from placetypes.runner.plan import Planned, model_checks
from placetypes.runner.project import FORMER, Model
from placetypes.runner.request import Request

Connection = duckdb.DuckDBPyConnection


def build_model(
    connection: Connection, entry: Planned, request: Request, run_id: str
) -> tuple[int, list[str]]:
    """Build one table, check it and note what it was made from, all or nothing.

    Returns its number of rows and a sentence for each warning. Raises PlacetypesError
    where a check fails; the table then stays in the work database to be looked at, but
    counts as not built.
    """
    model, start = entry.model, perf_counter()
    # Before the transaction: while one is open, DuckDB can't tidy up what others wrote.
    result = None if model.is_sql else run_step(connection, model, request)
    connection.execute("begin")
    try:
        if model.is_sql:
            build_sql(connection, model, request)
        else:
            store_result(connection, model, request, result)
        rows = connection.execute(
            f"select count(*) from {quoted_table(entry.name)}"
        ).fetchone()[0]
        refuse_empty(model, rows, request)
        made = [entry.fingerprint, json.dumps(entry.parts), entry.checks]
        note_model(
            connection, entry.name, [run_id, rows, perf_counter() - start, *made]
        )
        results = check_model(connection, entry, request)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return rows, judge(results, request)


def recheck_model(
    connection: Connection, entry: Planned, request: Request
) -> list[str]:
    """Check a table that is up to date but whose checks changed; see build_model."""
    connection.execute("begin")
    results = check_model(connection, entry, request)
    connection.execute(
        "update meta.models set checks = $1 where model = $2",
        [entry.checks, entry.name],
    )
    connection.execute("commit")
    return judge(results, request)


def check_model(
    connection: Connection, entry: Planned, request: Request
) -> list[CheckResult]:
    """Run a table's checks; one that broke an error counts as not built."""
    results = run_checks(connection, model_checks(request.project, entry.model))
    note_checks(connection, entry.name, results)
    if any(result.is_error for result in results):
        connection.execute("delete from meta.models where model = $1", [entry.name])
    return results


def judge(results: list[CheckResult], request: Request) -> list[str]:
    """Raise the first failed check; return a sentence for each warning."""
    for result in results:
        if result.is_error:
            raise PlacetypesError(failure_sentence(result, request.output))
    return [warning_sentence(result) for result in results if result.failing]


def refuse_empty(model: Model, rows: int, request: Request) -> None:
    """Stop where a table is empty that must not be: tables.yml has the sentence."""
    sentence = request.project.table(model.full_name).get("if_empty")
    if rows == 0 and sentence:
        raise PlacetypesError(sentence.format(**request.values(model.job)))


def build_sql(connection: Connection, model: Model, request: Request) -> None:
    """Make a table from a SELECT, its rows in a stable order."""
    for table in model.lists:
        rows = connection.execute(f"from {quoted_table(table)}").fetchall()
        set_variable(connection, table.split(".")[1], [row[0] for row in rows])
    sql = Sql(model.path.read_text("utf-8"))
    try:
        connection.execute(
            f"create or replace table {quoted_table(model.full_name)} as "
            f"from (\n{sql}\n) order by {row_order(model, request)}"
        )
    except duckdb.Error as error:
        raise PlacetypesError(failure(error, model, request)) from error


def row_order(model: Model, request: Request) -> Sql:
    """Return what a table's rows are ordered by: its key, as its checks name it."""
    for entry in request.project.table(model.full_name).get("checks", []):
        if "unique" in entry:
            key = entry["unique"]
            return Sql(", ".join(map(quoted, [key] if isinstance(key, str) else key)))
    return Sql("all")


def failure(error: duckdb.Error, model: Model, request: Request) -> str:
    """Say why a SELECT failed: a sentence of its own error() stands for itself."""
    raised = "Invalid Input Error: "
    has_own = "error(" in model.path.read_text("utf-8")
    if isinstance(error, duckdb.InvalidInputException) and has_own:
        return str(error).removeprefix(raised)
    place = model.path.relative_to(request.project.root)
    older = "" if request.chosen.issuperset(model.upstream) else of_older_version(error)
    return f"{place}, as {model.full_name}, failed: {explain(error)}{older}"


def explain(error: duckdb.Error) -> str:
    """Return the part of DuckDB's message that a reader of the SQL can use."""
    return " ".join(list(filter(str.strip, str(error).split("\n")))[:2]).strip()


def run_step(connection: Connection, model: Model, request: Request) -> Any:
    """Return what a Python step makes of the tables and parameters that it names."""
    values = request.values(model.job)
    arguments = {
        name: values[name]
        if name in model.parameters
        else request.files[model.job][name].handed
        if name in model.inputs
        else load_argument(connection, model, name)
        for name in model.annotations
    }
    try:
        return load_step(model)(**arguments)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # SystemExit too: a step may not end the run
        raise PlacetypesError(
            step_failure(error, model, request.project.root)
        ) from error


def step_failure(error: BaseException, model: Model, root: Path) -> str:
    """Say why a step failed: its own ValueError is a sentence that stands for itself.

    Of anything else, the last line of the project's code that led to it is named.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(root)]
    is_raised_by_us = frames[-1] in own and frames[-1].line.startswith("raise ")
    if isinstance(error, ValueError) and is_raised_by_us:
        return f"{model.full_name}: {error}"
    place = model.path.relative_to(root).as_posix()
    if own and "runner" not in Path(own[-1].filename).parts:
        place = f"{Path(own[-1].filename).relative_to(root)}, line {own[-1].lineno}"
    remedy = ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        remedy = f" Is it installed? pip install {error.name.partition('.')[0]}"
    return f"{model.full_name}: {place}: {type(error).__name__}: {error}.{remedy}"


def store_result(
    connection: Connection, model: Model, request: Request, result: Any
) -> None:
    """Make a table from what a step returned, its rows in a stable order."""
    try:
        connection.register("step_result", result)
    except duckdb.Error as error:
        place = model.path.relative_to(request.project.root)
        raise PlacetypesError(
            f"{model.full_name}: {place} returned {type(result).__name__}, not a "
            "table; return a pandas or Arrow table."
        ) from error
    connection.execute(
        f"create or replace table {quoted_table(model.full_name)} as "
        f"from step_result order by {row_order(model, request)}"
    )
    connection.unregister("step_result")


def load_argument(connection: Connection, model: Model, argument: str) -> Any:
    """Load what an argument names; former_… is as last published, None if it wasn't."""
    table = f"{model.job}.{argument}"
    if argument in model.former:
        table = f"published.{model.job}.{argument.removeprefix(FORMER)}"
        if not table_columns(connection, table):
            return None
    return load_table(connection, table, model.annotations.get(argument, ""))


def load_table(connection: Connection, table: str, annotation: str) -> Any:
    """Hand a step an ordered table: as Arrow where it asks for it, else as pandas."""
    relation = connection.sql(f"from {quoted_table(table)}")
    relation = relation.order("area" if "area" in relation.columns else "all")
    return relation.to_arrow_table() if "Table" in annotation else relation.df()


def load_step(model: Model) -> Callable[..., Any]:
    """Import a step's function."""
    specification = importlib.util.spec_from_file_location(
        f"models_py.{model.path.parent.name}.{model.name}", model.path
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return getattr(module, model.name)


def enter_job(
    connection: Connection,
    request: Request,
    job: str,
    files: dict[str, InputFile],
) -> None:
    """Make a job's schema the current one; offer its parameters and files to SQL."""
    connection.execute(f"use {quoted(job)}")
    for name, value in request.values(job).items():
        set_variable(connection, name, value)
    for file in files.values():
        for name, value in file.variables.items():
            set_variable(connection, name, value)


def set_variable(connection: Connection, name: str, value: Any) -> None:
    """Set one SQL variable; an empty list is one of texts, so `in` finds nothing.

    What has no SQL type, such as a list of numbers and mappings, comes as JSON.
    """
    if is_nested(value):
        value = json.dumps(value)
    cast = "::varchar[]" if value == [] else ""
    connection.execute(f"set variable {quoted(name)} = $1{cast}", [value])


def is_nested(value: Any) -> bool:
    """Tell a mapping, or a list that holds lists or mappings."""
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(v, list | dict) for v in value)
