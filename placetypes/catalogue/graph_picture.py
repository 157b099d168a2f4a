"""The graph of a project as a picture: layers from left to right, few crossings."""

from itertools import pairwise
from typing import NamedTuple

from placetypes.catalogue.model_graph import Graph, Node, node_depths

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
