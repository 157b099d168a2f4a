"""The documentation of a project: one page that opens from disk.

The page tells what the files say (models, columns, lineage, parameters) and, where
there is a published database, what the last run made of them.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.catalogue.graph_picture import lay_out
from placetypes.catalogue.lineage import (
    CHOICE,
    GROUP,
    NAMES,
    OTHERS,
    ROWS,
    VALUE,
    Lineage,
    Source,
    Sources,
    column_sources,
    plain,
    project_lineage,
    sources_of,
)
from placetypes.catalogue.model_graph import export_key, file_key, project_graph
from placetypes.database import PUBLISHED, connect_published
from placetypes.inputs.check import expected_columns, file_pattern
from placetypes.parameters import resolve
from placetypes.runner.plan import model_checks
from placetypes.runner.project import FORMER, Model, Project

if TYPE_CHECKING:
    import duckdb
    from markupsafe import Markup

TEMPLATE = Path(__file__).with_name("docs_page.html")

# How a source is introduced, strongest first: of one source only the strongest is told.
ROLE_WORDS = {
    VALUE: "from",
    NAMES: "names of",
    CHOICE: "chosen by",
    GROUP: "grouped or ordered by",
    ROWS: "rows of",
}
KINDS = ("column", "table", "file", "parameter", "former", "unknown")


# ── what was published ───────────────────────────────────────────────────────────────


class Record(NamedTuple):
    """What the published database tells of itself; empty where there is none."""

    types: dict[str, dict[str, str]]  # by table and column
    models: dict[str, dict[str, Any]]
    checks: dict[tuple[str, str], dict[str, Any]]  # by model and check
    inputs: dict[tuple[str, str], dict[str, Any]]  # by job and input
    parameters: dict[str, dict[str, Any]]
    runs: list[dict[str, Any]]  # the newest first


def read_record(output: Path) -> Record:
    """Read what the last run noted."""
    if not (output / PUBLISHED).exists():
        return Record({}, {}, {}, {}, {}, [])
    with connect_published(output, spatial=False) as connection:
        return Record(
            read_types(connection),
            {row["model"]: row for row in read_rows(connection, MODELS_QUERY)},
            {
                (row["model"], row["name"]): row
                for row in read_rows(connection, CHECKS_QUERY)
            },
            {
                (row["job"], row["input"]): row
                for row in read_rows(connection, INPUTS_QUERY)
            },
            {row["parameter"]: row for row in read_rows(connection, PARAMETERS_QUERY)},
            read_rows(connection, RUNS_QUERY),
        )


# Times as seconds: DuckDB hands over a time with a zone only where pytz is installed.
MODELS_QUERY = """
select model, run_id, built_by, epoch(built_at) as built_at, rows, seconds
from meta.models
"""
CHECKS_QUERY = "select model, name, failing from meta.checks"
INPUTS_QUERY = "select job, input, file, bytes, sha256 from meta.inputs"
PARAMETERS_QUERY = "select parameter, value, source from meta.parameters"
RUNS_QUERY = """
select
    run_id, epoch(started) as started, seconds, command, git_commit,
    versions, synthetic
from meta.runs order by run_id desc
"""


def read_rows(
    connection: "duckdb.DuckDBPyConnection", query: str
) -> list[dict[str, Any]]:
    """Return a query's rows as dicts."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_types(connection: "duckdb.DuckDBPyConnection") -> dict[str, dict[str, str]]:
    """Return every published table's columns with their types."""
    types: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type
        from duckdb_columns() where database_name = current_database()
        order by schema_name, table_name, column_index
        """
    ).fetchall()
    for table, column, kind in rows:
        types.setdefault(table, {})[column] = kind
    return types


def written_time(seconds: float | None) -> str:
    """Write a time of a run, always in the same zone."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


# ── lineage for the page ─────────────────────────────────────────────────────────────


class Table(NamedTuple):
    """What the page knows of a table's columns."""

    meanings: dict[str, str]
    types: dict[str, str]
    named: list[str]  # each has a row on the page
    has_others: bool  # so have all others together
    others: list[str]  # which ones these are, where they are published
    others_meaning: str
    is_python: bool

    @property
    def pattern(self) -> str:
        """Say what the other columns are, in the word that models.yml has for them."""
        for word in ("variable", "dimension"):
            if word in self.others_meaning.lower():
                return f"every {word}"
        return "every other column"


def describe_tables(
    project: Project, lineages: dict[str, Lineage], record: Record
) -> dict[str, Table]:
    """Return what is known of each table's columns, by table."""
    return {
        name: describe_table(
            documented(project, model),
            model,
            lineages[name],
            record.types.get(name, {}),
        )
        for name, model in project.models.items()
    }


