"""What classes are held against: an outcome that none of them was made from."""

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from models_py.readers.files import find_column, open_file
from placetypes.database import connect_plain, quoted
from placetypes.errors import listed

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def outcomes(
    supergroups: "pd.DataFrame",
    outcome_file: Path,
    outcome_lookup_file: Path,
    outcome_area_column: str,
    outcome_columns: list[str],
) -> "pa.Table":
    """One row: one classified area and one outcome's value where it lies.

    The outcome may be of wider areas, which the lookup leads to. An area that it has no
    value for is left out here. Raises ValueError where nothing matches.
    """
    if outcome_file.stat().st_size == 0:
        raise ValueError(
            "no outcome is given: name a CSV, Excel or Parquet file of one that no "
            "classification saw, with --set outcome=…"
        )
    with connect_plain() as connection:
        measured = read_measured(
            connection, outcome_file, outcome_area_column, outcome_columns
        )
        places = read_places(connection, outcome_lookup_file, measured)
        areas = connection.from_df(supergroups[["area"]])
        found = (
            areas.join(places.set_alias("places"), "area")
            .join(measured.set_alias("measured"), "outcome_area")
            .select("area", "outcome", "outcome_area", "value")
            .to_arrow_table()
        )
    if not found.num_rows:
        raise ValueError(
            f"no classified area has a value in {outcome_file.name}; is it of other "
            "areas, name a file that leads to them with --set outcome_lookup=…, and "
            "the column of their codes with --set outcome_area_column=…"
        )
    return found


def read_measured(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    area_column: str,
    columns: list[str],
) -> duckdb.DuckDBPyRelation:
    """Read outcome, outcome_area and value; an area without a value has no row."""
    opened = open_file(connection, path)
    names = opened.columns
    area = find_column(names, area_column or names[0], path, "outcome_area_column")
    wanted = [find_column(names, name, path, "outcome_columns") for name in columns]
    wanted = wanted or [name for name in names if name != area]
    parts = []
    for name in wanted:
        wrong = opened.filter(
            f"{quoted(name)} is not null "
            f"and not coalesce(isfinite(try_cast({quoted(name)} as double)), false)"
        )
        refused = wrong.project(f"{quoted(name)}, {quoted(area)}").fetchone()
        if not refused:
            parts.append(name)
        elif columns:
            raise ValueError(
                f"{path.name}: {name} of {refused[1]} is {refused[0]}, no number"
            )
    if not parts:
        raise ValueError(
            f"{path.name} has no column of numbers beside {area}, but {listed(names)}"
        )
    measured = connection.sql(
        " union all ".join(
            f"select ? as outcome, {quoted(area)}::varchar as outcome_area, "
            f"{quoted(name)}::double as value from opened"
            for name in parts
        ),
        params=parts,
    ).filter("value is not null and outcome_area is not null")
    twice = measured.query(
        "measured",
        "select outcome_area from measured group by outcome, outcome_area "
        "having count(*) > 1",
    ).fetchone()
    if twice:
        raise ValueError(
            f"{path.name} has two rows for the area {twice[0]}; leave one, or name "
            "another column of areas with --set outcome_area_column=…"
        )
    return measured


def read_places(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    measured: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """Read area and outcome_area, by the column that leads to most outcomes."""
    if path.stat().st_size == 0:
        return measured.project("outcome_area as area, outcome_area").distinct()
    opened = open_file(connection, path)
    area, *others = opened.columns
    known = measured.project("outcome_area").distinct()
    leads = {
        name: opened.project(f"{quoted(name)}::varchar as outcome_area")
        .join(known, "outcome_area")
        .shape[0]
        for name in others
    }
    if not any(leads.values()):
        raise ValueError(
            f"no column of {path.name} holds the outcome's areas "
            f"({listed(others) or 'it has none beside ' + area})"
        )
    best = max(leads, key=leads.__getitem__)
    places = (
        opened.project(
            f"{quoted(area)}::varchar as area, {quoted(best)}::varchar as outcome_area"
        )
        .distinct()
        .filter("area is not null and outcome_area is not null")
    )
    twice = places.query(
        "places", "select area from places group by area having count(*) > 1"
    ).fetchone()
    if twice:
        raise ValueError(
            f"{path.name} leads from the area {twice[0]} to two of {best}; leave one"
        )
    return places
