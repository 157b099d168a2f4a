"""The documentation of a project: one page that opens from disk; its graph as text.

The page tells what the files say (models, columns, lineage, parameters) and, where
there is a published database, what the last run made of them.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from runner.checks import model_checks
from runner.errors import listed
from runner.graph import build_order
from runner.inputs import expected_columns, file_pattern
from runner.lineage import (
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
from runner.parameters import resolve
from runner.project import FORMER, Model, Project
from runner.warehouse import PUBLISHED, connect_published

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


# ── the graph ────────────────────────────────────────────────────────────────────────


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
            key = file_key(model.job, file)
            nodes.setdefault(key, Node(key, "file", file))
            edges.append((key, name))
        edges += [(table, name) for table in model.upstream if table in chosen]
    for job in sorted({project.models[name].job for name in chosen}):
        for file, entry in project.exports(job).items():
            table, key = f"{job}.{entry['table']}", export_key(job, file)
            if table in chosen:
                nodes[key] = Node(key, "export", file)
                edges.append((table, key))
    return Graph(nodes, edges)


def model_kind(model: Model) -> str:
    """Return sql or python."""
    return "sql" if model.is_sql else "python"


def file_key(job: str, name: str) -> str:
    """Return the place of an input file on the page."""
    return f"file-{job}.{name}"


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
        key: max(parents[key], key=lambda upper: depths[upper], default=None)
        for key in keys
        if graph.nodes[key].kind != "export"
    }
    below: dict[str | None, list[str]] = {}
    for key, upper in above.items():
        below.setdefault(upper if upper in keys else None, []).append(key)
    lines: list[str] = []

    def draw(key: str, first: str, rest: str) -> None:
        lines.append(first + describe(graph, key, above[key]))
        children = below.get(key, [])
        for child in children[:-1]:
            draw(child, f"{rest}├─ ", f"{rest}│  ")
        for child in children[-1:]:
            draw(child, f"{rest}└─ ", f"{rest}   ")

    for root in below.get(None, []):
        draw(root, "  ", "  ")
    return lines


def describe(graph: Graph, key: str, above: str | None) -> str:
    """Return a node's line: its name, what else it reads, what it is exported to."""
    node = graph.nodes[key]
    also = [graph.nodes[u].label for u in parents_of(graph)[key] if u != above]
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
            f"  + {listed(also, 5)}" if also else "",
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


# ── the graph as a picture ───────────────────────────────────────────────────────────

NODE_HEIGHT = 36
LETTER_WIDTH = 6.9  # of 12 px system fonts, on the wide side
ROW_GAP = 12
COLUMN_GAP = 46
BEND_HEIGHT = -4  # a line that passes a layer needs less room than the gap to a node
SWEEPS = 12

Layers = list[list[str]]
Links = dict[str, list[str]]


class Box(NamedTuple):
    """A node's place in the picture."""

    node: Node
    x: float
    y: float
    width: float

    @property
    def outline(self) -> str:
        """Return the node's shape as an SVG path: each kind has its own."""
        w, h = self.width, NODE_HEIGHT
        return {
            "sql": f"M0,0 H{w} V{h} H0 Z",
            "python": f"M10,0 H{w - 10} L{w},{h / 2} L{w - 10},{h} H10 L0,{h / 2} Z",
            "file": f"M0,0 H{w - 10} L{w},10 V{h} H0 Z M{w - 10},0 V10 H{w}",
            "export": f"M0,0 H{w - 12} L{w},{h / 2} L{w - 12},{h} H0 Z",
        }[self.node.kind]


class Line(NamedTuple):
    """An edge's way in the picture."""

    upper: str
    lower: str
    path: str


class Picture(NamedTuple):
    """A graph laid out."""

    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float


def lay_out(graph: Graph) -> Picture:
    """Place a graph's nodes in layers from left to right, with few crossings."""
    layers, ways = make_layers(graph)
    uppers, lowers = link_layers(ways)
    layers = order_layers(layers, uppers, lowers)
    heights = {key: node_height(graph, key) for layer in layers for key in layer}
    ys = place_rows(layers, uppers, lowers, heights)
    widths = {key: 30 + LETTER_WIDTH * len(n.label) for key, n in graph.nodes.items()}
    xs, width = place_columns(layers, widths)
    boxes = [
        Box(node, xs[key][0], round(ys[key] - NODE_HEIGHT / 2, 1), widths[key])
        for key, node in graph.nodes.items()
    ]
    lines = [
        Line(way[0], way[-1], draw_way(way, xs, ys, widths)) for way in ways.values()
    ]
    height = max((box.y for box in boxes), default=0) + NODE_HEIGHT + ROW_GAP
    return Picture(boxes, lines, width, height)


def make_layers(graph: Graph) -> tuple[Layers, dict[tuple[str, str], list[str]]]:
    """Return the layers, and each edge's way through them.

    Where an edge passes a layer it gets a bend there, a node without a box.
    """
    depths = node_depths(graph)
    for key, node in graph.nodes.items():
        if node.kind == "file":  # not further away from its readers than need be
            readers = [depths[lower] for upper, lower in graph.edges if upper == key]
            depths[key] = min(readers) - 1
    layers: Layers = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    for key in graph.nodes:
        layers[depths[key]].append(key)
    ways = {}
    for upper, lower in graph.edges:
        bends = []
        for layer in range(depths[upper] + 1, depths[lower]):
            bends.append(f"{upper}→{lower}@{layer}")
            layers[layer].append(bends[-1])
        ways[upper, lower] = [upper, *bends, lower]
    return layers, ways


