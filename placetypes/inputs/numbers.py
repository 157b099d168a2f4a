"""Numbers of an input file: finite, in bounds, and what they claim to be."""

import math
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
FIRST_ROWS = 2048


class Column(NamedTuple):
    """What is known of one column of numbers."""

    name: str
    stored: str  # its type in the file
    kind: str
    rows: int
    figures: int  # rows with a number
    empty: int
    total: float  # not finite where one number isn't
    least: float
    most: float


class Closer(NamedTuple):
    """What only a closer look tells of a column."""

    above: int  # rows beyond 100
    negative: int
    whole: int  # rows with a whole number


def survey(
    connection: duckdb.DuckDBPyConnection, numbers: list[tuple[str, str, str]]
) -> list[Column]:
    """Return what one pass over the file tells of columns, of these names and types.

    To sum what is in order takes a tenth of the time of asking each number.
    """
    if not numbers:
        return []
    parts = []
    for name, stored, _ in numbers:
        x = number_of(name, stored)
        empty = f"count(*) filter (where {is_empty(name, stored)})"
        if stored != "VARCHAR":
            empty = f"count(*) - count({x})"
        parts.append(f"count(*), count({x}), {empty}, sum({x}), min({x}), max({x})")
    row = connection.execute(f"select {', '.join(parts)} from content").fetchone()
    return [
        Column(*number, *row[6 * place : 6 * place + 6])
        for place, number in enumerate(numbers)
    ]


def is_bad(column: Column, parameters: dict[str, Any]) -> bool:
    """Tell whether a column holds what is no number in bounds, or lacks one.

    A Parquet file can promise bounds that its NaNs do not keep; their sum can't.
    """
    if column.empty and not may_be_empty(column.kind, parameters):
        return True
    if column.figures + column.empty < column.rows:
        return True
    if not column.figures:
        return False
    bound = 0 if column.kind in NOT_NEGATIVE else -LARGEST
    within = bound <= column.least and column.most <= LARGEST
    return not (math.isfinite(column.total) and within)


