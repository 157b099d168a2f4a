"""The graph as a picture: boxes in layers, few crossings."""

import pytest

from placetypes.catalogue.graph_picture import (
    NODE_HEIGHT,
    count_crossings,
    lay_out,
    link_layers,
    make_layers,
)
from placetypes.catalogue.model_graph import Graph, Node, project_graph
from placetypes.runner.project import load_project

PROJECT = load_project()


@pytest.mark.parametrize("job", PROJECT.jobs)
def test_boxes_stand_in_layers_and_do_not_overlap(job):
    models = [n for n, m in PROJECT.models.items() if m.job == job]
    picture = lay_out(project_graph(PROJECT, models))
    places = {box.node.key: box for box in picture.boxes}
    for line in picture.lines:
        upper, lower = places[line.upper], places[line.lower]
        assert upper.x + upper.width < lower.x
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= picture.width
        assert 0 <= box.y <= picture.height - NODE_HEIGHT
        for other in picture.boxes:
            apart = abs(box.y - other.y) >= NODE_HEIGHT
            assert apart or box is other or box.x != other.x


def test_layers_are_sorted_so_that_lines_do_not_cross():
    nodes = {key: Node(key, "sql", key) for key in "abcdef"}
    graph = Graph(nodes, [("a", "f"), ("b", "e"), ("c", "d")])
    layers, ways = make_layers(graph)
    uppers, lowers = link_layers(ways)
    assert count_crossings([["a", "b", "c"], ["d", "e", "f"]], lowers) == 3
    picture = lay_out(graph)
    ys = {box.node.key: box.y for box in picture.boxes}
    assert ys["a"] == ys["f"]
    assert ys["b"] == ys["e"]
    assert layers == [["a", "b", "c"], ["d", "e", "f"]]
    assert uppers["f"] == ["a"]


def test_an_empty_graph_has_no_boxes():
    assert lay_out(Graph({}, [])).boxes == []
