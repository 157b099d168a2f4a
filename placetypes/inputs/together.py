"""Codes of two files that are to be joined: how many are in both, and why not more."""

from collections.abc import Callable, Iterable
from typing import Any

import duckdb

from placetypes.database import Sql, literal, quoted
from placetypes.inputs.find import InputFile, from_parameter
from placetypes.inputs.rules import refusal, sentence

# Beyond which shares of one whole are too many, %, and in which part of the areas that
# may be: of the swaps of two of Trafford's 58 columns, 1,319 of 1,596 are then told.
MOST_OF_A_WHOLE, FEW_AREAS = 101, 0.01

# What may lie between two files' codes, in words; nothing of it is done unasked.
REPAIRS: dict[str, Callable[[str, int], str]] = {
    "in capital letters": lambda code, length: code.upper(),
    "without blanks": lambda code, length: "".join(code.split()),
    "without .0 at their end": lambda code, length: code.removesuffix(".0"),
    "filled up with zeros in front": lambda code, length: code.zfill(length),
    "without zeros in front": lambda code, length: code.lstrip("0"),
}


def check_together(
    connection: duckdb.DuckDBPyConnection,
    files: dict[str, InputFile],
    entries: dict[str, dict[str, Any]],
    needed: set[str],
    parameters: dict[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Hold each file's codes against those of the file that its entry names.

    `same_codes: {input: OTHER}` in job.yml says that a file's key holds the codes of
    the other's; with `of: columns` it names the other's columns. `wholes: {input:
    OTHER}` says that the other lists which of a file's columns are shares of one whole.
    What is found is kept in the file's details until either changes; it is told, with
    what is to tell of each file by itself.
    Raises PlacetypesError where no code is in both.
    """
    for name in sorted(files.keys() & needed):
        other = entries[name].get("same_codes", {}).get("input")
        if other not in needed or other not in files:
            continue
        file, beside = files[name], files[other]
        if file.details.get("beside", {}).get("sha256") == beside.sha256:
            continue
        own, theirs = (
            from_parameter(entries[place]["key"], parameters) for place in (name, other)
        )
        if entries[name]["same_codes"].get("of") == "columns":
            codes = (
                read_codes(connection, file, own),
                read_columns(connection, beside, theirs),
            )
            messages = compare_codes(file, beside, own, codes, "variables_apart")
        elif all_are_in(connection, file, own, beside, theirs):
            messages = []
        else:
            codes = (
                read_codes(connection, file, own),
                read_codes(connection, beside, theirs),
            )
            messages = compare_codes(file, beside, own, codes, "codes_apart")
        file.details["beside"] = {"sha256": beside.sha256, "messages": messages}
    for name in sorted(files.keys() & needed):
        other = entries[name].get("wholes", {}).get("input")
        if other in needed and other in files:
            hold_wholes(connection, files[name], files[other])
    for message in (message for file in files.values() for message in file.messages):
        tell(message)


def hold_wholes(
    connection: duckdb.DuckDBPyConnection, file: InputFile, families: InputFile
) -> None:
    """Note where shares of one whole add up to more than it, as swapped columns do.

    `families` lists variables (variable, family, unit); an area's shares of a family
    may be rounded, so together they may reach MOST_OF_A_WHOLE.
    """
    if file.details.get("wholes", {}).get("sha256") == families.sha256:
        return
    source = source_of(file)
    known = [row[0] for row in connection.execute(f"describe from {source}").fetchall()]
    rows = connection.execute(
        f"select family, list(name order by name) from {source_of(families)} "
        "inner join (select unnest($1) as name) on lower(trim(variable)) = lower(name) "
        "where trim(family) <> '' and trim(unit) = 'share' "
        "group by all having count(*) > 1 order by all",
        [known],
    ).fetchall()
    sums = [
        " + ".join(f"coalesce(try_cast({quoted(c)} as double), 0)" for c in columns)
        for _, columns in rows
    ]
    above = [f"count(*) filter ({each} > {MOST_OF_A_WHOLE:d})" for each in sums]
    counts = connection.execute(
        f"select count(*), {', '.join(above) or '0'} from {source}"
    ).fetchone()
    messages = [
        sentence(
            "shares_above_whole",
            file=file.path.name,
            columns=columns,
            family=family,
            areas=areas,
            all=counts[0],
        )
        for (family, columns), areas in zip(rows, counts[1:], strict=False)
        if areas > counts[0] * FEW_AREAS
    ]
    file.details["wholes"] = {"sha256": families.sha256, "messages": messages}


def all_are_in(
    connection: duckdb.DuckDBPyConnection,
    file: InputFile,
    key: str,
    other: InputFile,
    other_key: str,
) -> bool:
    """Tell whether every code of a file is in the other, as nearly always."""
    (are_in,) = connection.execute(
        f"select count(*) = 0 "
        f"from (select {quoted(key)}::varchar as code from {source_of(file)}) "
        f"anti join (select {quoted(other_key)}::varchar as code "
        f"from {source_of(other)}) using (code)"
    ).fetchone()
    return are_in


def read_codes(
    connection: duckdb.DuckDBPyConnection, file: InputFile, key: str
) -> set[str]:
    """Return a file's codes as text."""
    rows = connection.execute(
        f"select distinct {quoted(key)}::varchar from {source_of(file)}"
    ).fetchall()
    return {code for (code,) in rows}


def read_columns(
    connection: duckdb.DuckDBPyConnection, file: InputFile, key: str
) -> set[str]:
    """Return the names of a file's columns but its key."""
    rows = connection.execute(f"describe from {source_of(file)}").fetchall()
    return {row[0] for row in rows} - {key}


def source_of(file: InputFile) -> Sql:
    """Return what reads a file."""
    place = literal(file.variables[file.name])
    if file.path.suffix.lower() == ".csv":
        return (
            f"read_csv({place}, delim = ',', quote = '\"', escape = '\"', "
            "header = true, all_varchar = true, hive_partitioning = false)"
        )
    return f"read_parquet({place}, hive_partitioning = false)"


def compare_codes(
    file: InputFile,
    other: InputFile,
    column: str,
    codes: tuple[set[str], set[str]],
    rule: str,
) -> list[str]:
    """Say how two files' codes differ and how many would match after which repair."""
    own, others = codes
    if not own or not others or own <= others:
        return []
    matching = len(own & others)
    best, repaired, example = best_repair(own, others)
    gains = repaired > matching
    if not matching:
        raise refusal(
            rule,
            file=file.path.name,
            left=len(own),
            left_examples=sorted(own)[:3],
            other=other.path.name,
            right=len(others),
            right_examples=sorted(others)[:3],
            column=column,
            repair=repair_hint(own, others),
        )
    if not gains:
        return []
    return [
        sentence(
            "codes_differ",
            file=file.path.name,
            other=other.path.name,
            matching=matching,
            column=column,
            repaired=repaired,
            repair=best,
            example=example,
        )
    ]


def repair_hint(own: set[str], others: set[str]) -> str:
    """Say after which repair codes of both files would match; '' for none."""
    best, repaired, example = best_repair(own, others)
    return f" {repaired:,} would be in both {best} ({example})." if repaired else ""


def best_repair(own: set[str], others: set[str]) -> tuple[str, int, str]:
    """Return the repair of both files' codes after which most match, and an example."""
    best = ("", 0, "")
    length = max(map(len, own | others))
    for words, repair in REPAIRS.items():
        mended = {repair(code, length): code for code in sorted(own)}
        theirs = {repair(code, length): code for code in sorted(others)}
        if len(mended) < len(own) or len(theirs) < len(others):
            continue  # two codes would become one
        common = mended.keys() & theirs.keys()
        if len(common) > best[1]:
            best = (words, len(common), first_difference(common, mended, theirs))
    return best


def first_difference(
    common: Iterable[str], mended: dict[str, str], theirs: dict[str, str]
) -> str:
    """Return two spellings of one code."""
    for code in sorted(common):
        if mended[code] != theirs[code]:
            return f"{mended[code]} and {theirs[code]}"
    return ""