def documented(project: Project, model: Model) -> dict[str, Any]:
    """Return what models.yml says of a model."""
    return project.documents[model.job].get("models", {}).get(model.name, {})


def describe_table(
    document: dict[str, Any], model: Model, lineage: Lineage, types: dict[str, str]
) -> Table:
    """Put together what models.yml, the SQL and the database say of the columns."""
    meanings = {str(name): text for name, text in document.get("columns", {}).items()}
    is_open = OTHERS in lineage.columns and not lineage.problem
    has_others = "other_columns" in document or is_open
    known = [] if has_others else types
    named = {name.lower(): name for name in [*lineage.columns, *known, *meanings]}
    named.pop(OTHERS, None)
    order = [name.lower() for name in [*meanings, *known, *lineage.columns]]
    return Table(
        meanings,
        types,
        [named[name] for name in dict.fromkeys(order) if name in named],
        has_others,
        [name for name in types if name.lower() not in named] if has_others else [],
        document.get("other_columns", ""),
        not model.is_sql,
    )


def source_label(source: Source, tables: dict[str, Table]) -> str:
    """Name a source for a reader."""
    bare = source.place.split(".", 1)[-1]
    match source:
        case Source(kind="column", column="*"):
            return f"{tables[source.place].pattern} of {source.place}"
        case Source(kind="column"):
            return f"{source.place}.{source.column}"
        case Source(kind="table"):
            return source.place
        case Source(kind="file", column="*"):
            return f"the other columns of {bare}"
        case Source(kind="file", column=""):
            return f"the file {bare}"
        case Source(kind="file"):
            return f"column {source.column} of {bare}"
        case Source(kind="parameter"):
            return f"parameter {bare}"
        case Source(kind="former"):
            return f"{source.place} as last published"
    return f"not known ({source.place})"


def source_place(source: Source, tables: dict[str, Table]) -> str:
    """Return the place on the page that tells more of a source, '' for none."""
    match source.kind:
        case "column":
            return column_place(source, tables[source.place])
        case "table" | "former":
            return source.place
        case "file":
            return f"file-{source.place}"
        case "parameter":
            return f"parameter-{source.place}"
    return ""


def column_place(source: Source, table: Table) -> str:
    """Return the row of a column: its own, that of all others, or else the table."""
    if source.column in {name.lower() for name in table.named}:
        return f"{source.place}.{source.column}"
    return f"{source.place}.{OTHERS}" if table.has_others else source.place


def strongest(sources: Sources) -> list[Source]:
    """Return each source once, in its strongest role, sorted by role and kind."""
    roles = list(ROLE_WORDS)
    ordered = sorted(
        sources, key=lambda s: (roles.index(s.role), KINDS.index(s.kind), s)
    )
    kept: dict[Source, Source] = {}
    for source in ordered:
        kept.setdefault(plain(source), source)
    return list(kept.values())


def lineage_graph(
    lineages: dict[str, Lineage], tables: dict[str, Table]
) -> tuple[dict[str, int], list[list[Any]]]:
    """Return every column's number by its place on the page, and the numbered sources.

    An entry is [label, place, kind, [[role, number] …]]: the page's script walks it.
    """
    starts = [
        Source("column", name, column.lower())
        for name, table in tables.items()
        for column in [*table.named, *([OTHERS] if table.has_others else [])]
    ]
    numbers = {source: number for number, source in enumerate(starts)}
    waiting = list(starts)
    entries: list[list[Any]] = []
    roles = list(ROLE_WORDS)
    for source in waiting:  # grows while it is walked
        links = []
        for upper in strongest(sources_of(source, lineages)):
            if plain(upper) not in numbers:
                numbers[plain(upper)] = len(waiting)
                waiting.append(plain(upper))
            links.append([roles.index(upper.role), numbers[plain(upper)]])
        label, place = source_label(source, tables), source_place(source, tables)
        entries.append([label, place, node_word(source, tables), links])
    places = {source_place(start, tables): numbers[start] for start in starts}
    return places, entries


def node_word(source: Source, tables: dict[str, Table]) -> str:
    """Return how the page marks a source: file, parameter, python, or nothing."""
    if source.kind in ("file", "parameter", "unknown"):
        return source.kind
    table = tables.get(source.place)
    return "python" if table and table.is_python and source.role != ROWS else ""


def told_sources(sources: Sources, tables: dict[str, Table]) -> list[dict[str, Any]]:
    """Return sources for the page, put together by role."""
    told: dict[str, list[dict[str, str]]] = {}
    for source in strongest(sources):
        entry = {
            "label": source_label(source, tables),
            "place": source_place(source, tables),
        }
        told.setdefault(ROLE_WORDS[source.role], []).append(entry)
    return [{"role": role, "sources": entries} for role, entries in told.items()]


# ── the page ─────────────────────────────────────────────────────────────────────────


