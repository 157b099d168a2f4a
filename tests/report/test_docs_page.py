"""report/docs_page.py: the page of documentation, and the graph as text."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from report.docs_page import colour_source, write_docs
from report.graph_picture import (
    NODE_HEIGHT,
    count_crossings,
    lay_out,
    link_layers,
    make_layers,
)
from report.model_graph import (
    Graph,
    Node,
    draw_graph,
    mermaid,
    mermaid_text,
    project_graph,
)
from runner.project import Project, load_project
from runner.warehouse import META, PUBLISHED, connect_plain

PROJECT = load_project()
BAD = "<script>alert('x')</script> & \"quoted\" </script>"

FILES = {
    "runner/parameters.yml": """
threads: {kind: integer, default: 0, meaning: Threads to use.}
""",
    "sql/macros.sql": "",
    "sql/town/parameters.yml": f"""
limit: {{kind: integer, default: 3, meaning: {json.dumps("Limit " + BAD)}}}
""",
    "sql/town/models.yml": f"""
inputs:
  homes_file:
    file: homes.csv
    meaning: {json.dumps("Homes " + BAD)}
    columns: {{id: code}}
exports:
  prices.csv: {{table: prices}}
models:
  homes:
    columns: {{home: {json.dumps("Code " + BAD)}}}
    other_columns: The variable so named.
    checks:
      - unique: home
  prices:
    columns: {{variable: Its code., price: Its mean.}}
    checks:
      - range: {{column: price, minimum: 0}}
        severity: warn
  groups:
    columns: {{home: Code., cluster: Its group.}}
""",
    "sql/town/homes.sql": """-- One row: one home <b>with</b> all.
select id as home, columns(* exclude (id)) from read_csv(getvariable('homes_file'))
""",
    "sql/town/prices.sql": """-- One row: one variable.
with means as (
    select avg(columns(* exclude (home))) from town.homes
    semi join town.groups on homes.home = groups.home
),

long as (
    unpivot means on columns(*) into name variable value price
)

select * from long where price > getvariable('limit')
""",
    "models_py/town/groups.py": '''
def groups(homes, limit):
    """One row: one home and its group."""
    return homes["<i>"]
''',
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Project:
    """Give a project of three tables, with markup where text belongs."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load_project(tmp_path / "project")


def publish(output: Path) -> None:
    """Write a published database as a run would leave it."""
    output.mkdir()
    with connect_plain(output / PUBLISHED) as connection:
        connection.execute(META)
        connection.execute(
            """
            create schema town;
            create table town.homes as select 'h1' as home, 1.5 as v01, 2.5 as v02;
            create table town.prices as select 'v01' as variable, 1.5::double as price;
            insert into meta.runs (run_id, started, seconds, command, versions)
            values
            ('run-2', '2026-01-02 03:04:05Z', 1.5, 'run town <i>', map {'a': '1'});
            insert into meta.models (model, run_id, built_by, built_at, rows, seconds)
            values
            ('town.homes', 'run-2', 'run-1', '2026-01-01 03:04:05Z', 1234, 0.25),
            ('town.prices', 'run-2', 'run-2', '2026-01-02 03:04:05Z', 1, 0.5);
            insert into meta.checks (model, name, severity, failing, query)
            values
            ('town.homes', 'unique home', 'error', 0, 'q'),
            ('town.prices', 'range price', 'warn', 7, 'from town.prices where …');
            insert into meta.inputs (job, input, file, bytes, sha256)
            values ('town', 'homes_file', 'homes.csv', 98765, 'abc123');
            insert into meta.parameters values ('town.limit', '9', '--set');
            """
        )


class Page(HTMLParser):
    """What a browser would make of the page: places, links, text, elements."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.elements: list[str] = []
        self.resources: list[str] = []
        self.pieces: list[str] = []
        self.scripts: list[str] = []
        self.source = path.read_text("utf-8")
        self.feed(self.source)
        self.text = " ".join(" ".join(self.pieces).split())
        self.data = json.loads(self.scripts[0])

    def handle_starttag(self, tag, attributes):
        """Note an element, its place and what it would load."""
        self.elements.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.add(value)
            if name in ("src", "srcset", "action", "poster", "style", "onclick"):
                self.resources.append(f"{name}={value}")

    def handle_data(self, data):
        """Note a text, scripts apart."""
        if self.elements[-1:] == ["script"] and data.strip():
            self.scripts.append(data)
        elif self.elements[-1:] != ["style"]:
            self.pieces.append(data)


def page_of(project: Project, output: Path) -> Page:
    """Write and read a project's page."""
    return Page(write_docs(project, output, output / "docs" / "docs.html"))


def test_without_a_run_the_page_is_written_from_the_files(town, tmp_path):
    page = page_of(town, tmp_path / "outputs")
    assert "Nothing was run yet" in page.text
    assert "town.homes" in page.text
    assert "not built yet" in page.text
    assert "3 default, not run yet" in page.text
    assert "not read yet" in page.text


