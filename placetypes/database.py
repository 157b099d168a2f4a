"""The warehouse: DuckDB connections, the work database and the published copy.

A writer locks every other process out of a DuckDB file, readers too. So a run builds in
a work database of its own and publishes by writing a new file and renaming it over
`placetypes.duckdb`: a reader sees the whole old result or the whole new one.
"""

import importlib.util
import shutil
from pathlib import Path
from typing import NewType

import duckdb

from placetypes.errors import PlacetypesError, one_line
from placetypes.publishing import finish_if_interrupted

# A statement or a part of one: our own words, or quoted below. Nothing else is run;
# tests/test_sql_is_quoted.py holds that.
Sql = NewType("Sql", str)

PUBLISHED = "placetypes.duckdb"
WORK = ".work.duckdb"

# DuckDB's default storage, readable by its oldest versions, forgets a geometry's
# coordinate system when the file is closed.
STORAGE = "v1.5.0"
CONFIG = {
    "storage_compatibility_version": STORAGE,
    # What is needed comes from wheels; nothing is fetched or loaded unasked.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # Until `connect` has loaded its own: to hash 80 MB again takes 0.3 s, each time,
    # and tells no more than that a file is as its wheel brought it: pip checked that.
    "allow_unsigned_extensions": "true",
}
SIGNED_ONLY = "set allow_unsigned_extensions = false"  # which nobody can undo


def spatial_extension() -> Path:
    """Return the spatial extension inside its wheel, which needs no network."""
    specification = importlib.util.find_spec("duckdb_extension_spatial")
    if specification is None or not specification.submodule_search_locations:
        raise PlacetypesError(
            "The package duckdb-extension-spatial is not installed: "
            "pip install duckdb-extension-spatial==1.5.5."
        )
    folder = Path(specification.submodule_search_locations[0]) / "extensions"
    path = folder / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    if not path.exists():
        raise PlacetypesError(
            f"duckdb-extension-spatial holds no extension for DuckDB "
            f"{duckdb.__version__}: install the versions of requirements.txt."
        )
    return path


def connect_plain(
    path: Path | None = None, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open a database (in memory without a path) without the spatial functions."""
    connection = open_database(path, read_only=read_only)
    connection.execute(SIGNED_ONLY)
    return connection


def open_database(path: Path | None, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a database (in memory without a path) that still takes any extension."""
    return duckdb.connect(path or ":memory:", read_only=read_only, config=CONFIG)


def connect(
    path: Path | None = None, *, read_only: bool = False, threads: int = 0
) -> duckdb.DuckDBPyConnection:
    """Open a database (in memory without a path) that knows geometry."""
    connection = open_database(path, read_only=read_only)
    connection.load_extension(str(spatial_extension()))
    connection.execute(SIGNED_ONLY)
    configure(connection)
    if threads:
        connection.execute(f"set threads = {int(threads)}")
    return connection


def configure(connection: duckdb.DuckDBPyConnection) -> None:
    """Set what each connection to a database has to be told by itself."""
    # Without this, EPSG:4326 comes out latitude first.
    connection.execute("set geometry_always_xy = true")
    connection.execute("set enable_progress_bar = false")


def second_connection(
    connection: duckdb.DuckDBPyConnection,
) -> duckdb.DuckDBPyConnection:
    """Open another connection to the same database, for another thread."""
    second = connection.cursor()
    configure(second)
    return second


def connect_published(
    output: Path, *, spatial: bool = True
) -> duckdb.DuckDBPyConnection:
    """Open the published database for reading, once what was published is in place."""
    finish_if_interrupted(output)
    path = output / PUBLISHED
    if not path.exists():
        raise PlacetypesError(
            f"There is no result in {output} yet: python pipeline.py run makes it."
        )
    try:
        connection = (connect if spatial else connect_plain)(path, read_only=True)
    except duckdb.Error as error:
        raise unreadable(path, error) from error
    if not table_columns(connection, "meta.runs"):
        connection.close()
        raise PlacetypesError(
            f"{path} is no result of placetypes: choose another folder with --output."
        )
    return connection


def unreadable(path: Path, error: duckdb.Error) -> PlacetypesError:
    """Return the sentence for a published database that can't be opened."""
    if path.is_dir():
        return PlacetypesError(f"{path} is a folder where the result belongs.")
    if "lock" in str(error).lower():
        return PlacetypesError(
            f"{path} is open for writing in another program: close it there."
        )
    return PlacetypesError(
        f"{path} is damaged ({one_line(error)}): `run` sets it aside and builds "
        f"everything anew; {path.parent / 'history'} holds former results."
    )


def attach_published(connection: duckdb.DuckDBPyConnection, output: Path) -> None:
    """Make the published tables, if any, readable as published.schema.table."""
    if (output / PUBLISHED).exists():
        path = literal(str(output / PUBLISHED))
        connection.execute(f"attach {path} as published (read_only)")


def remove_database(path: Path) -> None:
    """Delete a database file and its log."""
    for suffix in ("", ".wal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def stage(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy the whole database's file; write it anew where a tenth of it is empty.

    Where tables were dropped or built again, their room stays in a file.
    """
    connection.execute("checkpoint")
    path, has_room = connection.execute(
        "select path, 10 * free_blocks > total_blocks from pragma_database_size() "
        "inner join duckdb_databases() using (database_name) "
        "where database_name = current_database()"
    ).fetchone()
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_database(target)
    try:
        if not has_room:
            shutil.copyfile(path, target)
            return
    except PermissionError:
        pass  # Windows lets nobody else read a database that is open for writing
    write_anew(connection, target)


def write_anew(
    connection: duckdb.DuckDBPyConnection, target: Path, storage: str = STORAGE
) -> None:
    """Write the whole database into a fresh, compact file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_database(target)
    connection.execute(
        f"attach {literal(str(target))} as staged (storage_version {literal(storage)})"
    )
    source = connection.execute("select current_database()").fetchone()[0]
    connection.execute(f"copy from database {quoted(source)} to staged")
    connection.execute("detach staged")


def latest_run(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the id of the run that published a database."""
    return connection.execute("select max(run_id) from meta.runs").fetchone()[0]


def literal(text: str) -> Sql:
    """Quote a text for SQL."""
    return Sql("'" + text.replace("'", "''") + "'")


def quoted(name: str) -> Sql:
    """Quote an identifier for SQL."""
    return Sql('"' + name.replace('"', '""') + '"')


def quoted_table(full_name: str) -> Sql:
    """Quote a table's name with its schema, and its database where it has one."""
    return Sql(".".join(map(quoted, full_name.split("."))))


def is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether what is published was made from the demo."""
    row = connection.execute(
        "select arg_max(synthetic, run_id) from meta.runs"
    ).fetchone()
    return bool(row[0])


def is_geometry(data_type: str) -> bool:
    """Tell whether a column's type is geometry, with or without a CRS."""
    return data_type == "GEOMETRY" or data_type.startswith("GEOMETRY(")


def table_columns(
    connection: duckdb.DuckDBPyConnection, full_name: str
) -> dict[str, str]:
    """Return a table's columns with their types, none where it isn't there."""
    try:
        rows = connection.execute(f"describe {quoted_table(full_name)}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}  # no such table or, with a Binder Error, no such database
    return {row[0]: row[1] for row in rows}


def has_rows(connection: duckdb.DuckDBPyConnection, full_name: str) -> bool:
    """Tell whether a table is there and holds something."""
    is_there = bool(table_columns(connection, full_name))
    first = f"from {quoted_table(full_name)} limit 1"
    return is_there and connection.execute(first).fetchone() is not None
