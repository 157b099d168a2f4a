"""Which areas are like mine: nearest in the space that the clusters are made in.

And what sets one apart: in percentages, an index score against the mean of all areas;
in what has no zero, standard deviations from it. What a job shows
of an area is the portrait_of_area of its job.yml: `values`, a table with a row for each
area; `also`, another one whose numbers are always shown; `names`, a table that names
the variables; `measure`, index or deviation.
"""

from typing import Any, NamedTuple

import duckdb

from placetypes.compare.query import ask, table_of, view, with_levels
from placetypes.database import quoted, quoted_table, table_columns
from placetypes.errors import PlacetypesError, listed, nearest
from placetypes.job import Job

SPACE = "cluster_inputs"  # in every job, what its areas are clustered by
PLACE = ("area_name", "district_name")  # shown where a job knows them
NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL", "INT", "HUGEINT", "UINT", "BOOLEAN")
MEASURES = {"index": "index", "deviation": "standard deviations"}
STANDING_OUT = 5  # variables on either side


class Similar(NamedTuple):
    """An area and those most like it."""

    job: str
    columns: list[str]
    rows: list[tuple[Any, ...]]  # the area itself first, then the nearest
    standing_out: list[tuple[Any, ...]]  # variable, value, mean, measure
    measure: str  # index score, or standard deviations


def find_job(
    connection: duckdb.DuckDBPyConnection, area: str, name: str, jobs: dict[str, Job]
) -> Job:
    """Return the job (the one asked for, if any) that classifies an area.

    Raises PlacetypesError where there is none; of an unknown code it names near ones.
    """
    if name and name not in jobs:
        raise PlacetypesError(f"There is no job {name}.{nearest(name, jobs)}")
    asked = [jobs[name]] if name else list(with_levels(jobs).values())
    able = [job for job in asked if is_comparable(connection, job)]
    if not able:
        raise PlacetypesError(
            f"No area of {listed(job.name for job in asked)} can be compared yet: "
            f"that takes its table {SPACE} and the classes of its levels."
        )
    known: list[str] = []
    for job in able:
        table = quoted_table(f"{job.name}.{SPACE}")
        codes = connection.execute(f"select area from {table}").fetchall()
        if (area,) in codes:
            return job
        known += [code for (code,) in codes]
    hint = nearest(area, known) if known else ""
    if "Known:" in hint:
        hint = f" Areas are coded such as {known[0]}."
    raise PlacetypesError(
        f"No area {area} is classified{f' in {name}' if name else ''}.{hint}"
    )


def is_comparable(connection: duckdb.DuckDBPyConnection, job: Job) -> bool:
    """Tell whether a job's areas have places in a space, and classes."""
    return bool(
        job.levels
        and "area" in table_columns(connection, f"{job.name}.{SPACE}")
        and table_of(connection, "", job.name, job.levels[0])
    )


def find_similar(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    area: str,
    count: int,
    *,
    unlike: bool = False,
) -> Similar:
    """Return the areas nearest to one area (Euclidean distance, the nearest first).

    Where they are to be `unlike` it, the farthest come first.
    """
    level = job.levels[0]
    table = table_of(connection, "", job.name, level)
    has = table_columns(connection, table)
    # A level without names says little of an area, unless it is all that there is.
    named = [x.name for x in job.levels if x == level or f"{x.name}_name" in has]
    levels = [text for name in named for text in (name, f"{name}_name")]
    shown = [name for name in (*PLACE, *levels, "fit") if name in has]
    view(connection, "space", f"from {quoted_table(f'{job.name}.{SPACE}')}")
    view(
        connection,
        "classes",
        f"select area, {quoted(level.name)} as class from {quoted_table(table)}",
    )
    view(
        connection,
        "shown_columns",
        f"select area, {', '.join(map(quoted, shown))} from {quoted_table(table)}",
    )
    rows = ask(
        connection,
        "nearest",
        asked_area=area,
        asked_rows=int(count),
        asked_sign=-1 if unlike else 1,
    )
    if "fit" not in shown:
        shown.append("fit")
        fits = dict(ask(connection, "fit", asked_areas=[row[0] for row in rows]))
        rows = [(*row, fits.get(row[0])) for row in rows]
    return Similar(
        job.name,
        ["area", "distance", *shown],
        rows,
        stands_out(connection, job, area),
        measure_of(job),
    )


def measure_of(job: Job) -> str:
    """Return what sets areas apart: an index score, or standard deviations."""
    measure = (job.portrait_of_area or {}).get("measure", "deviation")
    if measure not in MEASURES:
        raise PlacetypesError(
            f"{job.name}/job.yml, portrait_of_area: there is no measure {measure}."
            f"{nearest(measure, MEASURES)}"
        )
    return MEASURES[measure]


def stands_out(
    connection: duckdb.DuckDBPyConnection, job: Job, area: str
) -> list[tuple[Any, ...]]:
    """Return the variables that set an area apart: variable, value, mean, measure."""
    portrait = job.portrait_of_area or {}
    values = f"{job.name}.{portrait.get('values', SPACE)}"
    own = numbers(connection, values)
    also: list[str] = []
    select = [f"own.{quoted(name)}::double as {quoted(name)}" for name in own]
    source = f"{quoted_table(values)} as own"
    if "also" in portrait:
        table = f"{job.name}.{portrait['also']}"
        also = [name for name in numbers(connection, table) if name not in own]
        select += [f"also.{quoted(name)}::double as {quoted(name)}" for name in also]
        source += f" left join {quoted_table(table)} as also on own.area = also.area"
    if not select:
        return []
    view(connection, "portrait", f"select own.area, {', '.join(select)} from {source}")
    name_variables(connection, job, portrait.get("names", ""))
    return ask(
        connection,
        "standing_out",
        asked_area=area,
        asked_rows=STANDING_OUT,
        always_shown=also,
        measure=portrait.get("measure", "deviation"),
    )


def numbers(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return a table's columns of numbers, none where it isn't published."""
    columns = table_columns(connection, table)
    return [
        name
        for name, kind in columns.items()
        if name != "area" and kind.partition("(")[0].removeprefix("U").endswith(NUMBERS)
    ]


def name_variables(connection: duckdb.DuckDBPyConnection, job: Job, table: str) -> None:
    """Let the queries read what a job calls its variables, nothing where it doesn't."""
    columns = "variable, variable_name"
    select = f"select {columns} from (values (null::varchar, '')) as t ({columns})"
    if table and table_columns(connection, f"{job.name}.{table}"):
        select = f"select {columns} from {quoted_table(f'{job.name}.{table}')}"
    view(connection, "variable_names", select)
