"""SQL models: what a file of SQL reads, found by parsing it, never declared twice."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from placetypes.errors import PlacetypesError

if TYPE_CHECKING:
    from sqlglot import exp


class ParsedSql(NamedTuple):
    """What a SELECT reads and its text without comments and layout."""

    canonical: str
    tables: tuple[str, ...]  # schema.table
    variables: tuple[str, ...]  # names given to getvariable()
    functions: frozenset[str]  # names that sqlglot doesn't know: macros among them


def parse_sql(path: Path) -> ParsedSql:
    """Parse one model. Raises PlacetypesError where it isn't one plain SELECT."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = sqlglot.parse(path.read_text("utf-8"), dialect="duckdb")
    except (sqlglot.errors.SqlglotError, UnicodeDecodeError) as error:
        raise PlacetypesError(f"{path.name} can't be parsed: {error}") from error
    found = [statement for statement in statements if statement is not None]
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise PlacetypesError(f"{path.name} must hold one SELECT and nothing else.")
    return ParsedSql(
        canonical=found[0].sql(dialect="duckdb", comments=False),
        tables=tuple(sorted(table_names(found[0]))),
        variables=tuple(sorted(variable_names(found[0], path.name))),
        functions=frozenset(
            call.name.lower() for call in found[0].find_all(exp.Anonymous)
        ),
    )


def table_names(query: "exp.Expression") -> set[str]:
    """Return every schema.table that the query reads."""
    from sqlglot import exp

    return {
        f"{table.db}.{table.name}".lower()
        for table in query.find_all(exp.Table)
        if table.db
    }


def variable_names(query: "exp.Expression", file_name: str) -> set[str]:
    """Return the names in getvariable('…'), which must be literal."""
    from sqlglot import exp

    names = set()
    for call in query.find_all(exp.Anonymous):
        if call.name.lower() != "getvariable":
            continue
        argument = call.expressions[0]
        if not isinstance(argument, exp.Literal):
            raise PlacetypesError(
                f"{file_name}: getvariable() takes a name in quotes, not {argument}."
            )
        names.add(argument.this)
    return names


def first_comment(text: str) -> str:
    """Return the text of the comment that opens a SQL file, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def read_macros(path: Path) -> dict[str, str]:
    """Return each macro's statement by its name; the file holds nothing else."""
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    macros = {}
    for statement in filter(None, map(str.strip, text.split(";"))):
        match = re.match(r"create or replace macro (\w+)", statement)
        if match is None:
            raise PlacetypesError(
                f"{path.name} holds something that isn't a macro: {statement[:60]}"
            )
        macros[match[1]] = " ".join(statement.split())
    return macros
