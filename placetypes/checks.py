"""Data checks: what tables.yml promises of a table, asked of its rows.

A check is a query that returns the rows which break the promise. `error` stops the run
before anything is published; `warn` is reported and recorded.
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import duckdb

from placetypes.database import Sql, literal, quoted
from placetypes.errors import PlacetypesError

SEVERITIES = ("error", "warn")


class Check(NamedTuple):
    """One promise about a table."""

    table: str
    name: str  # such as: not_null area
    severity: str
    query: Sql  # returns the rows that break it


class CheckResult(NamedTuple):
    """How many rows break a promise, and a few of them."""

    check: Check
    failing: int
    columns: list[str]
    examples: list[tuple[Any, ...]]

    @property
    def is_error(self) -> bool:
        """Tell whether the promise is broken and may not be."""
        return bool(self.failing) and self.check.severity == "error"


def read_checks(table: str, entries: list[Any], own: set[str]) -> list[Check]:
    """Turn what tables.yml says of a table into checks, one for each column listed.

    Names of the job's `own` tables get the job before them, so that a query can be
    pasted. Raises PlacetypesError for a check that isn't well formed.
    """
    job = table.partition(".")[0]
    return [
        check._replace(query=qualified(check.query, job, own))
        for entry in entries
        for check in read_check(table, dict(entry))
    ]


def read_check(table: str, entry: dict[str, Any]) -> list[Check]:
    """Turn one entry of `checks` into checks: one for each column that it lists."""
    severity = entry.pop("severity", "error")
    given_name = entry.pop("name", None)
    if len(entry) != 1 or severity not in SEVERITIES:
        raise PlacetypesError(
            f"tables.yml, {table}: a check has one kind and perhaps a name and a "
            f"severity ({' or '.join(SEVERITIES)}), not {entry}."
        )
    kind, value = next(iter(entry.items()))
    if kind not in KINDS:
        raise PlacetypesError(
            f"tables.yml, {table}: there is no check {kind}. Known: {', '.join(KINDS)}."
        )
    subjects = value if kind == "not_null" and isinstance(value, list) else [value]
    return [
        Check(
            table,
            given_name or f"{kind} {subject_of(subject)}",
            severity,
            Sql(KINDS[kind](table, subject)),  # what tables.yml says is our own
        )
        for subject in subjects
    ]


def qualified(query: Sql, job: str, own: set[str]) -> Sql:
    """Write the job before each of its own tables that a query reads."""
    rewritten = re.sub(
        r"\b(from|join)\s+(\w+)(?![\w.(])",
        lambda found: f"{found[1]} {job}.{found[2]}" if found[2] in own else found[0],
        query,
    )
    return Sql(rewritten)


def subject_of(value: Any) -> str:
    """Say in a word what a check is about."""
    if isinstance(value, dict):
        return str(value["column"])
    return joined(value)


def joined(columns: Any) -> str:
    """Return one column's name or several."""
    return ", ".join(columns) if isinstance(columns, list) else str(columns)


def key_of(columns: Any) -> str:
    """Return one column or several for SQL; a name may hold a full stop."""
    return ", ".join(map(quoted, [columns] if isinstance(columns, str) else columns))


def accepted_values(table: str, value: dict[str, Any]) -> str:
    """Find values that aren't in a list; null passes."""
    values = ", ".join(
        literal(item) if isinstance(item, str) else json.dumps(item)
        for item in value["values"]
    )
    return f"from {table} where {value['column']} not in ({values})"


def value_range(table: str, value: dict[str, Any]) -> str:
    """Find numbers out of bounds, the bounds being allowed; null passes."""
    column = value["column"]
    outside = [
        f"{column} {sign} {value[bound]}"
        for bound, sign in (("minimum", "<"), ("maximum", ">"))
        if bound in value
    ]
    return f"from {table} where {' or '.join(outside)} or isnan({column}::double)"


def relationships(table: str, value: dict[str, Any]) -> str:
    """Find values that aren't in a column of another table; null passes."""
    other, _, column = value["to"].rpartition(".")
    return (
        f"from {table} where {value['column']} not in "
        f"(select {column} from {other} where {column} is not null)"
    )


KINDS: dict[str, Callable[[str, Any], str]] = {
    "not_null": lambda table, column: f"from {table} where {column} is null",
    "unique": lambda table, columns: (
        f"select {key_of(columns)}, count(*) as rows from {table} "
        f"group by {key_of(columns)} having count(*) > 1"
    ),
    "accepted_values": accepted_values,
    "range": value_range,
    "relationships": relationships,
    "row_count_equals": lambda table, other: (
        f"from (select (select count(*) from {table}) as rows, "
        f"(select count(*) from {other}) as expected) where rows <> expected"
    ),
    # A condition that is null isn't met either.
    "expression": lambda table, condition: (
        f"from (select *, ({condition}) as holds from {table}) where holds is not true"
    ),
}


def run_checks(
    connection: duckdb.DuckDBPyConnection, checks: list[Check]
) -> list[CheckResult]:
    """Count the rows that break each check and fetch three of them.

    One statement asks them all: most take less time than a statement's own cost.
    """
    if not checks:
        return []
    counts = ", ".join(f"(select count(*) from ({check.query}))" for check in checks)
    try:
        failing = connection.execute(f"select {counts}").fetchone()
    except duckdb.Error:
        # One can't run, or not beside the others. By itself each has its own sentence.
        return [run_check(connection, check) for check in checks]
    return [
        run_check(connection, check) if count else CheckResult(check, 0, [], [])
        for check, count in zip(checks, failing, strict=True)
    ]


def run_check(connection: duckdb.DuckDBPyConnection, check: Check) -> CheckResult:
    """Count the rows that break one check and fetch three of them."""
    try:
        failing = connection.execute(f"select count(*) from ({check.query})").fetchone()
        examples = connection.execute(f"{check.query} limit 3")
    except duckdb.Error as error:
        raise PlacetypesError(
            f"The check {check.name} of {check.table} can't run: "
            f"{str(error).splitlines()[0]}. Correct it in tables.yml."
        ) from error
    columns = [column[0] for column in examples.description]
    return CheckResult(check, failing[0], columns, examples.fetchall())


def checks_hash(checks: list[Check]) -> str:
    """Hash a table's checks, to see whether they changed."""
    return hashlib.sha256(json.dumps(checks).encode()).hexdigest()


def failure_sentence(result: CheckResult, output: object) -> str:
    """Say what a failed check found, with three rows and the query to paste."""
    rows = "; ".join(
        ", ".join(
            f"{column} {short(value)}"
            for column, value in zip(result.columns, row, strict=True)
            if not isinstance(value, bytes)
        )
        for row in result.examples
    )
    query = result.check.query.replace('"', '\\"')
    return (
        f"{result.check.table} breaks the check {result.check.name}: "
        f"{result.failing:,} rows, such as {rows}. Nothing was published. See all: "
        f'python pipeline.py sql --work --output {output} "{query}"'
    )


def short(value: Any) -> str:
    """Write a value for a sentence."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def warning_sentence(result: CheckResult) -> str:
    """Say what a check of severity `warn` found."""
    return (
        f"warning: {result.check.table} breaks the check {result.check.name} in "
        f"{result.failing:,} rows; see {result.check.query}"
    )
