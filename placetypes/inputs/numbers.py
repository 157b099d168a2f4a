"""Numbers of an input file: finite, in bounds, and what they claim to be."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.database import Sql, quoted
from placetypes.inputs.rules import refusal, sentence

LARGEST = 1e12  # no percentage, density or count of people comes near it
NOT_NEGATIVE = ("non_negative", "percentage", "count")
MISSING_CODES = [
    *(-99, -999, -9999, -99999, -999999, -9999999),
    *(-222222222, -333333333, -555555555, -666666666, -888888888, -999999999),
]
FEW_VALUES, ENOUGH_ROWS = 20, 100


class Column(NamedTuple):
    """What is known of one column of numbers."""

    name: str
    rows: int
    least: float
    most: float
    above: int  # rows beyond 100
    whole: int  # rows with a whole number
    negative: int
    figures: int  # rows with a number


def find_bad(
    connection: duckdb.DuckDBPyConnection,
    numbers: list[tuple[str, str, str]],
    parameters: dict[str, Any],
) -> list[tuple[str, str, str]]:
    """Return the columns, of these names, types and kinds, that hold a bad value.

    To count what is in order takes a quarter of the time of saying what is not.
    """
    if not numbers:
        return []
    counts = ", ".join(
        f"count(case when {is_fine(*column, parameters)} then 1 end) = count(*)"
        for column in numbers
    )
    row = connection.execute(f"select {counts} from content").fetchone()
    return [column for column, fine in zip(numbers, row, strict=True) if not fine]


def is_fine(name: str, stored_type: str, kind: str, parameters: dict[str, Any]) -> Sql:
    """Return the SQL condition that a value is in order, false or NULL where not."""
    least = 0 if kind in NOT_NEGATIVE else -LARGEST
    number = number_of(name, stored_type)
    # A Parquet file can promise bounds that its NaNs do not keep.
    within = f"isfinite({number}) and {number} between {least} and {LARGEST:.0e}"
    if parameters.get("missing_values") == "leave_out" or kind == "figure":
        return f"{within} or {is_empty(name, stored_type)}"
    return within


def number_of(name: str, stored_type: str) -> Sql:
    """Return the SQL expression for a value as a number."""
    cast = "try_cast" if stored_type == "VARCHAR" else "cast"
    return f"{cast}({quoted(name)} as double)"


def is_empty(name: str, stored_type: str) -> Sql:
    """Return the SQL condition that there is no value."""
    column = quoted(name)
    if stored_type == "VARCHAR":
        return f"{column} is null or trim({column}) = ''"
    return f"{column} is null"


def check_numbers(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    key: str,
    numbers: list[tuple[str, str, str]],
    parameters: dict[str, Any],
) -> None:
    """Refuse what isn't a finite number, or is negative where it can't be.

    `numbers` are columns' names, types and kinds.
    """
    bad = find_bad(connection, numbers, parameters)
    if not bad:
        return
    area, problem, rows = connection.execute(
        f"""
        select {quoted(key)}, {problem_of(*bad[0], parameters)} as problem,
            count(*) over ()
        from content where problem is not null order by 1 limit 1
        """
    ).fetchone()
    more = f", and {rows - 1:,} more rows like it" if rows > 1 else ""
    if len(bad) > 1:
        more += f"; {len(bad) - 1} more columns have such values"
    raise refusal(
        "number_bad",
        file=path.name,
        column=bad[0][0],
        problem=problem,
        key=key,
        area=str(area),
        more=more,
        remedy=remedy(problem),
    )


def problem_of(
    name: str, stored_type: str, kind: str, parameters: dict[str, Any]
) -> Sql:
    """Return the SQL expression that says what is wrong with a value, or NULL."""
    column = quoted(name)
    is_text = stored_type == "VARCHAR"
    number = number_of(name, stored_type)
    missing = (
        "null"
        if parameters.get("missing_values") == "leave_out" or kind == "figure"
        else "'has no value (empty, null or NaN)'"
    )
    text = f"'holds the text ' || left(to_json({column}::varchar), 40)"
    return f"""
        case
            when {is_empty(name, stored_type)} then {missing}
            {f"when {number} is null then {text}" if is_text else ""}
            when isnan({number}) then 'holds a NaN (not a number)'
            when isinf({number}) then 'holds an infinity'
            when abs({number}) > {LARGEST:.0e}
                then 'holds the impossible value ' || {column}
            {
        "when " + number + " < 0 then 'holds the negative value ' || " + column
        if kind in NOT_NEGATIVE
        else ""
    }
        end"""


def remedy(problem: str) -> str:
    """Return what to do about a bad value."""
    if problem.startswith("has no value"):
        return (
            "Fill it in, or leave such areas out by name with "
            "--set missing_values=leave_out."
        )
    if re.search(r'"-?\d{1,3}(,\d{3})+(\.\d+)?"$', problem):
        return "Write numbers without commas."
    if re.search(r'"-?\d+,\d+"$', problem):
        return "Write decimals with a point."
    if problem.lower().endswith(('"na"', '"#n/a"', '"null"', '"n/a"', '"."')):
        return "Leave the cells of missing values empty (in R: na = '')."
    return "Correct the file and run again."


def doubts(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    key: str,
    numbers: list[tuple[str, str, str]],
) -> list[str]:
    """Refuse numbers that can't be what they claim; return what may be wrong."""
    kinds = {name: kind for name, _, kind in numbers}
    stored = {name: stored_type for name, stored_type, _ in numbers}
    found = [
        column
        for column in summarise(connection, numbers)
        if column.figures or refuse_without_figures(path, column)
    ]
    shares = [column for column in found if kinds[column.name] == "percentage"]
    refuse_other_units(path, shares)
    told = []
    for column in found:
        for rule, extreme in suspicions(column, kinds[column.name]):
            told += examine(
                connection, path, key, column, stored[column.name], rule, extreme
            )
    return told