def test_after_a_run_the_page_tells_its_results(town, tmp_path):
    publish(tmp_path / "outputs")
    page = page_of(town, tmp_path / "outputs")
    assert "run-2 , 2026-01-02 03:04 UTC" in page.text
    assert "1,234 rows 0.25 s built 2026-01-01 03:04 UTC by run run-1" in page.text
    assert "published by run run-2" in page.text
    assert "VARCHAR" in page.text
    assert "2 columns, v01 … v02" in page.text
    assert "unique home stops the run ✓ passed" in page.text
    assert "range price warning ✗ 7 rows" in page.text
    assert "homes.csv , 98,765 bytes sha256 abc123" in page.text
    assert "9 --set" in page.text
    assert "not built yet" in page.text  # town.groups


def test_text_is_never_taken_for_markup(town, tmp_path):
    publish(tmp_path / "outputs")
    page = page_of(town, tmp_path / "outputs")
    assert page.elements.count("script") == 2
    assert len(page.scripts) == 2
    assert page.text.count(BAD) == 3  # a column, a file, a parameter
    assert "one home <b>with</b> all." in page.text
    assert "run town <i>" in page.text
    assert 'homes["<i>"]' in page.text.replace(' "', '"').replace('" ', '"')


def test_the_page_needs_no_network(tmp_path):
    page = page_of(PROJECT, tmp_path)
    assert not page.resources
    assert all(link.startswith("#") for link in page.links)
    # An address may stand in a text, such as a parameter's value, but load nothing.
    loading = r"(src|href|action)\s*=\s*.?https?://|@import|url\((?!#)"
    assert not re.search(loading, page.source)
    assert "default-src 'none'" in page.source


def test_each_link_of_the_page_leads_somewhere(tmp_path):
    page = page_of(PROJECT, tmp_path)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    places = {place for _, place, _, _ in page.data["lineage"] if place}
    assert places <= set(page.ids)


def test_each_model_and_column_is_on_the_page(tmp_path):
    page = page_of(PROJECT, tmp_path)
    for name, model in PROJECT.models.items():
        assert name in page.ids
        columns = PROJECT.documents[model.job]["models"][model.name]["columns"]
        for column in columns:
            assert f"{name}.{column}" in page.ids
            assert f"{name}.{column}" in page.data["places"]
    for job in PROJECT.jobs:
        for file in PROJECT.inputs(job):
            assert f"file-{job}.{file}" in page.ids
        for export in PROJECT.exports(job):
            assert f"export-{job}.{export}" in page.ids
    for parameter in PROJECT.specifications:
        assert f"parameter-{parameter}" in page.ids


def walk(data: dict, number: int) -> dict[int, set[str]]:
    """Follow a column to all its sources, as the page's script does."""
    reached: dict[int, set[str]] = {}
    waiting = [number]
    while waiting:
        for role, upper in data["lineage"][waiting.pop()][3]:
            if upper not in reached:
                waiting.append(upper)
            reached.setdefault(upper, set()).add(data["roles"][role])
    return reached


def test_the_page_follows_an_index_score_to_the_census_file(tmp_path):
    data = page_of(PROJECT, tmp_path).data
    reached = walk(data, data["places"]["census.index_scores.index_score"])
    labels = {data["lineage"][number][0]: roles for number, roles in reached.items()}
    assert labels["every variable of census.region_variables"] >= {"from"}
    assert labels["census.supergroups.supergroup"] == {"grouped or ordered by"}
    assert "the other columns of census_file" in labels
    assert "parameter clusters" in labels


def test_lineage_that_is_not_known_is_said_and_stops_nothing(
    town, tmp_path, monkeypatch
):
    def broken(*_: object) -> None:
        raise ValueError("what is this <sign>?")

    monkeypatch.setattr("runner.lineage.Reader.select", broken)
    page = page_of(town, tmp_path)
    assert "is not known: ValueError: what is this <sign>?" in page.text
    assert "not known (town.homes)" in page.text


def test_columns_that_nobody_described_are_listed_all_the_same(town, tmp_path):
    (town.root / "sql" / "town" / "models.yml").write_text("")
    (town.root / "sql" / "town" / "homes.sql").write_text(
        "-- One row: one home.\nselect 1 as home, 2 as v01\n"
    )
    project = load_project(town.root)
    page = page_of(project, tmp_path / "before")
    assert {"town.homes.home", "town.homes.v01"} <= set(page.ids)
    publish(tmp_path / "outputs")
    page = page_of(project, tmp_path / "outputs")
    assert {"town.homes.home", "town.homes.v02"} <= set(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_a_failed_write_leaves_the_former_page(town, tmp_path, monkeypatch):
    target = tmp_path / "docs.html"
    target.write_text("former")
    monkeypatch.setattr("report.docs_page.render", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_docs(town, tmp_path, target)
    assert target.read_text() == "former"


@pytest.mark.parametrize("is_sql", [True, False])
def test_coloured_source_is_the_source(is_sql):
    text = 'select \'a<b\' as "x", 1.5 -- not <this>\nfrom t # "no" \'end\n'
    markup = colour_source(text, is_sql)
    assert html.unescape(re.sub("</?i[^>]*>", "", markup)) == text
    assert set(re.findall("<[^>]*>", markup)) <= {
        *(f"<i class={kind}>" for kind in "cswn"),
        "</i>",
    }


# ── the graph ────────────────────────────────────────────────────────────────────────


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


def test_an_empty_selection_draws_nothing(town):
    assert lay_out(project_graph(town, [])).boxes == []
    assert mermaid(town, []) == "flowchart LR"
