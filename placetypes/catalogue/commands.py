"""Commands that tell what there is: ls, params, docs."""

import json
from typing import Annotated

import typer

from placetypes import console
from placetypes.catalogue import reading
from placetypes.console import Text
from placetypes.options import (
    DEFAULT_OUTPUT,
    AsJson,
    Debug,
    OutputFolder,
    Overrides,
    Selectors,
)
from placetypes.parameters import resolve, use_demo_values
from placetypes.runner.plan import build_order, select
from placetypes.runner.project import Project, load_project


def register(app: typer.Typer) -> None:
    """Add this room's commands to the command line."""
    for command in (ls, params, docs):
        app.command()(command)
    reading.register(app)


def ls(
    selectors: Selectors = None,
    graph: Annotated[
        bool, typer.Option("--graph", help="Draw what is made from what.")
    ] = False,
    as_mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Print the graph as Mermaid.")
    ] = False,
    debug: Debug = False,
) -> None:
    """List the models, what they read and what one row of them is."""
    project = load_project()
    chosen = select(project, selectors) if selectors else set(project.models)
    if graph or as_mermaid:
        from placetypes.catalogue.model_graph import draw_graph, mermaid

        typer.echo((mermaid if as_mermaid else draw_graph)(project, chosen))
        return
    rows = [
        listed(project, name) for name in build_order(project.models) if name in chosen
    ]
    console.print_table(["table", "one row", "made from"], rows)


def listed(project: Project, name: str) -> list[str]:
    """Return a model's line: its name, what one row is, what it is made from."""
    model = project.models[name]
    own = f"{model.job}."
    reads = [*model.inputs, *(table.removeprefix(own) for table in model.upstream)]
    optional = "(optional) " if project.is_optional(name) else ""
    return [name, optional + model.one_row.removeprefix("One row: "), ", ".join(reads)]


def docs(output: OutputFolder = DEFAULT_OUTPUT, debug: Debug = False) -> None:
    """Write one offline page about every table: columns, lineage, code, checks."""
    from placetypes.catalogue.docs_page import write_docs

    path = write_docs(load_project(), output, output / "docs.html")
    console.output.print(Text(f"{path}"))


def params(
    overrides: Overrides = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the parameters: value, where it came from, what it means."""
    project = load_project()
    resolved = resolve(
        project.specifications,
        project.root / "pipeline.toml",
        overrides or [],
        set(project.jobs),
    )
    if as_json:
        typer.echo(json.dumps({n: v.value for n, v in resolved.items()}, indent=2))
        return
    demo = use_demo_values(resolved, set(project.jobs))
    rows = [
        [
            name,
            json.dumps(value.value, ensure_ascii=False),
            value.source,
            value.specification.meaning
            + (
                f" On the demo: {json.dumps(demo[name].value)}."
                if demo[name].source == "demo"
                else ""
            ),
        ]
        for name, value in resolved.items()
    ]
    console.print_table(["parameter", "value", "from", "meaning"], rows)