def write_docs(project: Project, output: Path, target: Path) -> Path:
    """Write the documentation as one HTML page that needs no network."""
    record = read_record(output)
    page = render(page_data(project, record, output))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(page, "utf-8")
    partial.replace(target)
    return target


def render(data: dict[str, Any]) -> str:
    """Fill the template; whatever isn't markup of its own is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(data)


class Known(NamedTuple):
    """All that the page is made from."""

    project: Project
    lineages: dict[str, Lineage]
    tables: dict[str, Table]
    record: Record
    values: dict[str, dict[str, Any]]  # of parameters
    output: Path


def page_data(project: Project, record: Record, output: Path) -> dict[str, Any]:
    """Return all that the template shows."""
    lineages = project_lineage(project, record.types)
    tables = describe_tables(project, lineages, record)
    values = parameter_values(project, record)
    known = Known(project, lineages, tables, record, values, output)
    places, entries = lineage_graph(lineages, tables)
    return {
        "jobs": [job_data(job, known) for job in project.jobs],
        "general": [
            parameter_data(project, name, values[name])
            for name, entry in project.specifications.items()
            if entry.job not in project.jobs
        ],
        "runs": [run_data(run) for run in record.runs],
        "places": places,
        "lineage": entries,
        "roles": list(ROLE_WORDS.values()),
    }


def parameter_values(project: Project, record: Record) -> dict[str, dict[str, Any]]:
    """Return each parameter's value in the last run, else what pipeline.toml says."""
    resolved = resolve(
        project.specifications,
        project.root / "pipeline.toml",
        [],
        set(project.jobs),
    )
    values = {
        name: {"value": value.value, "source": value.source, "is_published": False}
        for name, value in resolved.items()
    }
    for name, row in record.parameters.items():
        if name in values:
            value = json.loads(row["value"])
            values[name] = {
                "value": value,
                "source": row["source"],
                "is_published": True,
            }
    return values


def job_data(job: str, known: Known) -> dict[str, Any]:
    """Return what the page shows of one job."""
    project, values = known.project, known.values
    models = {n: m for n, m in sorted(project.models.items()) if m.job == job}
    parameters = {n: e for n, e in project.specifications.items() if e.job == job}
    own = {entry.name: values[name]["value"] for name, entry in parameters.items()}
    return {
        "name": job,
        "is_built": any(name in known.record.models for name in models),
        "picture": lay_out(project_graph(project, models)),
        "models": [model_data(model, known) for model in models.values()],
        "files": [
            file_data(job, name, entry, own, known)
            for name, entry in project.inputs(job).items()
        ],
        "exports": [
            export_data(job, file, entry, known.output)
            for file, entry in project.exports(job).items()
        ],
        "parameters": [
            parameter_data(project, name, values[name]) for name in parameters
        ],
    }


def model_data(model: Model, known: Known) -> dict[str, Any]:
    """Return what the page shows of one model."""
    project, name = known.project, model.full_name
    lineage, built = known.lineages[name], known.record.models.get(name)
    matching = frozenset(plain(source) for source in lineage.rows if source.column)
    return {
        "key": name,
        "name": model.name,
        "kind": "SQL model" if model.is_sql else "Python step",
        "is_sql": model.is_sql,
        "one_row": model.one_row,
        "built": built and {**built, "built_at": written_time(built["built_at"])},
        "reads": read_data(model),
        "read_by": [
            other for other in project.models if name in project.models[other].upstream
        ],
        "exports": [
            {"label": file, "place": export_key(model.job, file)}
            for file, entry in project.exports(model.job).items()
            if entry["table"] == model.name
        ],
        "parameters": [
            {
                "label": parameter,
                "place": f"parameter-{model.job}.{parameter}",
                "value": written_value(
                    known.values[f"{model.job}.{parameter}"]["value"]
                ),
            }
            for parameter in model.parameters
        ],
        "columns": column_data(name, lineage, known.tables),
        "matching": told_sources(matching, known.tables),
        "problem": lineage.problem,
        "checks": check_data(model, known),
        "file": model.path.relative_to(project.root).as_posix(),
        "source": colour_source(model.path.read_text("utf-8"), model.is_sql),
    }


def read_data(model: Model) -> list[dict[str, str]]:
    """Return links to the files and tables that a model is made from."""
    former = [f"{model.job}.{name.removeprefix(FORMER)}" for name in model.former]
    return [
        *({"label": n, "place": file_key(model.job, n)} for n in model.inputs),
        *({"label": table, "place": table} for table in model.upstream),
        *({"label": f"{name} as last published", "place": name} for name in former),
    ]


