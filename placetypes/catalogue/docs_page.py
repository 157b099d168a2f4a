"""The documentation of a project: one page that opens from disk.

The page tells what the files say (models, columns, lineage, parameters) and, where
there is a published database, what the last run made of them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.catalogue.columns import OTHERS, Lineage
from placetypes.catalogue.graph_picture import lay_out
from placetypes.catalogue.lineage import column_sources, plain, project_lineage
from placetypes.catalogue.model_graph import (
    export_key,
    file_key,
    parameter_key,
    project_graph,
)
from placetypes.catalogue.record import Record, read_record
from placetypes.catalogue.told_lineage import (
    ROLE_WORDS,
    Link,
    Table,
    describe_table,
    lineage_graph,
    told_sources,
)
from placetypes.inputs.find import expected_columns, file_pattern
from placetypes.parameters import resolve
from placetypes.runner.plan import model_checks
from placetypes.runner.project import FORMER, Model, Project

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATE = Path(__file__).with_suffix(".html")


def write_docs(project: Project, output: Path, target: Path) -> Path:
    """Write the documentation as one HTML page that needs no network."""
    page = render(page_data(project, read_record(output), output))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(page, "utf-8")
    partial.replace(target)
    return target


def render(data: dict[str, Any]) -> str:
    """Fill the template; whatever isn't markup of its own is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    ours = {
        name: Markup(TEMPLATE.with_suffix(suffix).read_text("utf-8"))  # noqa: S704
        for name, suffix in {"style": ".css", "script": ".js"}.items()
    }
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(data | ours)


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
    tables = {
        name: describe_table(project, model, lineages[name], record.types.get(name, {}))
        for name, model in project.models.items()
    }
    values = parameter_values(project, record)
    known = Known(project, lineages, tables, record, values, output)
    places, entries = lineage_graph(lineages, tables)
    roles = list(ROLE_WORDS.values())
    return {
        "jobs": [job_data(job, known) for job in project.jobs],
        "general": [
            parameter_data(name, known)
            for name, entry in project.specifications.items()
            if entry.job not in project.jobs
        ],
        "runs": record.runs,
        "lineage": {"places": places, "lineage": entries, "roles": roles},
    }


def parameter_values(project: Project, record: Record) -> dict[str, dict[str, Any]]:
    """Return each parameter's value in the last run, else what pipeline.toml says."""
    toml = project.root / "pipeline.toml"
    resolved = resolve(project.specifications, toml, [], set(project.jobs))
    values = {
        name: {"value": value.value, "source": value.source, "is_published": False}
        for name, value in resolved.items()
    }
    for name in values.keys() & record.parameters.keys():
        row = record.parameters[name]
        value = json.loads(row["value"])
        values[name] = {"value": value, "source": row["source"], "is_published": True}
    return values


def job_data(job: str, known: Known) -> dict[str, Any]:
    """Return what the page shows of one job."""
    project = known.project
    models = {n: m for n, m in sorted(project.models.items()) if m.job == job}
    parameters = [n for n, entry in project.specifications.items() if entry.job == job]
    return {
        "name": job,
        "is_private": project.jobs[job].private,
        "is_built": any(name in known.record.models for name in models),
        "picture": lay_out(project_graph(project, models)),
        "models": [model_data(model, known) for model in models.values()],
        "files": [file_data(job, name, known) for name in project.jobs[job].inputs],
        "exports": [
            export_data(job, file, known) for file in project.jobs[job].exports
        ],
        "parameters": [parameter_data(name, known) for name in parameters],
    }


def model_data(model: Model, known: Known) -> dict[str, Any]:
    """Return what the page shows of one model."""
    project, name = known.project, model.full_name
    lineage, parameters = known.lineages[name], model.parameters
    matching = frozenset(plain(source) for source in lineage.rows if source.column)
    return {
        "model": model,
        "built": known.record.models.get(name),
        "reads": read_links(model),
        "read_by": readers(known, lambda other: name in other.upstream),
        "exports": [
            Link(file, export_key(model.job, file))
            for file, entry in project.jobs[model.job].exports.items()
            if entry["table"] == model.name
        ],
        "parameters": [parameter_data(f"{model.job}.{p}", known) for p in parameters],
        "columns": column_data(name, lineage, known.tables[name], known.tables),
        "matching": told_sources(matching, known.tables),
        "problem": lineage.problem,
        "checks": check_data(model, known),
        "file": model.path.relative_to(project.root).as_posix(),
        "source": colour_source(model.path.read_text("utf-8"), model.is_sql),
    }


