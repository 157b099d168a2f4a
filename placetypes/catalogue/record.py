"""What a published database tells of its tables, checks, files, parameters and runs."""

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.database import PUBLISHED, Sql, connect_published

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

TYPES = """
select schema_name || '.' || table_name as place, column_name, data_type
from duckdb_columns() where database_name = current_database()
order by schema_name, table_name, column_index
"""
TIME = "strftime(make_timestamp(epoch_us({})), '%Y-%m-%d %H:%M UTC')"
MODELS = f"from meta.models select * replace ({TIME.format('built_at')} as built_at)"
RUNS = f"""
from meta.runs select * replace ({TIME.format("started")} as started)
order by run_id desc
"""


class Record(NamedTuple):
    """What the published database tells of itself; empty where there is none."""

    types: dict[str, dict[str, str]]  # by table and column
    models: dict[str, Row]
    checks: dict[tuple[str, str], Row]  # by model and check
    inputs: dict[tuple[str, str], Row]  # by job and input
    parameters: dict[str, Row]
    runs: list[Row]  # the newest first


def read_record(output: Path) -> Record:
    """Read what the last run noted."""
    if not (output / PUBLISHED).exists():
        return Record({}, {}, {}, {}, {}, [])
    with connect_published(output, spatial=False) as connection:
        types: dict[str, dict[str, str]] = {}
        for row in read_rows(connection, TYPES):
            types.setdefault(row["place"], {})[row["column_name"]] = row["data_type"]
        return Record(
            types,
            by(read_rows(connection, MODELS), "model"),
            by(read_rows(connection, "from meta.checks"), "model", "name"),
            by(read_rows(connection, "from meta.inputs"), "job", "input"),
            by(read_rows(connection, "from meta.parameters"), "parameter"),
            read_rows(connection, RUNS),
        )


def read_rows(connection: "duckdb.DuckDBPyConnection", query: Sql) -> list[Row]:
    """Return a query's rows as dicts."""
    result = connection.sql(query)
    return [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]


def by(rows: list[Row], *keys: str) -> dict[Any, Row]:
    """Return rows by one key, or by a tuple of several."""
    return {itemgetter(*keys)(row): row for row in rows}
