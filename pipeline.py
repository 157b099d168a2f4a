"""The command line of placetypes: python pipeline.py --help."""

import csv
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.text import Text
from typer.exceptions import TyperException

from placetypes import console
from placetypes.catalogue import commands as catalogue_commands
from placetypes.compare import commands as compare_commands
from placetypes.database import (
    PUBLISHED,
    WORK,
    connect,
    connect_published,
    is_geometry,
    quoted,
    table_columns,
)
from placetypes.errors import PlacetypesError, nearest, was_interrupted
from placetypes.exports import commands as exports_commands
from placetypes.names.commands import app as names_app
from placetypes.notes import recorded_in
from placetypes.options import (
    DEFAULT_OUTPUT,
    AsCsv,
    AsJson,
    Debug,
    InputFolder,
    OutputFolder,
    Overrides,
    Selectors,
    Work,
)
from placetypes.parameters import resolve, use_demo_values
from placetypes.publishing import refuse_mixture
from placetypes.report import commands as report_commands
from placetypes.report.outlets import (
    REPORT,
    draw_evidence,
    draw_results,
    outlets_of,
)
from placetypes.runner.plan import make_plan
from placetypes.runner.project import load_project
from placetypes.runner.request import Request, make_request
from placetypes.runner.run import outdated_sentence
from placetypes.runner.run import run as run_request