def link_layers(ways: dict[tuple[str, str], list[str]]) -> tuple[Links, Links]:
    """Return each node's neighbours in the layer before and in the one after."""
    uppers: Links = {}
    lowers: Links = {}
    for way in ways.values():
        for upper, lower in pairwise(way):
            uppers.setdefault(lower, []).append(upper)
            lowers.setdefault(upper, []).append(lower)
    return uppers, lowers


def order_layers(layers: Layers, uppers: Links, lowers: Links) -> Layers:
    """Sort each layer by its neighbours' mean place, to and fro; keep the best."""
    best, fewest = layers, count_crossings(layers, lowers)
    current = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        links = uppers if forward else lowers
        places = range(len(current)) if forward else reversed(range(len(current)))
        for place in places:
            beside = current[place - 1 if forward else (place + 1) % len(current)]
            current[place] = by_barycentre(current[place], beside, links)
        crossings = count_crossings(current, lowers)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in current], crossings
    return best


def by_barycentre(layer: list[str], beside: list[str], links: Links) -> list[str]:
    """Sort a layer by the mean place of each node's neighbours in the one beside."""
    places = {key: place for place, key in enumerate(beside)}
    means = {}
    for own, key in enumerate(layer):
        found = [places[other] for other in links.get(key, []) if other in places]
        means[key] = sum(found) / len(found) if found else own
    return sorted(layer, key=lambda key: means[key])


def count_crossings(layers: Layers, lowers: Links) -> int:
    """Count the pairs of lines that cross between neighbouring layers."""
    crossings = 0
    for layer, following in pairwise(layers):
        places = {key: place for place, key in enumerate(following)}
        ends = [
            place
            for key in layer
            for place in sorted(places[lower] for lower in lowers.get(key, []))
        ]
        crossings += sum(
            later < earlier
            for index, earlier in enumerate(ends)
            for later in ends[index + 1 :]
        )
    return crossings


def node_height(graph: Graph, key: str) -> float:
    """Return the room that a node, or the bend of a line, takes in its layer."""
    return NODE_HEIGHT if key in graph.nodes else BEND_HEIGHT


def place_rows(
    layers: Layers, uppers: Links, lowers: Links, heights: dict[str, float]
) -> dict[str, float]:
    """Return each node's middle: near its neighbours', in order, without overlap."""
    ys: dict[str, float] = {}
    for layer in layers:
        stack(layer, [0.0] * len(layer), heights, ys)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wishes = []
            for key in layer:
                beside = [*uppers.get(key, []), *lowers.get(key, [])]
                wishes.append(mean([ys[other] for other in beside], ys[key]))
            stack(layer, wishes, heights, ys)
    top = min((y - heights[key] / 2 for key, y in ys.items()), default=0)
    return {key: y - top + ROW_GAP for key, y in ys.items()}


def mean(values: list[float], otherwise: float) -> float:
    """Return the mean, or something else where there is nothing."""
    return sum(values) / len(values) if values else otherwise


def stack(
    layer: list[str],
    wishes: list[float],
    heights: dict[str, float],
    ys: dict[str, float],
) -> None:
    """Place a layer's nodes as near to the wished places as their order allows.

    The wishes less the room of all nodes before must not decrease: the least-squares
    answer pools neighbours that would overlap (isotonic regression).
    """
    offsets = [0.0]
    for before, after in pairwise(layer):
        gap = (heights[before] + heights[after]) / 2 + ROW_GAP
        offsets.append(offsets[-1] + gap)
    pools: list[list[float]] = []
    for wish, offset in zip(wishes, offsets, strict=False):
        pools.append([wish - offset])
        while len(pools) > 1 and mean(pools[-2], 0) > mean(pools[-1], 0):
            last = pools.pop()
            pools[-1] += last
    placed = [mean(pool, 0) for pool in pools for _ in pool]
    for key, place, offset in zip(layer, placed, offsets, strict=False):
        ys[key] = place + offset


def place_columns(
    layers: Layers, widths: dict[str, float]
) -> tuple[dict[str, tuple[float, float]], float]:
    """Return where each node's layer begins and ends, and the width of all."""
    xs = {}
    left = float(ROW_GAP)
    for layer in layers:
        width = max((widths[key] for key in layer if key in widths), default=0)
        xs |= dict.fromkeys(layer, (round(left, 1), round(left + width, 1)))
        left += width + COLUMN_GAP
    return xs, round(left - COLUMN_GAP + ROW_GAP, 1)


def draw_way(
    way: list[str],
    xs: dict[str, tuple[float, float]],
    ys: dict[str, float],
    widths: dict[str, float],
) -> str:
    """Draw an edge: curves between the layers, straight through them."""
    x, y = xs[way[0]][0] + widths[way[0]], ys[way[0]]
    path = [f"M{x:.0f},{y:.0f}", f"H{xs[way[0]][1]:.0f}"]
    for before, after in pairwise(way):
        start, end = xs[before][1], xs[after][0]
        middle = (start + end) / 2
        path.append(
            f"C{middle:.0f},{ys[before]:.0f} {middle:.0f},{ys[after]:.0f} "
            f"{end:.0f},{ys[after]:.0f}"
        )
        if after != way[-1]:
            path.append(f"H{xs[after][1]:.0f}")
    return " ".join(path)


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
