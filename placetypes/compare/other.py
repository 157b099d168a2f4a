"""Both sides of a comparison: ours, and a file's, a former run's or another job's."""

from pathlib import Path
from typing import NamedTuple

import duckdb

from placetypes import console
from placetypes.compare.query import (
    CLASSIFICATION,
    OWN,
    ask,
    attach,
    make,
    table_of,
    view,
    with_levels,
)
from placetypes.compare.runs import find_run
from placetypes.console import Text
from placetypes.database import (
    Sql,
    is_geometry,
    literal,
    quoted,
    quoted_table,
    table_columns,
)
from placetypes.errors import PlacetypesError, listed, nearest, one_line, refuse_folder
from placetypes.inputs.check import NO_CODES
from placetypes.inputs.together import repair_hint
from placetypes.job import Job, Level

READERS: dict[str, Sql] = {
    ".csv": "read_csv($1, header = true, all_varchar = true, "
    "hive_partitioning = false)",
    ".parquet": "read_parquet($1, hive_partitioning = false)",
}
LAYERS = (".gpkg", ".geojson", ".json", ".shp")


class Question(NamedTuple):
    """What a user wants to hold against what."""

    job: str  # '' for the first that fits
    level: str  # '' for its coarsest
    other: str  # a file, a run's id or a job
    id_column: str = ""
    class_column: str = ""
    layer: str | None = None
    lookup: Path | None = None


class Own(NamedTuple):
    """Our side of the comparison."""

    job: str
    level: Level
    table: str  # in the published database


def read_own(
    connection: duckdb.DuckDBPyConnection, question: Question, jobs: dict[str, Job]
) -> Own:
    """Make own_classes: area, class and fit of the published classification."""
    job = choose_job(connection, question, with_levels(jobs))
    level = choose_level(job, question.level)
    table = table_of(connection, OWN, job.name, level)
    if not table:
        raise unpublished(job.name, level)
    fit = "fit" if "fit" in table_columns(connection, table) else "null::double"
    connection.execute(
        f"create table own_classes as select area, {quoted(level.name)}::varchar "
        f"as class, {fit} as fit from {quoted_table(table)}"
    )
    return Own(job.name, level, table)


def choose_job(
    connection: duckdb.DuckDBPyConnection, question: Question, jobs: dict[str, Job]
) -> Job:
    """Return the job asked for, else the first one published that has the level."""
    if question.job:
        if question.job not in jobs:
            raise PlacetypesError(
                f"There is no job {question.job}.{nearest(question.job, jobs)}"
            )
        return jobs[question.job]
    others = [job for job in jobs.values() if job.name != question.other]
    there = [
        job for job in others if table_of(connection, OWN, job.name, job.levels[0])
    ]
    fitting = [
        job for job in there if question.level in {"", *(x.name for x in job.levels)}
    ]
    return [*fitting, *there, *others, *jobs.values()][0]


def choose_level(job: Job, name: str) -> Level:
    """Return a job's level by its name, the coarsest without one."""
    levels = {level.name: level for level in job.levels}
    if name and name not in levels:
        raise PlacetypesError(f"{job.name} has no level {name}.{nearest(name, levels)}")
    return levels[name] if name else job.levels[0]


def unpublished(job: str, level: Level) -> PlacetypesError:
    """Say that a job's classes aren't there yet."""
    return PlacetypesError(
        f"{job}.{level.table} isn't published yet: python pipeline.py run {job} "
        "makes it."
    )


def read_other(
    connection: duckdb.DuckDBPyConnection,
    output: Path,
    question: Question,
    own: Own,
    jobs: dict[str, Job],
) -> str:
    """Make other_classes: area and class; return in words how the areas met."""
    path = Path(question.other)
    if question.other in with_levels(jobs):
        return read_job(connection, question, own, jobs[question.other])
    if path.suffix.lower() in (*READERS, *LAYERS) or path.exists():
        read_file(connection, path, question)
    else:
        read_run(connection, output, question.other, own)
    return "code"


