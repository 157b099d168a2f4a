"""The graph of a project's files, models and exports, and that graph as text."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from placetypes.errors import listed
from placetypes.runner.plan import build_order
from placetypes.runner.project import Model, Project


class Node(NamedTuple):
    """A file, a model or an export; its key is also its place on the page."""

    key: str
    kind: str  # file, sql, python or export
    label: str


class Graph(NamedTuple):
    """What is made from what."""

    nodes: dict[str, Node]
    edges: list[tuple[str, str]]


def project_graph(project: Project, names: Iterable[str]) -> Graph:
    """Return the graph of the named models with their files and exports."""
    chosen = set(names)
    nodes: dict[str, Node] = {}
    edges = []
    for name in build_order(project.models):
        if name not in chosen:
            continue
        model = project.models[name]
        nodes[name] = Node(name, model_kind(model), model.name)
        for file in model.inputs:
            key = file_key(f"{model.job}.{file}")
            nodes.setdefault(key, Node(key, "file", file))
            edges.append((key, name))
        edges += [(table, name) for table in model.upstream if table in chosen]
    for job in sorted({project.models[name].job for name in chosen}):
        for file, entry in project.jobs[job].exports.items():
            table, key = f"{job}.{entry['table']}", export_key(job, file)
            if table in chosen:
                nodes[key] = Node(key, "export", file)
                edges.append((table, key))
    return Graph(nodes, edges)


def model_kind(model: Model) -> str:
    """Return sql or python."""
    return "sql" if model.is_sql else "python"


def file_key(name: str) -> str:
    """Return the place of the input file job.name on the page."""
    return f"file-{name}"


def parameter_key(name: str) -> str:
    """Return the place of the parameter job.name on the page."""
    return f"parameter-{name}"


def export_key(job: str, name: str) -> str:
    """Return the place of an export on the page."""
    return f"export-{job}.{name}"


def parents_of(graph: Graph) -> dict[str, list[str]]:
    """Return what each node is directly made from."""
    parents: dict[str, list[str]] = {key: [] for key in graph.nodes}
    for upper, lower in graph.edges:
        parents[lower].append(upper)
    return parents


def node_depths(graph: Graph) -> dict[str, int]:
    """Return the length of the longest way from a source to each node."""
    parents = parents_of(graph)
    depths: dict[str, int] = {}

    def depth(key: str) -> int:
        if key not in depths:
            depths[key] = 1 + max(map(depth, parents[key]), default=-1)
        return depths[key]

    for key in graph.nodes:
        depth(key)
    return depths


# ── the graph as text ────────────────────────────────────────────────────────────────


def draw_graph(project: Project, names: Iterable[str]) -> str:
    """Draw the graph for a terminal: each model once, under the last of what it reads.

    `+ …` names what else it reads, `→ …` the files that it is exported to.
    """
    graph = project_graph(project, names)
    blocks = []
    for job in sorted({project.models[n].job for n in graph.nodes if is_model(n)}):
        keys = [key for key in graph.nodes if belongs_to(key, job)]
        blocks.append("\n".join([job, *draw_job(graph, keys)]))
    return "\n\n".join([*blocks, "+ also reads   → exported to"])


def is_model(key: str) -> bool:
    """Tell a model's key from those of files and exports."""
    return not key.startswith(("file-", "export-"))


def belongs_to(key: str, job: str) -> bool:
    """Tell whether a node is of a job."""
    return re.sub("^(file|export)-", "", key).startswith(f"{job}.")


def draw_job(graph: Graph, keys: list[str]) -> list[str]:
    """Draw one job's tree."""
    parents, depths = parents_of(graph), node_depths(graph)
    above = {
        key: max(
            (upper for upper in parents[key] if upper in keys),
            key=lambda upper: depths[upper],
            default=None,
        )
        for key in keys
        if graph.nodes[key].kind != "export"
    }
    below: dict[str | None, list[str]] = {}
    for key, upper in above.items():
        below.setdefault(upper, []).append(key)
    lines: list[str] = []

    def draw(key: str, first: str, rest: str) -> None:
        also = [upper for upper in parents[key] if upper != above[key]]
        lines.append(first + describe(graph, key, also, keys))
        children = below.get(key, [])
        for child in children[:-1]:
            draw(child, f"{rest}├─ ", f"{rest}│  ")
        for child in children[-1:]:
            draw(child, f"{rest}└─ ", f"{rest}   ")

    for root in below.get(None, []):
        draw(root, "  ", "  ")
    return lines


def describe(graph: Graph, key: str, also: list[str], keys: list[str]) -> str:
    """Return a node's line: its name, what else it reads, what it is exported to."""
    node = graph.nodes[key]
    others = [graph.nodes[u].label if u in keys else u for u in also]
    exports = [
        graph.nodes[lower].label
        for upper, lower in graph.edges
        if upper == key and graph.nodes[lower].kind == "export"
    ]
    kind = {"file": " [file]", "python": " [Python]"}.get(node.kind, "")
    return "".join(
        [
            node.label,
            kind,
            f"  + {listed(others, 5)}" if others else "",
            f"  → {', '.join(exports)}" if exports else "",
        ]
    )


MERMAID_SHAPES = {
    "sql": ("[", "]"),
    "python": ("{{", "}}"),
    "file": ("[(", ")]"),
    "export": ("([", "])"),
}


def mermaid(project: Project, names: Iterable[str]) -> str:
    """Return the graph as a Mermaid flowchart, for a Markdown file or an issue."""
    graph = project_graph(project, names)
    ids = {key: f"n{place}" for place, key in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for key, node in graph.nodes.items():
        left, right = MERMAID_SHAPES[node.kind]
        label = node.key if is_model(key) else node.label
        lines.append(f'    {ids[key]}{left}"{mermaid_text(label)}"{right}')
    lines += [f"    {ids[upper]} --> {ids[lower]}" for upper, lower in graph.edges]
    return "\n".join(lines)


def mermaid_text(text: str) -> str:
    """Write a label so that Mermaid takes none of it for its own signs."""
    return re.sub(r'[#"<>&]', lambda sign: f"#{ord(sign[0])};", text)
