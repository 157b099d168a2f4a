"""Further layers of a GeoPackage: the variables of its areas, named, with their shapes.

A layer that `layers` of an export names is a view: each table is stored once, without
shapes, and joined with those of the export's own layer by the first column, the area.
GDAL, QGIS and R read it as any other layer.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placetypes.database import quoted, quoted_table, table_columns

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

# In place of the time of writing, so that the same tables give the same bytes.
SAME_TIME = "2000-01-01T00:00:00.000Z"


def add_layers(
    connection: "Connection", job: str, target: Path, entry: dict[str, Any]
) -> None:
    """Add the layers that an export names, as far as their tables are there.

    Each is `{table, names}`; of `names` see placetypes/exports/qgis_style.py.
    """
    import pyogrio

    found = {
        layer: table_columns(connection, f"{job}.{said['table']}")
        for layer, said in entry.get("layers", {}).items()
    }
    for layer, columns in found.items():
        if columns:
            table = quoted_table(f"{job}.{entry['layers'][layer]['table']}")
            rows = connection.sql(f"from {table}").to_arrow_table()
            pyogrio.write_arrow(
                rows, target, layer=stored(layer), driver="GPKG", append=True
            )
    package = sqlite3.connect(target)
    try:
        with package:
            for layer, columns in found.items():
                if columns:
                    make_view(package, entry["layer"], layer, list(columns))
    finally:
        package.close()


def stored(layer: str) -> str:
    """Return the name of the table that holds a layer's values without its shapes."""
    return f"{layer}_values"


def make_view(
    package: sqlite3.Connection, shapes: str, layer: str, columns: list[str]
) -> None:
    """Make a layer of a table without shapes, and keep the table out of the list."""
    table, key = stored(layer), quoted(columns[0])
    [(shape,)] = package.execute(
        "select column_name from gpkg_geometry_columns where table_name = ?", [shapes]
    )
    kept = ", ".join(f"own.{quoted(column)}" for column in columns)
    package.execute(
        f"create unique index {quoted(f'{table}_area')} on {quoted(table)} ({key})"
    )
    package.execute(
        f"create view {quoted(layer)} as "
        f"select shapes.fid, {kept}, shapes.{quoted(shape)} "
        f"from {quoted(shapes)} as shapes "
        f"inner join {quoted(table)} as own on own.{key} = shapes.{key}"
    )
    for registry in ("gpkg_contents", "gpkg_ogr_contents"):
        package.execute(f"delete from {quoted(registry)} where table_name = ?", [table])
    package.execute(
        "insert into gpkg_contents select ?, data_type, ?, '', last_change, min_x, "
        "min_y, max_x, max_y, srs_id from gpkg_contents where table_name = ?",
        [layer, layer, shapes],
    )
    package.execute(
        "insert into gpkg_geometry_columns select ?, column_name, geometry_type_name, "
        "srs_id, z, m from gpkg_geometry_columns where table_name = ?",
        [layer, shapes],
    )


def forget_writing(target: Path) -> None:
    """Take out of a GeoPackage when, and in how many transactions, it was written."""
    written = target.with_suffix(".written")
    target.rename(written)
    package = sqlite3.connect(written, isolation_level=None)
    try:
        package.execute("update gpkg_contents set last_change = ?", [SAME_TIME])
        if package.execute(
            "select 1 from sqlite_master where name = 'layer_styles'"
        ).fetchone():
            package.execute("update layer_styles set update_time = ?", [SAME_TIME])
        # A copy counts its own transaction only; GDAL's number of them varies.
        package.execute("vacuum into ?", [str(target)])
    finally:
        package.close()
    written.unlink()
