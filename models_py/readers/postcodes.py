"""A postcode directory in any of its header generations: ONSPD, NSPL and the like."""

import re
from pathlib import Path

import duckdb

from models_py.readers.files import open_file
from placetypes.database import Sql, literal, quoted
from placetypes.errors import listed

# Of each role the patterns of its column's name, the best first; the newest year wins.
ROLES = {
    "postcode": (r"pcds", r"pcd8", r"pcd7", r"pcd2?", r"post_?code"),
    "area": (r"oa(\d\d)(cd)?", r"(oa|output_?area)(_?code)?"),
    "district": (r"(lad|ladcd|laua|oslaua)(\d\d)?(cd)?", r"district(_?code)?"),
    "terminated": (r"doterm", r"date_?of_?termination"),
    "x": (r"(os)?east1m", r"eastings?"),
    "y": (r"(os)?north1m", r"northings?"),
    "quality": (r"(os)?grid_?ind", r"osgrdind"),
}
NO_GRID_REFERENCE = "9"


def choose_columns(columns: list[str], area_column: str = "") -> dict[str, str]:
    """Return the column of each role that a directory has, by pattern."""
    found = {}
    for role, patterns in ROLES.items():
        for pattern in patterns:
            fitting = [n for n in columns if re.fullmatch(pattern, n.lower().strip())]
            if fitting:
                found[role] = max(fitting, key=year_of)
                break
    if area_column:
        found["area"] = area_column
    return found


def year_of(column: str) -> int:
    """Return the two digits of a column's year, 0 without: oa21cd is after oa11."""
    digits = re.search(r"\d\d", column)
    return int(digits[0]) if digits else 0


def read_directory(
    connection: duckdb.DuckDBPyConnection, path: Path, area_column: str = ""
) -> tuple[duckdb.DuckDBPyRelation, dict[str, str]]:
    """Return a directory's rows, and the columns that were chosen for them by role.

    A row is postcode, area, district, is_terminated, x, y.
    Grid references of quality 9, or without both numbers, are none. Raises
    ValueError where no column holds postcodes, or nothing tells where they are.
    """
    opened = open_file(connection, path)
    chosen = choose_columns(opened.columns, area_column)
    if "postcode" not in chosen:
        raise ValueError(
            f"{path.name} has no column of postcodes (pcds, pcd8, pcd7, pcd2 or pcd); "
            f"its columns are {listed(opened.columns, 12)}."
        )
    if "area" not in chosen and not {"x", "y"} <= chosen.keys():
        raise ValueError(
            f"{path.name} has neither a column of areas (such as oa21cd) nor grid "
            f"references; its columns are {listed(opened.columns, 12)}."
        )
    return opened.query("opened_directory", directory_query(chosen)), chosen


def no_directory(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Return a directory's columns without a row."""
    connection.execute("create or replace temp table opened_directory (pcd varchar)")
    return connection.sql(directory_query({"postcode": "pcd"}))


def directory_query(chosen: dict[str, str]) -> Sql:
    """Return the SELECT that gives a directory's columns their roles' names."""

    def text(role: str) -> Sql:
        if role not in chosen:
            return "null::varchar"
        return f"nullif(trim({quoted(chosen[role])}::varchar), '')"

    has_place = f"{text('quality')} is distinct from {literal(NO_GRID_REFERENCE)}"
    return f"""
        with named as (
            select
                upper(regexp_replace({text("postcode")}, '[^A-Za-z0-9]', '', 'g'))
                    as postcode,
                {text("area")} as area,
                {text("district")} as district,
                {text("terminated")} is not null as is_terminated,
                if({has_place}, try_cast({text("x")} as double), null) as x,
                if({has_place}, try_cast({text("y")} as double), null) as y
            from opened_directory
        )
        select
            * exclude (x, y),
            if(x is null or y is null or x = 0, null, x) as x,
            if(x is null or y is null or x = 0, null, y) as y
        from named
        where postcode is not null
    """
