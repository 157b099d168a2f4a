"""A copy of what is published in a warehouse that several people share."""

import importlib.util
from collections.abc import Set
from pathlib import Path

import duckdb

from placetypes.database import PUBLISHED, connect, literal, quoted_table
from placetypes.errors import PlacetypesError

# A path that begins so needs the extension of that name.
EXTENSIONS = {"md:": "motherduck", "ducklake:": "ducklake"}


def copy_to_warehouse(output: Path, warehouse: str, private: Set[str]) -> None:
    """Copy the published tables to a shared warehouse, all of them or none.

    `private` are the jobs whose tables stay: they hold people's own records.
    `warehouse` is what DuckDB can attach: `ducklake:catalogue.ducklake`, `md:name`
    (MotherDuck; its token comes from the environment) or another DuckDB file.
    """
    with connect() as connection:
        load_extension_for(connection, warehouse)
        try:
            connection.execute(f"attach {literal(warehouse)} as warehouse")
        except duckdb.Error as error:
            raise PlacetypesError(
                f"The warehouse {warehouse} can't be opened "
                f"({str(error).splitlines()[0]}). The result is published in {output}; "
                "only its copy is missing."
            ) from error
        published = literal(str(output / PUBLISHED))
        connection.execute(f"attach {published} as published (read_only)")
        if is_copied(connection):
            return
        tables = connection.execute(
            """
            select schema_name, table_name from duckdb_tables()
            where database_name = 'published' and not list_contains($1, schema_name)
            """,
            [sorted(private)],
        ).fetchall()
        connection.execute("begin")
        for schema, table in tables:
            name = f"{schema}.{table}"
            connection.execute(
                f"create schema if not exists {quoted_table(f'warehouse.{schema}')}"
            )
            connection.execute(
                f"create or replace table {quoted_table(f'warehouse.{name}')} as "
                f"from {quoted_table(f'published.{name}')}"
            )
        # How many rows a private table has is nobody else's business either.
        connection.execute(
            "delete from warehouse.meta.models "
            "where list_contains($1, split_part(model, '.', 1))",
            [sorted(private)],
        )
        connection.execute("commit")


def is_copied(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the warehouse holds the result that is published."""
    known = connection.execute(
        "from duckdb_tables() select count(*) where database_name = 'warehouse' "
        "and schema_name = 'meta' and table_name = 'runs'"
    ).fetchone()
    if known == (0,):
        return False
    runs = connection.execute(
        "select (select max(run_id) from published.meta.runs) "
        "= (select max(run_id) from warehouse.meta.runs)"
    ).fetchone()
    return runs == (True,)


def load_extension_for(connection: duckdb.DuckDBPyConnection, warehouse: str) -> None:
    """Load the extension that a warehouse needs, from its wheel."""
    for start, name in EXTENSIONS.items():
        if not warehouse.startswith(start):
            continue
        package = importlib.util.find_spec(f"duckdb_extension_{name}")
        if package is None or not package.submodule_search_locations:
            raise PlacetypesError(
                f"The warehouse {warehouse} needs the package duckdb-extension-{name}: "
                f"pip install duckdb-extension-{name}=={duckdb.__version__}."
            )
        folder = Path(package.submodule_search_locations[0]) / "extensions"
        path = folder / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        connection.load_extension(str(path))
