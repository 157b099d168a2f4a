"""The published database for older versions of DuckDB."""

from pathlib import Path

from placetypes.database import (
    attach_published,
    connect,
    literal,
    quoted,
    write_anew,
)

# The oldest storage there is. DuckDB 1.1 to 2.0 read it.
OLDEST = "v1.0.0"
FILE = "placetypes_older_duckdb.duckdb"


def stage_for_older(output: Path, staging: Path) -> str:
    """Copy the published database in the oldest storage; return the file's name.

    That storage forgets coordinate systems, so each is told in its column's comment
    (`select comment from duckdb_columns()`).
    """
    with connect() as connection:
        attach_published(connection, output)
        connection.execute("use published")
        write_anew(connection, staging / FILE, OLDEST)
        systems = connection.execute(
            """
            select schema_name, table_name, column_name,
                regexp_extract(data_type, '''(.*)''', 1)
            from duckdb_columns()
            where database_name = 'published' and data_type like 'GEOMETRY(%'
            """
        ).fetchall()
        path = literal(str(staging / FILE))
        connection.execute(f"attach {path} as older")
        for schema, table, column, system in systems:
            name = ".".join(map(quoted, ("older", schema, table, column)))
            connection.execute(f"comment on column {name} is {literal(system)}")
        connection.execute("detach older")
    return FILE
