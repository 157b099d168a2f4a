"""The lineage of a project: which columns each column of each model comes from."""

from collections.abc import Iterable

from placetypes.catalogue.columns import (
    NOTHING,
    OTHERS,
    ROWS,
    VALUE,
    Columns,
    Lineage,
    Source,
    Sources,
    query_lineage,
    union,
)
from placetypes.runner.plan import build_order
from placetypes.runner.project import DERIVED, FORMER, Model, Project


def project_lineage(
    project: Project, published: dict[str, Iterable[str]] | None = None
) -> dict[str, Lineage]:
    """Return the lineage of every model.

    `published` names the columns of published tables: those of a Python step that
    nobody documented are known from there alone.
    """
    lineages: dict[str, Lineage] = {}
    for name in build_order(project.models):
        model = project.models[name]
        lineages[name] = (
            sql_lineage(project, model, lineages)
            if model.is_sql
            else step_lineage(project, model, (published or {}).get(name, ()))
        )
    return lineages


def sql_lineage(
    project: Project, model: Model, lineages: dict[str, Lineage]
) -> Lineage:
    """Return a SELECT's lineage; what can't be read is reported, never raised."""
    try:
        return query_lineage(
            model.path.read_text("utf-8"),
            {name: stored(name, lineages[name].columns) for name in model.tables},
            known_files(project, model.job),
            known_variables(project, model.job, lineages),
            model.job,
        )
    except Exception as error:
        # DuckDB knows SQL that this reader doesn't: the page says so and goes on.
        unknown = frozenset({Source("unknown", model.full_name)})
        problem = f"{type(error).__name__}: {error}".split("\n")[0]
        return Lineage({OTHERS: unknown}, NOTHING, problem)


def step_lineage(project: Project, model: Model, published: Iterable[str]) -> Lineage:
    """Return a Python step's lineage: each column comes from all that it takes."""
    document = project.table(model.full_name)
    names = [str(name).lower() for name in document.get("columns") or published]
    if not names or "other_columns" in document:
        names.append(OTHERS)
    former = [name.removeprefix(FORMER) for name in model.former]
    taken = frozenset(
        [
            *(Source("table", table) for table in model.upstream),
            *(Source("file", f"{model.job}.{name}") for name in model.inputs),
            *(Source("parameter", f"{model.job}.{name}") for name in model.parameters),
            *(Source("former", f"{model.job}.{name}") for name in former),
        ]
    )
    rows = frozenset(Source("table", table, role=ROWS) for table in model.upstream)
    return Lineage(dict.fromkeys(names, taken), rows)


def stored(place: str, names: Iterable[str], kind: str = "table") -> Lineage:
    """Return a table, or a file, whose columns are known as its own."""
    part = "column" if kind == "table" else kind
    columns: Columns = {n.lower(): frozenset({Source(part, place, n)}) for n in names}
    return Lineage(columns, frozenset({Source(kind, place, role=ROWS)}))


def known_files(project: Project, job: str) -> dict[str, Lineage]:
    """Return a job's input files with the columns that it expects of them."""
    files = {}
    for name, entry in project.jobs[job].inputs.items():
        place = f"{job}.{name}"
        named = [c for c in entry.get("columns", {}) if not c.startswith("$")]
        files[place] = stored(place, [*named, OTHERS], "file")
    return files


def known_variables(
    project: Project, job: str, lineages: dict[str, Lineage]
) -> dict[str, Source]:
    """Return what getvariable('…') can name: parameters, a table's column, files."""
    files = {
        f"{name}{suffix}": Source("file", f"{job}.{name}")
        for name in project.jobs[job].inputs
        for suffix in DERIVED
    }
    lists = {
        project.models[name].name: Source(
            "column", name, next(iter(lineage.columns), OTHERS)
        )
        for name, lineage in lineages.items()
        if project.models[name].job == job
    }
    parameters = {
        entry.name: Source("parameter", entry.full_name)
        for entry in project.specifications.values()
        if entry.job == job
    }
    return files | lists | parameters


def sources_of(source: Source, lineages: dict[str, Lineage]) -> Sources:
    """Return what a source itself comes from, one step further up."""
    lineage = lineages.get(source.place)
    if lineage is None or source.kind not in ("column", "table"):
        return NOTHING
    if source.kind == "column":
        return column_sources(lineage, source.column)
    return lineage.rows if source.role == ROWS else union(lineage.columns.values())


def column_sources(lineage: Lineage, column: str) -> Sources:
    """Return a column's sources; one that isn't named is one of the others."""
    found = lineage.find(column.lower())
    return frozenset({Source("unknown", column)}) if found is None else found


def plain(source: Source) -> Source:
    """Return a source without its role; counted rows stay apart from values."""
    is_counted = source.role == ROWS and source.kind == "table"
    return source if is_counted else source._replace(role=VALUE)