app = typer.Typer(
    help="Named, mapped area classifications in SQL.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(names_app, name="names")
catalogue_commands.register(app)
compare_commands.register(app)
exports_commands.register(app)
report_commands.register(app)

INTERRUPTED = 130


@app.command()
def run(
    select: Selectors = None,
    input_folder: InputFolder = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    overrides: Overrides = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build everything again.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Build what changed, publish it and export it."""
    request = make_request(
        load_project(), select or [], overrides or [], input_folder, output
    )
    announce(request)
    reporter = console.ProgressReporter()
    try:
        result = run_request(
            request,
            reporter,
            outlets_of(request.project, request.parameters),
            fresh=fresh,
            command=shlex.join(sys.argv[1:]),
        )
    finally:
        reporter.stop()
    if not result.published:
        console.output.print(Text(outdated_sentence(result)))
        return
    if not result.built:
        console.output.print("Nothing to do: every table is up to date.")
    draw_evidence(request, result.built)
    draw_results(request, result.built)
    print_summary(request)


@app.command()
def plan(
    select: Selectors = None,
    input_folder: InputFolder = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    overrides: Overrides = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="As for run.")] = False,
    debug: Debug = False,
) -> None:
    """List what run would build, and why."""
    request = make_request(
        load_project(), select or [], overrides or [], input_folder, output
    )
    announce(request)
    recorded = recorded_in(request.output)
    planned = make_plan(request, recorded, fresh=fresh)
    todo = [entry for entry in planned if entry.reason]
    for entry in todo:
        console.output.print(Text(f"{entry.model.full_name}: {entry.reason}"))
    if not todo:
        console.output.print("Nothing to do: every table is up to date.")


@app.command()
def params(
    overrides: Overrides = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the parameters: value, where it came from, what it means."""
    project = load_project()
    resolved = resolve(
        project.specifications,
        project.root / "pipeline.toml",
        overrides or [],
        set(project.jobs),
    )
    if as_json:
        typer.echo(json.dumps({n: v.value for n, v in resolved.items()}, indent=2))
        return
    demo = use_demo_values(resolved, set(project.jobs))
    rows = [
        [
            name,
            json.dumps(value.value, ensure_ascii=False),
            value.source,
            value.specification.meaning
            + (
                f" On the demo: {json.dumps(demo[name].value)}."
                if demo[name].source == "demo"
                else ""
            ),
        ]
        for name, value in resolved.items()
    ]
    console.print_table(["parameter", "value", "from", "meaning"], rows)


@app.command()
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
        print_query(connection, query, as_csv=as_csv, as_json=as_json)


@app.command()
def show(
    table: Annotated[str, typer.Argument(help="A table, such as census.index_scores.")],
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
        query = f"from {table}" + (f" limit {rows}" if rows else "")
        print_query(connection, query, as_csv=as_csv, as_json=as_json)


@app.command()
def check(
    select: Selectors = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Run the data checks against the published database."""
    from placetypes.checks import run_checks
    from placetypes.runner.plan import build_order, model_checks
    from placetypes.runner.plan import select as select_models

    project = load_project()
    chosen = select_models(project, select) if select else project.models
    rows, broken = [], 0
    with open_database(output, work=False) as connection:
        for name in build_order(project.models):
            if name not in chosen or not table_columns(connection, name):
                continue
            promises = model_checks(project, project.models[name])
            for promise, result in zip(
                promises, run_checks(connection, promises), strict=True
            ):
                broken += bool(result.failing) and promise.severity == "error"
                verdict = promise.severity if result.failing else "holds"
                query = promise.query if result.failing else ""
                rows.append([verdict, name, promise.name, result.failing, query])
    console.print_table(["verdict", "table", "check", "failing rows", "query"], rows)
    files = refuse_mixture(output)
    console.output.print(f"{files} published files are those of one run.")
    if broken:
        raise PlacetypesError(f"{broken} checks of severity error are broken.")


def open_database(output: Path, work: bool) -> duckdb.DuckDBPyConnection:
    """Open the published database, or the work database of an unfinished run."""
    if not work:
        return connect_published(output)
    if not (output / WORK).exists():
        raise PlacetypesError(f"There is no unfinished run in {output}.")
    return connect(output / WORK, read_only=True)


def print_query(
    connection: duckdb.DuckDBPyConnection, query: str, *, as_csv: bool, as_json: bool
) -> None:
    """Print a query's result as a table, CSV or JSON; geometry as well-known text."""
    relation = connection.sql(query)
    if relation is None:
        return
    kinds = zip(relation.columns, map(str, relation.types), strict=True)
    columns = [
        f"st_astext({quoted(name)}) as {quoted(name)}"
        if is_geometry(kind)
        else quoted(name)
        for name, kind in kinds
    ]
    rows = relation.project(", ".join(columns)).fetchall()
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


def announce(request: Request) -> None:
    """Say what stands out about a request before it runs."""
    for message in request.messages:
        console.errors.print(Text(message))
    for job in sorted(request.demo_jobs):
        console.errors.print(
            Text(
                f"{job}: no input files in data/input, so this runs on the SYNTHETIC "
                "demo. Its areas, districts and figures are invented."
            )
        )


def print_summary(request: Request) -> None:
    """Print each job's own summary, and where the results are."""
    jobs = sorted({request.project.models[name].job for name in request.chosen})
    with connect_published(request.output, spatial=False) as connection:
        for job in jobs:
            if not table_columns(connection, f"{job}.run_summary"):
                continue
            synthetic = " (SYNTHETIC demo data)" if job in request.demo_jobs else ""
            console.output.print(Text(f"\n{job}{synthetic}", style="bold"))
            lines = connection.execute(
                f"select topic, text from {job}.run_summary order by line, topic"
            ).fetchall()
            for topic, text in lines:
                console.output.print(Text(f"  {topic:<19} {text}"))
    console.output.print(Text("\nfiles", style="bold"))
    console.output.print(Text(f"  {request.output / PUBLISHED}"))
    if (request.output / REPORT).exists():
        console.output.print(Text(f"  {request.output / REPORT}"))
    for job in jobs:
        files = [
            file
            for file in request.project.jobs[job].exports
            if (request.output / job / file).exists()
        ]
        if files:
            listed = ", ".join(files)
            console.output.print(Text(f"  {request.output / job}: {listed}"))


def main(arguments: list[str] | None = None) -> int:
    """Run a command; turn its errors into a sentence and an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    try:
        code = app(arguments, standalone_mode=False) or 0
    except TyperException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader, such as head, has seen enough
    except (PlacetypesError, duckdb.Error, OSError) as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(str(error), 1)
    except Exception as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(
                f"{type(error).__name__}: {error}. This is a fault of the program or "
                "of an edited model, not of your data; --debug shows where.",
                1,
            )
    if code == INTERRUPTED:  # which Typer makes of Ctrl-C
        return complain(
            "Stopped. What is published stays as it was; the tables that were "
            "finished wait for the next run.",
            INTERRUPTED,
        )
    return code


def complain(sentence: str, code: int) -> int:
    """Print an error sentence and return the exit code."""
    console.errors.print(Text.assemble(("error: ", "bold red"), sentence))
    return code


if __name__ == "__main__":
    # Steps run side by side. How many threads a product of matrices has would depend on
    # what the other step does, and with it the last digits.
    for library in ("OPENBLAS_NUM", "MKL_NUM", "BLIS_NUM", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_THREADS"] = "1"
    code = main()
    if code == INTERRUPTED:  # and a step may still be computing in another thread
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)
