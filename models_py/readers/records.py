"""A file of records: customers, patients, practices, incidents."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from models_py.readers.files import find_column, open_file
from placetypes.database import Sql, literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

GRID = "EPSG:27700"  # the British National Grid, in which areas and directories lie
DEGREES = "EPSG:4326"
POSTCODE = "postcode"  # the usual column, which a file may lack where others are named


class RecordColumns(NamedTuple):
    """The columns that say where a record is and what it counts; empty for none."""

    postcode: str = ""
    area: str = ""
    x: str = ""
    y: str = ""
    weight: str = ""


def read_records(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    columns: RecordColumns,
    *,
    coordinates: str = GRID,
    only: list[str] | None = None,
    sheet: str = "",
    header: bool | None = None,
) -> "pa.Table":
    """Read where each record is: record, postcode, area, x, y (in metres), weight.

    `only` keeps the rows of which each COLUMN=VALUE is true. Raises ValueError for
    a column that isn't there, a weight that is no number of 0 or more, and coordinates
    whose latitude and longitude are swapped.
    """
    if not (columns.postcode or columns.area or (columns.x and columns.y)):
        raise ValueError(
            "Name the column that says where a record is: postcode_column, "
            "record_area_column, or x_column and y_column."
        )
    opened = open_file(connection, path, sheet=sheet, header=header)
    is_usual = columns.postcode == POSTCODE and (columns.area or columns.x)
    if is_usual and POSTCODE not in map(str.lower, opened.columns):
        columns = columns._replace(postcode="")
    query = record_query(opened.columns, path, columns, only or [])
    rows = opened.query("opened_records", query).to_arrow_table()
    if not rows.num_rows:
        raise ValueError(f"{path.name} has no rows to read.")
    if columns.weight:
        refuse_weights(connection, rows, path, columns.weight)
    refuse_swapped(connection, rows, path, coordinates)
    return in_metres(rows.drop_columns(["weight_typed"]), coordinates)


def record_query(
    names: list[str], path: Path, columns: RecordColumns, only: list[str]
) -> Sql:
    """Return the SELECT that gives a file's columns their roles' names."""
    found = {
        role: quoted(find_column(names, name, path, f"{role} of a record"))
        for role, name in columns._asdict().items()
        if name
    }
    kept = " and ".join(condition(text, names, path) for text in only)

    def value(role: str, kind: Sql, otherwise: Sql = "null") -> Sql:
        if role not in found:
            return f"{otherwise}::{kind}"
        return f"try_cast(trim({found[role]}::varchar) as {kind})"

    return f"""
        select
            row_number() over () as record,
            {value("postcode", "varchar")} as postcode,
            {value("area", "varchar")} as area,
            {value("x", "double")} as x,
            {value("y", "double")} as y,
            {value("weight", "double", "1")} as weight,
            {value("weight", "varchar")} as weight_typed
        from opened_records
        where {kept or "true"}
    """


def condition(text: str, columns: list[str], path: Path) -> Sql:
    """Return COLUMN=VALUE as a condition of SQL, both quoted."""
    name, sign, value = text.partition("=")
    if not sign:
        raise ValueError(f"only takes COLUMN=VALUE, such as status=A; not {text}.")
    column = find_column(columns, name.strip(), path, "only")
    return f"trim({quoted(column)}::varchar) = {literal(value.strip())}"


def refuse_weights(
    connection: duckdb.DuckDBPyConnection, rows: "pa.Table", path: Path, column: str
) -> None:
    """Raise ValueError for the first weight that is no number of 0 or more."""
    wrong = connection.sql(
        "select record, weight_typed from rows "
        "where coalesce(weight, -1) < 0 or isinf(weight) or isnan(weight) "
        "order by record"
    ).fetchone()
    if wrong:
        raise ValueError(
            f"{path.name}: record {wrong[0]:,} weighs {wrong[1] or 'nothing'} "
            f"({column}); a weight is a number of 0 or more."
        )


def refuse_swapped(
    connection: duckdb.DuckDBPyConnection, rows: "pa.Table", path: Path, system: str
) -> None:
    """Raise ValueError where most places would be British the other way round."""
    if system != DEGREES:
        return
    swapped, all_ = connection.sql(
        "select count(*) filter (where x between 49 and 61 and y between -9 and 3), "
        "count(x) from rows"
    ).fetchone()
    if swapped > all_ / 2:
        raise ValueError(
            f"{path.name}: latitude and longitude are swapped: x_column is the "
            "longitude (about -9 to 2), y_column the latitude (about 49 to 61)."
        )


def in_metres(rows: "pa.Table", system: str) -> "pa.Table":
    """Bring coordinates onto the British National Grid."""
    if system == GRID or not rows["x"].null_count < rows.num_rows:
        return rows
    import pyarrow as pa
    import pyproj

    x, y = (rows[name].to_numpy(zero_copy_only=False) for name in ("x", "y"))
    to_grid = pyproj.Transformer.from_crs(system, GRID, always_xy=True)
    east, north = to_grid.transform(x, y)
    for name, column in (("x", east), ("y", north)):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array(column, from_pandas=True))
    return rows
