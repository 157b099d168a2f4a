"""The commands that hold results against each other."""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from placetypes import console
from placetypes.console import say
from placetypes.database import connect_published, is_synthetic
from placetypes.options import DEFAULT_OUTPUT, AsCsv, Debug, OutputFolder
from placetypes.runner.project import load_project

Other = Annotated[
    str,
    typer.Argument(
        help="A file (CSV, parquet, GeoPackage), a run of `history`, or a job."
    ),
]
IdColumn = Annotated[
    str, typer.Option("--id", help="The file's column with the areas' codes.")
]
ClassColumn = Annotated[
    str, typer.Option("--class", help="The file's column with their classes.")
]
OwnJob = Annotated[
    str, typer.Option("--job", help="Our job. Default: the first that fits.")
]
LevelName = Annotated[
    str, typer.Option("--level", help="A level of the job. Default: its coarsest.")
]
Layer = Annotated[str | None, typer.Option("--layer", help="Layer of a GeoPackage.")]
Lookup = Annotated[
    Path | None,
    typer.Option(
        "--lookup",
        help="CSV with our areas' codes, then those of another job's areas. Without "
        "one, the class that covers most of an area is taken.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the room's commands."""
    for command in (history, compare, compare_with, similar):
        app.command()(command)


def history(output: OutputFolder = DEFAULT_OUTPUT, debug: Debug = False) -> None:
    """List the runs: when, how long, with which commit, and whether kept."""
    from placetypes.compare.runs import databases

    kept = databases(output)
    with connect_published(output, spatial=False) as connection:
        rows = connection.execute(
            """
            select run_id, strftime(started, '%Y-%m-%d %H:%M'), round(seconds, 1),
                coalesce(git_commit[:10], ''), synthetic, command
            from meta.runs order by run_id
            """
        ).fetchall()
    console.print_table(
        ["run", "started", "seconds", "commit", "synthetic", "kept", "command"],
        [[*row[:5], row[0] in kept, row[5]] for row in rows],
    )


def compare(
    run_a: Annotated[str, typer.Argument(help="A run of `history`: its id or start.")],
    run_b: Annotated[str, typer.Argument(help="Another; default: the latest.")] = (
        "latest"
    ),
    output: OutputFolder = DEFAULT_OUTPUT,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every moved area as CSV.")
    ] = False,
    rows: Annotated[int, typer.Option("--rows", help="Moves to show.")] = 10,
    debug: Debug = False,
) -> None:
    """Compare two runs: areas that changed cluster, agreement, moved index scores."""
    from placetypes.compare.runs import compare as compare_runs
    from placetypes.compare.runs import find_run

    former, latter = find_run(output, run_a), find_run(output, run_b)
    comparisons = compare_runs(former, latter, load_project().jobs)
    if as_csv:
        print_csv(
            ["job", "area", "former_cluster", "new_cluster"],
            ([entry.job, *move] for entry in comparisons for move in entry.moves),
        )
        return
    for entry in comparisons:
        index = entry.adjusted_rand_index
        title(entry.job)
        say(
            f"  {entry.areas:,} areas in both, {len(entry.moves):,} changed cluster, "
            f"came or went; adjusted Rand index {index:.4f}"
            if index is not None
            else "  no area is in both"
        )
        if entry.moves:
            console.print_table(
                ["area", "former cluster", "new cluster"], entry.moves[:rows]
            )
        if entry.scores:
            say(f"  {len(entry.scores):,} index scores moved")
            console.print_table(
                ["cluster", "variable", "name", "former", "new", "difference"],
                entry.scores[:rows],
            )


def compare_with(
    other: Other,
    id_column: IdColumn = "",
    class_column: ClassColumn = "",
    job: OwnJob = "",
    level: LevelName = "",
    layer: Layer = None,
    lookup: Lookup = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every area as CSV.")
    ] = False,
    rows: Annotated[int, typer.Option("--rows", help="Areas to show.")] = 10,
    debug: Debug = False,
) -> None:
    """Hold a classification against another: cross-table, agreement, best matching."""
    from placetypes.compare.answer_files import AREA_COLUMNS, write_answer
    from placetypes.compare.held_against import hold_against
    from placetypes.compare.other import Question

    question = Question(job, level, other, id_column, class_column, layer, lookup)
    answer = hold_against(output, question, load_project().jobs)
    if as_csv:
        print_csv(AREA_COLUMNS, answer.pairs)
        return
    print_answer(answer, rows)
    with connect_published(output, spatial=False) as connection:
        synthetic = is_synthetic(connection)
    note = "SYNTHETIC demo data: every figure is invented" if synthetic else ""
    files = write_answer(answer, output, note)
    title("files")
    listed = ", ".join(file.name for file in files)
    say(f"  {files[0].parent}: {listed}")


def print_answer(answer: Any, rows: int) -> None:
    """Print how two classifications agree; `rows` areas that are in other classes."""
    from placetypes.compare.answer_files import (
        MATCHING_COLUMNS,
        confused,
        matching_rows,
    )

    say(
        f"{answer.measures['areas in both']:,} of {answer.areas:,} areas are in both, "
        f"by {answer.met_by}."
    )
    console.print_table(["measure", "value"], list(answer.measures.items())[1:])
    title("areas in each pair of classes")
    console.print_table(
        [answer.level, *answer.table.others, "all"],
        [
            [name, *map(int, counts)]
            for name, counts in zip(
                [*answer.table.classes, "all"], confused(answer), strict=True
            )
        ],
    )
    title("best matching")
    console.print_table(MATCHING_COLUMNS, matching_rows(answer))
    if answer.disagreeing:
        title("areas in other classes, those that fit best first")
        console.print_table(
            ["area", answer.level, "other class", "fit"],
            [pair[:4] for pair in answer.disagreeing[:rows]],
        )


def similar(
    code: Annotated[str, typer.Argument(help="An area's code.")],
    job: Annotated[
        str, typer.Option("--job", help="Default: the first that has the area.")
    ] = "",
    rows: Annotated[int, typer.Option("--rows", help="Areas to show.")] = 10,
    unlike: Annotated[
        bool, typer.Option("--unlike", help="List the most unlike areas instead.")
    ] = False,
    output: OutputFolder = DEFAULT_OUTPUT,
    as_csv: AsCsv = False,
    debug: Debug = False,
) -> None:
    """List the areas that are most like one area, and what sets it apart."""
    from placetypes.compare.similar import find_job, find_similar

    with connect_published(output, spatial=False) as connection:
        chosen = find_job(connection, code, job, load_project().jobs)
        found = find_similar(connection, chosen, code, rows, unlike=unlike)
    if as_csv:
        print_csv(found.columns, found.rows)
        return
    console.print_table(found.columns, found.rows)
    if found.standing_out:
        digits = None if found.measure == "index" else 1
        title(f"{code} against all areas")
        console.print_table(
            ["variable", "here", "mean", found.measure],
            [[*row[:3], round(row[3], digits)] for row in found.standing_out],
        )


def title(words: str) -> None:
    """Print a heading."""
    say(f"\n{words}", style="bold")


def print_csv(columns: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
