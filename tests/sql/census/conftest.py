"""The census models' tests share one database, emptied after each test."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from placetypes.database import connect
from placetypes.sources import read_macros

MACROS = Path(__file__).parents[3] / "sql" / "macros.sql"


@pytest.fixture(scope="session")
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open one in-memory database: loading geometry takes 0.2 s."""
    with connect() as connection:
        for macro in read_macros(MACROS).values():
            connection.execute(macro)
        yield connection


@pytest.fixture
def connection(
    opened: duckdb.DuckDBPyConnection,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the shared database without tables and variables."""
    yield opened
    opened.execute("use main; drop schema if exists census cascade")
    for (name,) in opened.execute("select name from duckdb_variables()").fetchall():
        opened.execute(f'reset variable "{name}"')
