"""The graph of files, models and exports, and that graph as text."""

import re

from placetypes.catalogue.model_graph import (
    draw_graph,
    mermaid,
    mermaid_text,
    project_graph,
)
from placetypes.runner.project import load_project

PROJECT = load_project()


def test_the_graph_goes_from_files_to_exports(town):
    graph = project_graph(town, town.models)
    assert {(n.kind, n.label) for n in graph.nodes.values()} == {
        ("file", "homes_file"),
        ("sql", "homes"),
        ("sql", "prices"),
        ("python", "groups"),
        ("export", "prices.csv"),
    }
    assert sorted(graph.edges) == [
        ("file-town.homes_file", "town.homes"),
        ("town.groups", "town.prices"),
        ("town.homes", "town.groups"),
        ("town.homes", "town.prices"),
        ("town.prices", "export-town.prices.csv"),
    ]


def test_the_terminal_shows_each_model_once(town):
    assert draw_graph(town, town.models) == """\
town
  homes_file [file]
  └─ homes
     └─ groups [Python]
        └─ prices  + homes  → prices.csv

+ also reads   → exported to"""  # fmt: skip
    lines = draw_graph(PROJECT, PROJECT.models).splitlines()
    drawn = [re.sub(r"^[ │├└─]*", "", line).split(" ")[0] for line in lines]
    for job in PROJECT.jobs:
        assert drawn.count(job) >= 1
    for model in PROJECT.models.values():
        same = [m for m in PROJECT.models.values() if m.name == model.name]
        named_like_a_job = model.name in PROJECT.jobs
        assert drawn.count(model.name) == len(same) + named_like_a_job


def test_what_is_read_of_another_job_is_named_with_its_schema(village):
    assert draw_graph(village, village.models).splitlines()[-4:] == [
        "village",
        "  farms  + town.homes",
        "",
        "+ also reads   → exported to",
    ]


def test_a_part_of_the_graph_can_be_drawn(town):
    assert draw_graph(town, ["town.prices"]).splitlines()[:2] == [
        "town",
        "  prices  → prices.csv",
    ]


def test_mermaid_has_ids_and_labels_that_it_can_read(town):
    assert mermaid(town, town.models) == """\
flowchart LR
    n0["town.homes"]
    n1[("homes_file")]
    n2{{"town.groups"}}
    n3["town.prices"]
    n4(["prices.csv"])
    n1 --> n0
    n0 --> n2
    n2 --> n3
    n0 --> n3
    n3 --> n4"""  # fmt: skip
    text = mermaid(PROJECT, PROJECT.models)
    pattern = re.compile(
        r'    n\d+(\["[^"]+"\]|\{\{"[^"]+"\}\}|\[\("[^"]+"\)\]|\(\["[^"]+"\]\))'
        r"|    n\d+ --> n\d+"
    )
    assert all(pattern.fullmatch(line) for line in text.splitlines()[1:])


def test_a_mermaid_label_keeps_its_signs():
    assert mermaid_text('a "b" <c> #1') == "a #34;b#34; #60;c#62; #35;1"


def test_an_empty_selection_is_an_empty_graph(town):
    assert project_graph(town, []).nodes == {}
    assert mermaid(town, []) == "flowchart LR"
