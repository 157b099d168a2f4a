"""SQL variables: how parameters and files reach a SELECT."""

import json
from typing import Any

import duckdb

from placetypes.inputs.check import InputFile
from placetypes.runner.request import Request


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
    """Set one SQL variable; an empty list is one of texts, so `in` finds nothing.

    What has no SQL type, such as a list of numbers and mappings, comes as JSON.
    """
    if is_nested(value):
        value = json.dumps(value)
    cast = "::varchar[]" if value == [] else ""
    connection.execute(f'set variable "{name}" = $1{cast}', [value])


def is_nested(value: Any) -> bool:
    """Tell a mapping, or a list that holds lists or mappings."""
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(v, list | dict) for v in value)