def read_run(
    connection: duckdb.DuckDBPyConnection, output: Path, run: str, own: Own
) -> None:
    """Make other_classes from the same level of a former run."""
    attach(connection, find_run(output, run), "former")
    table = table_of(connection, "former", own.job, own.level)
    if not table:
        name = own.table.removeprefix(f"{OWN}.")
        columns = table_columns(connection, f"former.{name}")
        lacking = f"{own.level.name} in its {name}" if columns else name
        raise PlacetypesError(f"The run {run} holds no {lacking}.")
    take_classes(connection, own.level, table)


def take_classes(
    connection: duckdb.DuckDBPyConnection, level: Level, table: str
) -> None:
    """Make other_classes from a level's column of a table."""
    connection.execute(
        f"create table other_classes as select area, "
        f"{quoted(level.name)}::varchar as class from {quoted_table(table)}"
    )


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, question: Question
) -> None:
    """Read the id and the class of each area of a file, each id once."""
    if not question.id_column or not question.class_column:
        refuse_missing(path)
        raise PlacetypesError(
            f"Say which columns of {path.name} hold the areas' codes and their "
            "classes: --id OA --class Supergroup."
        )
    columns = load_file(connection, path, "other_file", question.layer)
    names = {name.lower(): name for name in columns}
    chosen = []
    for wanted in (question.id_column, question.class_column):
        if wanted.lower() not in names:
            raise PlacetypesError(
                f"{path.name} has no column {wanted}.{nearest(wanted, columns)}"
            )
        chosen.append(f"trim({quoted(names[wanted.lower()])}::varchar)")
    area, name = chosen
    connection.execute(
        f"create table other_classes as select {area} as area, {name} as class "
        f"from other_file where {area} <> '' and {name} <> ''"
    )
    leave_out_missing(connection, path.name, question.class_column)
    refuse_repeated(connection, path.name)


def leave_out_missing(
    connection: duckdb.DuckDBPyConnection, name: str, column: str
) -> None:
    """Take words for a missing value, such as R's NA, for no class, and say so."""
    words = ", ".join(map(literal, NO_CODES))
    found = connection.execute(
        f"select class, count(*) from other_classes where class in ({words}) "
        "group by all order by all"
    ).fetchall()
    for word, rows in found:
        console.errors.print(
            Text(
                f"{name}: {rows:,} areas have {word} in column {column}, a word for "
                "a missing value; they are left out as areas without a class."
            )
        )
    connection.execute(f"delete from other_classes where class in ({words})")


def refuse_missing(path: Path) -> None:
    """Stop where there is no such file."""
    if not path.exists():
        raise PlacetypesError(f"There is no file {path}.")
    refuse_folder(path)


def load_file(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, layer: str | None
) -> list[str]:
    """Make a table of a CSV, parquet or geometry file, as it stands; its columns."""
    refuse_missing(path)
    suffix = path.suffix.lower()
    try:
        if suffix in READERS:
            connection.execute(
                f"create table {quoted(name)} as from {READERS[suffix]}", [str(path)]
            )
        else:
            connection.register(name, read_layer(path, layer))
    except duckdb.Error as error:
        raise PlacetypesError(
            f"{path.name} can't be read: {one_line(error)}"
        ) from error
    return list(table_columns(connection, name))


def read_layer(path: Path, wanted: str | None) -> object:
    """Return the attributes of a layer.

    Read with pyogrio: DuckDB's own reader ends the process on a layer that isn't there.
    """
    import pyogrio

    try:
        layers = [name for name, _ in pyogrio.list_layers(path)]
        if wanted is None and len(layers) > 1:
            raise PlacetypesError(
                f"{path.name} holds {len(layers)} layers ({listed(layers, most=10)}); "
                "name one with --layer."
            )
        layer = wanted or layers[0]
        if layer not in layers:
            raise PlacetypesError(
                f"{path.name} has no layer {layer}.{nearest(layer, layers)}"
            )
        return pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
    except pyogrio.errors.DataSourceError as error:
        raise PlacetypesError(f"{path.name} can't be read: {error}") from error