def may_be_empty(kind: str, parameters: dict[str, Any]) -> bool:
    """Tell whether a cell without a value is in order."""
    return parameters.get("missing_values") == "leave_out" or kind == "figure"


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
    columns: list[Column],
    parameters: dict[str, Any],
) -> None:
    """Refuse what isn't a finite number, or is negative where it can't be."""
    bad = [column for column in columns if is_bad(column, parameters)]
    if not bad:
        return
    area, problem, rows = connection.execute(
        f"""
        select {quoted(key)}, {problem_of(bad[0], parameters)} as problem,
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
        column=bad[0].name,
        problem=problem,
        key=key,
        area=str(area),
        more=more,
        remedy=remedy(problem),
    )


def problem_of(column: Column, parameters: dict[str, Any]) -> Sql:
    """Return the SQL expression that says what is wrong with a value, or NULL."""
    name = quoted(column.name)
    is_text = column.stored == "VARCHAR"
    number = number_of(column.name, column.stored)
    missing = (
        "null"
        if may_be_empty(column.kind, parameters)
        else "'has no value (empty, null or NaN)'"
    )
    text = f"'holds the text ' || left(to_json({name}::varchar), 40)"
    return f"""
        case
            when {is_empty(column.name, column.stored)} then {missing}
            {f"when {number} is null then {text}" if is_text else ""}
            when isnan({number}) then 'holds a NaN (not a number)'
            when isinf({number}) then 'holds an infinity'
            when abs({number}) > {LARGEST:.0e}
                then 'holds the impossible value ' || {name}
            {
        "when " + number + " < 0 then 'holds the negative value ' || " + name
        if column.kind in NOT_NEGATIVE
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
    connection: duckdb.DuckDBPyConnection, path: Path, key: str, columns: list[Column]
) -> list[str]:
    """Refuse numbers that can't be what they claim; return what may be wrong."""
    found = [c for c in columns if c.figures or refuse_without_figures(path, c)]
    few, closer = look_closer(connection, found)
    shares = [column for column in found if column.kind == "percentage"]
    refuse_other_units(path, shares, closer)
    told = []
    for column in found:
        looked = closer[column.name]
        for rule, extreme in suspicions(column, looked, column.name in few):
            told += examine(connection, path, key, column, looked, rule, extreme)
    return told


def refuse_without_figures(path: Path, column: Column) -> bool:
    """Refuse a column that holds no figure, unless the file has no rows at all."""
    if column.rows:
        raise refusal("column_empty", file=path.name, column=column.name)
    return False


def look_closer(
    connection: duckdb.DuckDBPyConnection, columns: list[Column]
) -> tuple[set[str], dict[str, Closer]]:
    """Return the columns that may have few values, and what a closer look tells.

    The first rows tell of most columns that they have many values, and decimals.
    """
    if not columns:
        return set(), {}
    number = {c.name: number_of(c.name, c.stored) for c in columns}
    row = connection.execute(
        "select "
        + ", ".join(
            f"count(distinct {x}), coalesce(bool_and({x} = trunc({x})), true)"
            for x in number.values()
        )
        + f" from (from content limit {FIRST_ROWS})"
    ).fetchone()
    few = {
        c.name
        for c, values in zip(columns, row[::2], strict=True)
        if values < FEW_VALUES
    }
    asked = [
        column.name
        for column, whole in zip(columns, row[1::2], strict=True)
        if whole or column.most > 100 or column.least < 0
    ]
    closer = dict.fromkeys(number, Closer(0, 0, 0))
    if asked:
        counts = ", ".join(
            f"count(*) filter (where {number[name]} {condition})"
            for name in asked
            for condition in ("> 100", "< 0", f"= trunc({number[name]})")
        )
        row = connection.execute(f"select {counts} from content").fetchone()
        for place, name in enumerate(asked):
            closer[name] = Closer(*row[3 * place : 3 * place + 3])
    return few, closer


def refuse_other_units(
    path: Path, shares: list[Column], closer: dict[str, Closer]
) -> None:
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
    above = [column for column in shares if column.most > 100]
    whole = all(closer[column.name].whole == column.figures for column in shares)
    if 3 * len(above) >= len(shares) and whole:
        raise refusal("all_counts", **about, above=len(above))


def suspicions(
    column: Column, closer: Closer, may_be_few: bool
) -> list[tuple[str, str]]:
    """Return the rules that a column may break, with the value that would show it."""
    rules = []
    if column.kind == "percentage":
        if 0 < column.most <= 1:
            rules.append(("proportion", "most"))
        elif 0 < closer.above < column.figures / 2:
            rules.append(("above_hundred", "most"))
        if may_be_few and column.rows >= ENOUGH_ROWS:
            rules.append(("few_values", "most"))
        if closer.whole == column.figures == column.rows:
            rules.append(("row_numbers", "least"))
    if column.most > 100:
        rules.append(("far_beyond", "most"))
    if column.least in MISSING_CODES:
        rules.insert(0, ("missing_code", "least"))
    elif column.kind == "figure" and 0 < closer.negative < column.figures / 20:
        rules.append(("below_zero", "least"))
    if column.kind in ("count", "figure") and column.least == column.most:
        rules.append(("all_alike", "least"))
    if column.kind == "count" and closer.whole < column.figures:
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
    closer: Closer,
    rule: str,
    extreme: str,
) -> list[str]:
    """Look closer at one column; return the rule's sentence where it breaks it."""
    x = number_of(column.name, column.stored)
    # Bound: a literal is a decimal to SQL, and needn't be the very number again.
    ends = {"most": column.most, "least": column.least}
    place = "= $1" if extreme in ends else f"<> trunc({x})"
    area, value, at_it = connection.execute(
        f"select {quoted(key)}::varchar, {x}, count(*) over () from content "
        f"where {x} {place} order by 1 limit 1",
        [float(ends[extreme])] if extreme in ends else [],
    ).fetchone()
    distinct, following, before = neighbours(connection, column, x)
    rows = {
        "above_hundred": closer.above,
        "below_zero": closer.negative,
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
        "all_alike": column.rows > 1,
        "row_numbers": counts_on and column.least in (0, 1),
    }
    return [sentence(rule, **about)] if broken.get(rule, True) else []
