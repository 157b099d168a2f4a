"""SQL variables: how parameters and files reach a SELECT."""

from typing import Any

import duckdb

from runner.inputs import InputFile
from runner.request import Request


def set_variables(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    job: str,
    files: dict[str, InputFile],
) -> None:
    """Offer a job's parameters and files to SQL as getvariable('…')."""
    variables: dict[str, Any] = dict(request.values(job))
    for file in files.values():
        variables |= file.variables
    for name, value in variables.items():
        set_variable(connection, name, value)


def set_variable(connection: duckdb.DuckDBPyConnection, name: str, value: Any) -> None:
    """Set one SQL variable; an empty list is one of texts, so `in` finds nothing."""
    cast = "::varchar[]" if value == [] else ""
    connection.execute(f'set variable "{name}" = $1{cast}', [value])