def readers(known: Known, reads: Callable[[Model], bool]) -> list[Link]:
    """Return links to the models that read something."""
    models = known.project.models.values()
    return [Link(m.full_name, m.full_name) for m in models if reads(m)]


def read_links(model: Model) -> list[Link]:
    """Return links to the files and tables that a model is made from."""
    former = [f"{model.job}.{name.removeprefix(FORMER)}" for name in model.former]
    return [
        *(Link(name, file_key(f"{model.job}.{name}")) for name in model.inputs),
        *(Link(table, table) for table in model.upstream),
        *(Link(f"{name} as last published", name) for name in former),
    ]


def column_data(
    name: str, lineage: Lineage, table: Table, tables: dict[str, Table]
) -> list[dict[str, Any]]:
    """Return a table's columns with type, meaning and what they come from."""
    kinds = sorted({table.types[column] for column in table.others})
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
    others = {
        "name": table.pattern,
        "key": f"{name}.{OTHERS}",
        "type": ", ".join(kinds),
        "meaning": table.others_meaning,
        "members": table.others,
        "told": told_sources(column_sources(lineage, OTHERS), tables),
    }
    return [*rows, others] if table.has_others else rows


def check_data(model: Model, known: Known) -> list[dict[str, Any]]:
    """Return a model's checks and what they found when they last ran."""
    found = known.record.checks
    return [
        {
            **check._asdict(),
            "failing": found.get((model.full_name, check.name), {}).get("failing"),
        }
        for check in model_checks(known.project, model)
    ]


def file_data(job: str, name: str, known: Known) -> dict[str, Any]:
    """Return what is expected of an input file, and which one was read."""
    project, entry = known.project, known.project.jobs[job].inputs[name]
    values = {
        parameter.name: known.values[full_name]["value"]
        for full_name, parameter in project.specifications.items()
        if parameter.job == job
    }
    return {
        "key": file_key(f"{job}.{name}"),
        "name": name,
        "pattern": file_pattern(entry, values),
        "meaning": entry.get("meaning", ""),
        "columns": expected_columns(entry, values),
        "own": entry.get("project_file", ""),
        "checked": known.record.inputs.get((job, name)),
        "readers": readers(known, lambda m: m.job == job and name in m.inputs),
    }


def export_data(job: str, file: str, known: Known) -> dict[str, Any]:
    """Return an export and whether it is there."""
    path = known.output / job / file
    return {
        "key": export_key(job, file),
        "name": f"{job}/{file}",
        "table": f"{job}.{known.project.jobs[job].exports[file]['table']}",
        "bytes": path.stat().st_size if path.exists() else None,
    }


def parameter_data(name: str, known: Known) -> dict[str, Any]:
    """Return a parameter with its value, as pipeline.toml has it, and who reads it."""
    value, entry = known.values[name], known.project.specifications[name]
    return {
        **value,
        "value": json.dumps(value["value"], ensure_ascii=False),
        "key": parameter_key(name),
        "name": name,
        "entry": entry,
        "readers": readers(
            known, lambda m: m.job == entry.job and entry.name in m.parameters
        ),
    }


def colour_source(text: str, is_sql: bool) -> "Markup":
    """Return source code as markup with comments, strings and words set apart."""
    from markupsafe import Markup
    from pygments import format as write
    from pygments import lex
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PostgresLexer, PythonLexer
    from pygments.token import Comment, Keyword, Number, String, Text

    lexer = PostgresLexer if is_sql else PythonLexer  # DuckDB reads as Postgres does
    coloured = (Comment, String, Keyword, Number)
    tokens = [
        (next((group for group in coloured if kind in group), Text), part)
        for kind, part in lex(text, lexer(stripnl=False, ensurenl=False))
    ]
    return Markup(write(tokens, HtmlFormatter(nowrap=True)))  # noqa: S704 — escaped
