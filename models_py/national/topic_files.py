"""Which topic tables there are: each file's layout is held against the definitions."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models_py.national._topic_files import (
    COUNTRIES,
    TopicFile,
    column_of,
    find_topic_files,
    nearest,
    read_layout,
)

if TYPE_CHECKING:
    import pyarrow as pa


def topic_files(asked_cells: "pa.Table", tables_files: list[Path]) -> "pa.Table":
    """One row: one file of the folder that holds a topic table which is asked for.

    Raises ValueError for a file that is damaged, of other areas or another year, that
    lacks a cell which a definition asks for, and for two files of one table.
    """
    import pyarrow as pa

    asked = cells_by_table(asked_cells)
    check_codes(asked)
    files = find_topic_files(tables_files, sorted(asked))
    if not files:
        raise ValueError(
            "none of the files in the input folder is a topic table that "
            "variable_definitions.csv asks for, such as "
            f"{', '.join(sorted(asked)[:3])}"
        )
    rows = [describe(file, asked[file.table_name]) for file in files]
    return pa.Table.from_pylist(rows)


def cells_by_table(asked_cells: "pa.Table") -> dict[str, list[dict[str, Any]]]:
    """Return the asked cells of each table, in the order of their places."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in asked_cells.sort_by("place").to_pylist():
        found.setdefault(row["table_name"], []).append(row)
    return found


def check_codes(asked: dict[str, list[dict[str, Any]]]) -> None:
    """Refuse a country that isn't known and a table that its census can't have."""
    for table, cells in asked.items():
        country, variables = cells[0]["country"], cells[0]["variables"]
        if country not in COUNTRIES:
            raise ValueError(
                f"variable_definitions.csv: {variables} is defined for {country}, "
                f"which is no country here.{nearest(country, COUNTRIES)}"
            )
        if not re.fullmatch(COUNTRIES[country].tables, table):
            others = [name for name in asked if name != table]
            raise ValueError(
                f"variable_definitions.csv: {variables} asks for table {table}, and "
                f"{country} has none of such a name."
                f"{nearest(table, others)}"
            )


def describe(file: TopicFile, cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Read a file's layout and check that it is of the year and has the cells."""
    layout = read_layout(file)
    found = {
        "country": cells[0]["country"],
        "table_name": file.table_name,
        "file": file.path.name,
        "member": file.member,
        "census_year": layout.census_year if layout else "",
        "title": layout.title if layout else "",
        "cells": len(cells),
        "has_areas": layout is not None,
    }
    if layout is None:
        return found
    asked_year = cells[0]["census_year"]
    if layout.census_year and asked_year and layout.census_year != asked_year:
        raise ValueError(
            f"{file.label} is of the year {layout.census_year}; the definitions of "
            f"{file.table_name} are for the census of {asked_year}"
        )
    for cell in cells:
        column_of(file, layout, cell["cell"], cell["variables"])
    return found
