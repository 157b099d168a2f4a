"""What is known of a place: a postcode, an area, a district or a named point."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import (
    Sql,
    has_rows,
    literal,
    quoted,
    quoted_table,
    table_columns,
)
from placetypes.errors import PlacetypesError, nearest
from placetypes.job import Job

CLASSIFICATION = "classification"
DESCRIPTIONS = "cluster_descriptions"
GEOMETRY = "geometry"


@dataclass(frozen=True)
class ClassOfArea:
    """An area's class on one level."""

    level: str
    code: str
    name: str
    portrait: str


@dataclass(frozen=True)
class Found:
    """An area of one job's classification."""

    job: str
    area: str
    district: str
    fit: float | None
    classes: list[ClassOfArea]
    neighbours: dict[str, int] = field(default_factory=dict)  # areas by class


def classifications(
    connection: duckdb.DuckDBPyConnection, jobs: dict[str, Job]
) -> list[Job]:
    """Return the jobs with levels whose classification is published."""
    return [
        job
        for job in jobs.values()
        if job.levels and table_columns(connection, f"{job.name}.{CLASSIFICATION}")
    ]


def find_area(
    connection: duckdb.DuckDBPyConnection, wanted: str, job: str, places_file: Path
) -> tuple[str | None, tuple[float, float] | None]:
    """Return the area code, or the longitude and latitude, that a text stands for.

    A postcode by the directory that `job` published; a name of `places_file` (name,
    latitude, longitude); else the text is taken for a code. Raises PlacetypesError for
    a postcode that the directory doesn't place.
    """
    directory = f"{job}.directory"
    bare, is_postcode = connection.execute(
        "select bare_postcode($1), coalesce(is_postcode(bare_postcode($1)), false)",
        [wanted],
    ).fetchone()
    if is_postcode and has_rows(connection, directory):
        row = connection.execute(
            f"select area from {quoted_table(directory)} where postcode = $1", [bare]
        ).fetchone()
        if row is None:
            raise PlacetypesError(f"The published directory has no postcode {wanted}.")
        if row[0] is None:
            raise PlacetypesError(f"The directory gives the postcode {wanted} no area.")
        return row[0], None
    if places_file.exists():
        row = connection.execute(
            f"select longitude, latitude from read_csv({literal(str(places_file))}, "
            "comment = '#', header = true) where lower(name) = lower($1)",
            [wanted],
        ).fetchone()
        if row:
            return None, row
    if is_postcode:
        raise PlacetypesError(
            f"{wanted} looks like a postcode, but no directory is published: "
            f"python pipeline.py run {directory} makes it."
        )
    return wanted, None


def look_up(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    area: str | None,
    point: tuple[float, float] | None,
) -> Found | None:
    """Return a job's area by its code or the point in it; None where it has none."""
    table = f"{quoted(job.name)}.{CLASSIFICATION}"
    columns = table_columns(connection, f"{job.name}.{CLASSIFICATION}")
    if point is None:
        condition, values = "area = $1", [area]
    elif GEOMETRY in columns:
        system = columns[GEOMETRY].removeprefix("GEOMETRY('").removesuffix("')")
        condition = (
            f"st_contains({GEOMETRY}, st_transform(st_point($1, $2), 'EPSG:4326', "
            f"{literal(system)}, always_xy := true))"
        )
        values = list(point)
    else:
        return None
    kept = [name for name in columns if name != GEOMETRY]
    rows = connection.execute(
        f"select {', '.join(map(quoted, kept))} from {table} where {condition}", values
    ).fetchall()
    if not rows:
        return None
    row = dict(zip(kept, rows[0], strict=True))
    # The deepest level says again what the one before says where there are but two.
    levels = list(
        {row[n.name]: n.name for n in job.levels[::-1] if n.name in row}.values()
    )
    levels.reverse()
    return Found(
        job.name,
        row["area"],
        row.get("district_name") or row.get("district") or "",
        row.get("fit"),
        [describe(connection, job, level, row) for level in levels],
        neighbours(connection, table, columns, levels[0], row["area"]),
    )


def describe(
    connection: duckdb.DuckDBPyConnection, job: Job, level: str, row: dict[str, Any]
) -> ClassOfArea:
    """Return an area's class on a level with its name and portrait."""
    found = None
    if table_columns(connection, f"{job.name}.{DESCRIPTIONS}"):
        found = connection.execute(
            f"select name, portrait from {quoted(job.name)}.{DESCRIPTIONS} "
            "where cluster = $1",
            [row[level]],
        ).fetchone()
    name, portrait = found or (row.get(f"{level}_name"), None)
    return ClassOfArea(level, row[level], name or "", portrait or "")


def neighbours(
    connection: duckdb.DuckDBPyConnection,
    table: Sql,
    columns: dict[str, str],
    level: str,
    area: str,
) -> dict[str, int]:
    """Count the areas that touch one by their class on a level."""
    if GEOMETRY not in columns:
        return {}
    rows = connection.execute(
        f"""
        select others.{quoted(level)}, count(*)
        from {table} as own
        inner join {table} as others
            on st_intersects(own.{GEOMETRY}, others.{GEOMETRY})
            and own.area <> others.area
        where own.area = $1
        group by all order by all
        """,
        [area],
    ).fetchall()
    return dict(rows)


def listed_classes(
    connection: duckdb.DuckDBPyConnection, job: str, area: str | None
) -> dict[str, Any]:
    """Return what the list of classes that `job` published says of an area."""
    table = f"{job}.area_classes"
    if area is None or not table_columns(connection, table):
        return {}
    found = connection.execute(f"from {quoted_table(table)} where area = $1", [area])
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def district_classes(
    connection: duckdb.DuckDBPyConnection, job: Job, wanted: str
) -> list[tuple[Any, ...]]:
    """Return a district's classes on the first level: class, areas, their share, %."""
    columns = table_columns(connection, f"{job.name}.{CLASSIFICATION}")
    keys = [name for name in ("district", "district_name") if name in columns]
    if not keys:
        return []
    level = quoted(job.levels[0].name)
    condition = " or ".join(f"lower({key}) = lower($1)" for key in keys)
    return connection.execute(
        f"select {level}, count(*), 100 * count(*) / sum(count(*)) over () "
        f"from {quoted(job.name)}.{CLASSIFICATION} where {condition} "
        "group by all order by all",
        [wanted],
    ).fetchall()


def not_found(
    connection: duckdb.DuckDBPyConnection, jobs: list[Job], wanted: str
) -> PlacetypesError:
    """Return the sentence for a text that stands for nothing, with the nearest name."""
    known: set[str] = set()
    for job in jobs:
        table = f"{job.name}.{CLASSIFICATION}"
        for name in {"area", "district", "district_name"} & table_columns(
            connection, table
        ).keys():
            rows = connection.execute(
                f"select distinct {quoted(name)} from {quoted_table(table)}"
            ).fetchall()
            known |= {str(value) for (value,) in rows if value}
    close = nearest(wanted, known)
    hint = close if close.startswith(" Did") else ""
    return PlacetypesError(f"Nothing published is called {wanted}.{hint}")