def column_data(
    name: str, lineage: Lineage, tables: dict[str, Table]
) -> list[dict[str, Any]]:
    """Return a table's columns with type, meaning and what they come from."""
    table = tables[name]
    rows = [
        {
            "name": column,
            "key": f"{name}.{column.lower()}",
            "type": table.types.get(column, ""),
            "meaning": table.meanings.get(column, ""),
            "members": [],
            "told": told_sources(column_sources(lineage, column), tables),
        }
        for column in table.named
    ]
    if table.has_others:
        rows.append(
            {
                "name": table.pattern,
                "key": f"{name}.{OTHERS}",
                "type": ", ".join(sorted({table.types[c] for c in table.others})),
                "meaning": table.others_meaning,
                "members": table.others,
                "told": told_sources(column_sources(lineage, OTHERS), tables),
            }
        )
    return rows


def check_data(model: Model, known: Known) -> list[dict[str, Any]]:
    """Return a model's checks and what they found when they last ran."""
    checks = []
    for check in model_checks(known.project, model):
        found = known.record.checks.get((model.full_name, check.name))
        failing = found["failing"] if found else None
        checks.append({**check._asdict(), "failing": failing})
    return checks


def file_data(
    job: str,
    name: str,
    entry: dict[str, Any],
    values: dict[str, Any],
    known: Known,
) -> dict[str, Any]:
    """Return what is expected of an input file, and which one was read."""
    return {
        "key": file_key(job, name),
        "name": name,
        "pattern": file_pattern(entry, values),
        "meaning": entry.get("meaning", ""),
        "columns": expected_columns(entry, values),
        "own": entry.get("project_file", ""),
        "checked": known.record.inputs.get((job, name)),
        "readers": [
            model.full_name
            for model in known.project.models.values()
            if model.job == job and name in model.inputs
        ],
    }


def export_data(
    job: str, file: str, entry: dict[str, Any], output: Path
) -> dict[str, Any]:
    """Return an export and whether it is there."""
    path = output / job / file
    return {
        "key": export_key(job, file),
        "name": f"{job}/{file}",
        "table": f"{job}.{entry['table']}",
        "bytes": path.stat().st_size if path.exists() else None,
    }


def parameter_data(
    project: Project, name: str, value: dict[str, Any]
) -> dict[str, Any]:
    """Return a parameter with its value and who reads it."""
    entry = project.specifications[name]
    return {
        "key": f"parameter-{name}",
        "name": name,
        "value": written_value(value["value"]),
        "source": value["source"],
        "is_published": value["is_published"],
        "meaning": entry.meaning,
        "takes": entry.takes,
        "readers": [
            model.full_name
            for model in project.models.values()
            if model.job == entry.job and entry.name in model.parameters
        ],
    }


def written_value(value: Any) -> str:
    """Write a parameter's value as pipeline.toml would."""
    return json.dumps(value, ensure_ascii=False)


def run_data(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run for the page."""
    versions = ", ".join(f"{name} {v}" for name, v in (run["versions"] or {}).items())
    return {**run, "started": written_time(run["started"]), "versions": versions}


# ── source code ──────────────────────────────────────────────────────────────────────

SQL_WORDS = (
    "all and anti any as asc asof between by case cast cross desc distinct else end "
    "except exclude exists false filter from full group grouping having in include "
    "inner into intersect is join lambda left like limit name not null nulls on or "
    "order outer over partition pivot qualify recursive replace right select semi "
    "sets then true union unpivot using value when where window with within"
)
PYTHON_WORDS = (
    "and as assert break class continue def del elif else except finally for from if "
    "import in is lambda match case None True False nonlocal not or pass raise return "
    "try while with yield"
)
SQL_TOKENS = re.compile(
    rf"(?P<comment>--[^\n]*)|(?P<string>'(?:[^']|'')*'|\"[^\"]*\")"
    rf"|(?P<word>\b(?:{'|'.join(SQL_WORDS.split())})\b)|(?P<number>\b\d[\d.]*\b)",
    re.IGNORECASE,
)
PYTHON_TOKENS = re.compile(
    rf"(?P<comment>\#[^\n]*)"
    rf"|(?P<string>\"\"\"[\s\S]*?\"\"\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    rf"|(?P<word>\b(?:{'|'.join(PYTHON_WORDS.split())})\b)|(?P<number>\b\d[\d._]*\b)"
)


def colour_source(text: str, is_sql: bool) -> "Markup":
    """Return source code as markup with comments, strings and words set apart."""
    from markupsafe import Markup, escape

    parts = []
    end = 0
    for token in (SQL_TOKENS if is_sql else PYTHON_TOKENS).finditer(text):
        parts.append(escape(text[end : token.start()]))
        kind = token.lastgroup[0]  # c, s, w or n: there are thousands of them
        parts.append(Markup("<i class={}>{}</i>").format(kind, token[0]))
        end = token.end()
    return Markup("").join([*parts, escape(text[end:])])