def refuse_repeated(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Stop where a code has more than one class."""
    for area, times in ask(connection, "repeated"):
        raise PlacetypesError(
            f"{name} holds {area} {times} times; each area may have one class."
        )


def read_job(
    connection: duckdb.DuckDBPyConnection, question: Question, own: Own, other: Job
) -> str:
    """Make other_classes from another job, by code, by lookup or by largest overlap."""
    if other.name == own.job:
        raise PlacetypesError(
            f"{own.job} would be held against itself; name a file, a run of "
            "`history`, or another job, or ours with --job."
        )
    level = other.levels[0]
    table = table_of(connection, OWN, other.name, level)
    if not table:
        raise unpublished(other.name, level)
    if question.lookup is not None:
        read_lookup(connection, question.lookup, table, level)
        return f"lookup {question.lookup.name}"
    if shares_areas(connection, own.table, table):
        take_classes(connection, level, table)
        return "code"
    overlay(connection, own, other)
    return "largest overlap"


def shares_areas(connection: duckdb.DuckDBPyConnection, own: str, other: str) -> bool:
    """Tell whether another table has most of our areas' codes."""
    row = connection.execute(
        f"select avg((area in (select area from {quoted_table(other)}))::integer) "
        f"from {quoted_table(own)}"
    ).fetchone()
    return (row[0] or 0) > 0.5


def overlay(connection: duckdb.DuckDBPyConnection, own: Own, other: Job) -> None:
    """Make other_classes of the class that covers most of each of our areas."""
    level = other.levels[0]
    tables = {
        "own": f"{OWN}.{own.job}.{CLASSIFICATION}",
        "other": f"{OWN}.{other.name}.{CLASSIFICATION}",
    }
    shapes = {side: geometry_of(connection, table) for side, table in tables.items()}
    for side, job in (("own", own.job), ("other", other.name)):
        if not shapes[side]:
            raise PlacetypesError(
                f"{own.job} and {other.name} don't share their areas' codes, and "
                f"{job}.{CLASSIFICATION} has no geometry to lay them over each other: "
                "--lookup FILE tells which area lies in which."
            )
    moved = "geometry"
    if shapes["own"] != shapes["other"]:
        target = shapes["own"].removeprefix("GEOMETRY('").removesuffix("')")
        moved = f"st_makevalid(st_transform(geometry, {literal(target)}))"
    for side, columns in (
        ("own", "area, geometry"),
        ("other", f"{quoted(level.name)}::varchar as class, {moved} as geometry"),
    ):
        connection.execute(
            f"create table {quoted(f'{side}_areas')} as select {columns} "
            f"from {quoted_table(tables[side])} where geometry is not null"
        )
    make(connection, "other_classes", "largest_overlap")


def geometry_of(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the type of a table's column geometry, '' where it has none."""
    kind = table_columns(connection, table).get("geometry", "")
    return kind if is_geometry(kind) else ""


def read_lookup(
    connection: duckdb.DuckDBPyConnection, lookup: Path, table: str, level: Level
) -> None:
    """Make other_classes over a CSV whose columns are our code and the other's."""
    columns = load_file(connection, lookup, "links", None)
    if len(columns) < 2:
        raise PlacetypesError(
            f"{lookup.name} needs two columns: our areas' codes, then the others'."
        )
    view(
        connection,
        "linked",
        f"select {quoted(columns[0])} as area, {quoted(columns[1])} as other "
        "from links",
    )
    linked, found = connection.execute(
        "select count(*), count(*) filter (other in "
        f"(select area from {quoted_table(table)})) from linked"
    ).fetchone()
    if not found:
        raise unlinked(connection, lookup.name, columns[1], table, linked)
    connection.execute(
        f"create table other_classes as select linked.area, "
        f"classes.{quoted(level.name)}::varchar as class from linked "
        f"inner join {quoted_table(table)} as classes on linked.other = classes.area"
    )
    refuse_repeated(connection, lookup.name)


def unlinked(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    column: str,
    table: str,
    rows: int,
) -> PlacetypesError:
    """Return the sentence for a lookup that names none of the other job's areas."""
    linked, known = (
        {str(code) for (code,) in connection.execute(query).fetchall()}
        for query in (
            "select distinct other from linked where other is not null",
            f"select area from {quoted_table(table)}",
        )
    )
    return PlacetypesError(
        f"None of the {rows:,} codes in the column {column} of {name} "
        f"({listed(sorted(linked), most=1)}) is among the {len(known):,} areas "
        f"({listed(sorted(known), most=1)}) that it should lead to: its second column "
        f"must hold their codes.{repair_hint(linked, known)}"
    )