def refuse_without_figures(path: Path, column: Column) -> bool:
    """Refuse a column that holds no figure, unless the file has no rows at all."""
    if column.rows:
        raise refusal("column_empty", file=path.name, column=column.name)
    return False


def summarise(
    connection: duckdb.DuckDBPyConnection, numbers: list[tuple[str, str, str]]
) -> list[Column]:
    """Return what is known of each column, from one pass over the file."""
    parts = []
    for name, stored, _ in numbers:
        x = f"case when not isnan({number_of(name, stored)}) then "
        x += f"{number_of(name, stored)} end"
        parts.append(
            f"count(*), min({x}), max({x}), count(*) filter (where {x} > 100), "
            f"count(*) filter (where {x} = trunc({x})), "
            f"count(*) filter (where {x} < 0), count({x})"
        )
    row = connection.execute(f"select {', '.join(parts)} from content").fetchone()
    return [
        Column(name, *row[7 * place : 7 * place + 7])
        for place, (name, _, _) in enumerate(numbers)
    ]


def refuse_other_units(path: Path, shares: list[Column]) -> None:
    """Refuse percentages that are all proportions, or all counts."""
    if len(shares) < 3 or shares[0].rows < FEW_VALUES:
        return
    largest = max(shares, key=lambda column: column.most)
    about = {
        "file": path.name,
        "columns": len(shares),
        "column": largest.name,
        "value": largest.most,
    }
    if largest.most <= 1:
        raise refusal("all_proportions", **about)
    above = [column for column in shares if column.above]
    if 3 * len(above) >= len(shares) and all(c.whole == c.figures for c in shares):
        raise refusal("all_counts", **about, above=len(above))


def suspicions(column: Column, kind: str) -> list[tuple[str, str]]:
    """Return the rules that a column may break, with the value that would show it."""
    rules = []
    if kind == "percentage":
        if 0 < column.most <= 1:
            rules.append(("proportion", "most"))
        elif 0 < column.above < column.figures / 2:
            rules.append(("above_hundred", "most"))
        if column.rows >= ENOUGH_ROWS:
            rules.append(("few_values", "most"))
        if column.whole == column.figures == column.rows:
            rules.append(("row_numbers", "least"))
    if column.most > 100:
        rules.append(("far_beyond", "most"))
    if column.least in MISSING_CODES:
        rules.insert(0, ("missing_code", "least"))
    elif kind == "figure" and 0 < column.negative < column.figures / 20:
        rules.append(("below_zero", "least"))
    if kind == "count" and column.whole < column.figures:
        rules.append(("decimal_counts", "decimal"))
    return rules


def neighbours(
    connection: duckdb.DuckDBPyConnection, column: Column, x: Sql
) -> tuple[Any, ...]:
    """Return how many distinct values there are, the last but one, and the second."""
    return connection.execute(
        f"with numbers as (select distinct {x} as x from content where not isnan({x})) "
        "select count(*), max(x) filter (where x < $most), "
        "min(x) filter (where x > $least) from numbers",
        {"most": column.most, "least": column.least},
    ).fetchone()


def examine(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    key: str,
    column: Column,
    stored: str,
    rule: str,
    extreme: str,
) -> list[str]:
    """Look closer at one column; return the rule's sentence where it breaks it."""
    x = number_of(column.name, stored)
    place = {
        "most": f"{x} = {float(column.most)}",
        "least": f"{x} = {float(column.least)}",
        "decimal": f"{x} <> trunc({x})",
    }[extreme]
    area, value, at_it = connection.execute(
        f"select {quoted(key)}::varchar, {x}, count(*) over () from content "
        f"where {place} order by 1 limit 1"
    ).fetchone()
    distinct, following, before = neighbours(connection, column, x)
    rows = {
        "above_hundred": column.above,
        "below_zero": column.negative,
        "few_values": column.rows,
    }.get(rule, at_it)
    about = {
        "file": path.name,
        "column": column.name,
        "key": key,
        "area": area,
        "value": value,
        "rows": rows,
        "all": column.rows,
        "distinct": distinct,
        "next": following,
        "times": round(value / following) if following else 0,
    }
    if rule == "missing_code":
        if before is not None and before <= max(column.least / 5, -90):
            return []
        raise refusal(rule, **about)
    counts_on = column.most - column.least + 1 == column.rows == distinct
    broken = {
        "few_values": 1 < distinct < FEW_VALUES,
        "far_beyond": following and following > 0 and value > 10 * following,
        "row_numbers": counts_on and column.least in (0, 1),
    }
    return [sentence(rule, **about)] if broken.get(rule, True) else []
