"""Exports: published tables as GeoPackage, GeoParquet, CSV and Markdown."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import (
    Sql,
    is_geometry,
    latest_run,
    literal,
    quoted,
    quoted_table,
    table_columns,
)
from placetypes.errors import PlacetypesError
from placetypes.exports.geopackage import add_layers, forget_writing
from placetypes.exports.older_duckdb import stage_for_older
from placetypes.exports.workbook import write_workbook
from placetypes.publishing import (
    STAGING,
    finish_publishing,
    only_run,
    publish_staged,
)
from placetypes.runner.project import Project


def stage_exports(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    staging: Path,
    scheme: str = "",
    *,
    layers: bool = True,
    book: Callable[..., None] = write_workbook,
) -> list[str]:
    """Write every export whose table exists into the staging folder.

    Without `layers` a GeoPackage has its own layer only. `book` writes a workbook.
    Returns the files' paths below that folder.
    """
    staged = []
    for job in project.jobs.values():
        # Workbooks first: another process may write them while the rest is made.
        for file in sorted(job.exports, key=lambda name: not name.endswith(".xlsx")):
            entry = job.exports[file]
            table = f"{job.name}.{entry['table']}"
            if not table_columns(connection, table):
                continue
            target = staging / job.name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            staged.append(f"{job.name}/{file}")
            if target.suffix == ".xlsx":
                book(connection, project, job.name, target, file)
                continue
            export(connection, table, target, entry)
            if target.suffix == ".gpkg":
                try:
                    if layers:
                        add_layers(connection, job.name, target, entry)
                    style(connection, table, target, entry, scheme)
                    forget_writing(target)
                except sqlite3.Error as error:
                    raise PlacetypesError(
                        f"{target.name} can't be written: {error}"
                    ) from error
    return staged


def write_exports(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    output: Path,
    scheme: str,
    *,
    layers: bool = True,
    older: bool = False,
) -> list[Path]:
    """Write every export again from published tables and return the files.

    With `older` there is a copy of the database for older versions of DuckDB, too.
    """
    with only_run(output):
        finish_publishing(output)
        staged = stage_exports(
            connection, project, output / STAGING, scheme, layers=layers
        )
        if older:
            staged.append(stage_for_older(output, output / STAGING))
        publish_staged(output, staged, latest_run(connection))
    return [output / file for file in staged]


def style(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    target: Path,
    entry: dict[str, Any],
    scheme: str,
) -> None:
    """Give a GeoPackage styles for QGIS, one for each of the entry's style columns."""
    if not scheme or not entry.get("styles"):
        return
    from placetypes.exports.qgis_style import write_styles

    write_styles(connection, table, target, entry, scheme)


def export(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    target: Path,
    entry: dict[str, Any],
) -> None:
    """Write one table in the format that the file's ending names."""
    if target.suffix in (".md", ".json"):
        export_text(connection, table, target)
        return
    query, options = exported(connection, table, entry, target.suffix)
    try:
        connection.execute(f"copy ({query}) to {literal(str(target))} ({options})")
    except duckdb.Error as error:
        reason = str(error).split("\n")[0]
        raise PlacetypesError(f"{target.name} can't be written: {reason}") from error


def export_text(
    connection: duckdb.DuckDBPyConnection, table: str, target: Path
) -> None:
    """Write a table's column `text`, its rows in order, with blank lines between."""
    rows = (
        connection.sql(f"from {quoted_table(table)}")
        .order("all")
        .project("text")
        .fetchall()
    )
    target.write_text("\n\n".join(row[0] for row in rows) + "\n", "utf-8")


def unformulaic(column: str) -> Sql:
    """Return SQL that puts an apostrophe before what Excel takes for a formula."""
    name = quoted(column)
    is_formula = (
        f"regexp_matches({name}, '^[=+@-]') and try_cast({name} as double) is null"
    )
    return Sql(f"""if({is_formula}, {literal("'")} || {name}, {name})""")


def csv_cell(columns: dict[str, str], column: str, decimals: int | None) -> Sql:
    """Return SQL for a cell of a CSV: a safe text, a number rounded where so said."""
    if columns[column] == "VARCHAR":
        return unformulaic(column)
    if columns[column] == "DOUBLE" and decimals is not None:
        return Sql(f"round({quoted(column)}, {int(decimals)})")
    return quoted(column)


def exported(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    entry: dict[str, Any],
    suffix: str = ".csv",
) -> tuple[Sql, Sql]:
    """Return the rows of an export as a query, and the COPY options of its format."""
    columns = table_columns(connection, table)
    renamed = entry.get("rename", {})
    kept = [
        name
        for name in entry.get("columns", columns)
        if name in columns and name not in entry.get("without", [])
    ]
    plain = [name for name in kept if not is_geometry(columns[name])]
    geometry = [name for name in kept if is_geometry(columns[name])]
    where = Sql(f" where {entry['where']}" if "where" in entry else "")
    rows = f"from {quoted_table(table)}{where}"

    def listed_columns(cells: dict[str, Sql]) -> Sql:
        titles = [f"{cell} as {quoted(renamed.get(n, n))}" for n, cell in cells.items()]
        return Sql(", ".join(titles))

    if suffix == ".parquet":
        return f"select {listed_columns({n: quoted(n) for n in kept})} {rows}", (
            "format parquet, compression zstd"
        )
    if suffix == ".csv":
        safe = {n: csv_cell(columns, n, entry.get("decimals")) for n in plain}
        return f"select {listed_columns(safe)} {rows}", "header"
    shape = f"st_multi({quoted(geometry[0])}) as geom"
    crs = columns[geometry[0]].removeprefix("GEOMETRY('").removesuffix("')")
    options = (
        "format gdal, driver 'GPKG', geometry_type 'MULTIPOLYGON', "
        f"srs {literal(crs)}, "
        f"layer_creation_options {literal('LAYER_NAME=' + entry['layer'])}"
    )
    return (
        f"select {listed_columns({n: quoted(n) for n in plain})}, {shape} {rows}",
        options,
    )
