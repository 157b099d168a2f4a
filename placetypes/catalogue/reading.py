"""Commands that read results: sql, show, check."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from placetypes import console
from placetypes.checks import Check, CheckResult, run_checks
from placetypes.database import (
    WORK,
    Sql,
    connect,
    connect_published,
    is_geometry,
    quoted_table,
    table_columns,
)
from placetypes.errors import PlacetypesError, nearest
from placetypes.options import (
    DEFAULT_OUTPUT,
    AsCsv,
    AsJson,
    Debug,
    OutputFolder,
    Selectors,
    Work,
)
from placetypes.publishing import refuse_mixture
from placetypes.report.result import parameters_of
from placetypes.runner.build import set_variable
from placetypes.runner.plan import build_order, model_checks
from placetypes.runner.plan import select as select_models
from placetypes.runner.project import Project, load_project


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (sql, show, check):
        app.command()(command)


def sql(
    query: Annotated[str, typer.Argument(help="A query, in quotes.")],
    output: OutputFolder = DEFAULT_OUTPUT,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    work: Work = False,
    debug: Debug = False,
) -> None:
    """Run a query against the published database."""
    with open_database(output, work) as connection:
        print_query(connection, Sql(query), as_csv=as_csv, as_json=as_json)


def show(
    table: Annotated[str, typer.Argument(help="A table, such as JOB.TABLE.")],
    output: OutputFolder = DEFAULT_OUTPUT,
    rows: Annotated[int, typer.Option("--rows", help="Rows to show; 0 for all.")] = 20,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    work: Work = False,
    debug: Debug = False,
) -> None:
    """Show the first rows of a table."""
    with open_database(output, work) as connection:
        columns = table_columns(connection, table)
        if not columns:
            known = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall()
            raise PlacetypesError(
                f"There is no table {table}.{nearest(table, [row[0] for row in known])}"
            )
        query = f"from {quoted_table(table)}" + (f" limit {int(rows)}" if rows else "")
        print_query(connection, query, as_csv=as_csv, as_json=as_json)


def check(
    select: Selectors = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Run the data checks against the published database."""
    project = load_project()
    chosen = select_models(project, select) if select else project.models
    rows = []
    with open_database(output, work=False) as connection:
        results = list(asked_checks(connection, project, chosen))
    for promise, result in results:
        verdict = promise.severity if result.failing else "holds"
        query = promise.query if result.failing else ""
        rows.append([verdict, promise.table, promise.name, result.failing, query])
    console.print_table(["verdict", "table", "check", "failing rows", "query"], rows)
    files = refuse_mixture(output)
    console.output.print(f"{files} published files are those of one run.")
    if broken := sum(verdict == "error" for verdict, *_ in rows):
        raise PlacetypesError(f"{broken} checks of severity error are broken.")


def asked_checks(
    connection: duckdb.DuckDBPyConnection, project: Project, chosen: Iterable[str]
) -> Iterator[tuple[Check, CheckResult]]:
    """Ask each check of the chosen tables, as far as they are there.

    A check may ask for a parameter, which is what the run used.
    """
    entered = ""
    for name in build_order(project.models):
        if name in chosen and table_columns(connection, name):
            model = project.models[name]
            if model.job != entered:
                entered = model.job
                used = parameters_of(connection, project.jobs[entered])
                for parameter, value in used.items():
                    set_variable(connection, parameter, value)
            promises = model_checks(project, model)
            yield from zip(promises, run_checks(connection, promises), strict=True)


def open_database(output: Path, work: bool) -> duckdb.DuckDBPyConnection:
    """Open the published database, or the work database of an unfinished run."""
    if not work:
        return connect_published(output)
    if not (output / WORK).exists():
        raise PlacetypesError(f"There is no unfinished run in {output}.")
    return connect(output / WORK, read_only=True)


def print_query(
    connection: duckdb.DuckDBPyConnection, query: Sql, *, as_csv: bool, as_json: bool
) -> None:
    """Print a query's result as a table, CSV or JSON; geometry as well-known text.

    Raises PlacetypesError where the query is more than one statement.
    """
    if len(connection.extract_statements(query)) != 1:
        raise PlacetypesError("A call takes one statement; call again for another.")
    relation = connection.sql(query)
    if relation is None:
        return
    # By place: a name such as "left"(area, 3) or max("A b") can't be asked for.
    cells = [
        as_text(number) if is_geometry(str(kind)) else at(number)
        for number, kind in enumerate(relation.types, 1)
    ]
    rows = relation.select(*cells).fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(relation.columns)
        writer.writerows(rows)
    elif as_json:
        records = [dict(zip(relation.columns, row, strict=True)) for row in rows]
        typer.echo(json.dumps(records, indent=2, default=str, ensure_ascii=False))
    else:
        shortened = [
            [f"{v[:40]}…" if isinstance(v, str) and len(v) > 200 else v for v in row]
            for row in rows
        ]
        console.print_table(relation.columns, shortened)


def at(number: int) -> duckdb.Expression:
    """Return the column at a place, counted from 1."""
    return duckdb.SQLExpression(Sql(f"#{int(number)}"))


def as_text(number: int) -> duckdb.Expression:
    """Return the geometry at a place as well-known text."""
    return duckdb.FunctionExpression("st_astext", at(number))
