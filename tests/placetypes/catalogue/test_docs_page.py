"""docs_page.py: the page of documentation."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from placetypes.catalogue.docs_page import colour_source, write_docs
from placetypes.database import PUBLISHED, connect_plain
from placetypes.notes import META
from placetypes.runner.project import Project, load_project, read_project
from tests.placetypes.conftest import BAD

PROJECT = load_project()


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


@pytest.fixture(scope="module")
def own_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of this project before any run, once."""
    output = tmp_path_factory.mktemp("docs")
    return write_docs(PROJECT, output, output / "docs.html")


@pytest.fixture(scope="module")
def own_page(own_path: Path) -> Page:
    """Read the page of this project."""
    return Page(own_path)


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


def test_the_page_needs_no_network(own_page):
    assert not own_page.resources
    assert all(link.startswith("#") for link in own_page.links)
    # An address may stand in a text, such as a parameter's value, but load nothing.
    loading = r"(src|href|action)\s*=\s*.?https?://|@import|url\((?!#)"
    assert not re.search(loading, own_page.source)
    assert "default-src 'none'" in own_page.source


def test_each_link_of_the_page_leads_somewhere(own_page):
    assert len(own_page.ids) == len(set(own_page.ids))
    assert {link[1:] for link in own_page.links} <= set(own_page.ids)
    places = {place for _, place, _, _ in own_page.data["lineage"] if place}
    assert places <= set(own_page.ids)


def test_each_model_and_column_is_on_the_page(own_page):
    for name, model in PROJECT.models.items():
        assert name in own_page.ids
        assert f"{model.path.relative_to(PROJECT.root)}" in own_page.text
        for column in map(str.lower, PROJECT.table(name)["columns"]):
            assert f"{name}.{column}" in own_page.ids
            assert f"{name}.{column}" in own_page.data["places"]
    for job in PROJECT.jobs.values():
        for file in job.inputs:
            assert f"file-{job.name}.{file}" in own_page.ids
        for export in job.exports:
            assert f"export-{job.name}.{export}" in own_page.ids
    for parameter in PROJECT.specifications:
        assert f"parameter-{parameter}" in own_page.ids


def test_what_is_read_of_another_job_leads_to_its_place(village, tmp_path):
    page = page_of(village, tmp_path)
    assert {link[1:] for link in page.links} <= set(page.ids)
    reached = walk(page.data, page.data["places"]["village.farms.v01"])
    labels = {page.data["lineage"][number][0] for number in reached}
    assert labels == {"town.homes.v01", "column v01 of homes_file"}


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


def test_the_page_follows_an_index_score_to_the_census_file(own_page):
    data = own_page.data
    reached = walk(data, data["places"]["census.index_scores.index_score"])
    labels = {data["lineage"][number][0]: roles for number, roles in reached.items()}
    assert labels["every variable of census.region_variables"] >= {"from"}
    assert labels["census.cluster_members.cluster"] == {"grouped or ordered by"}
    assert "the other columns of census_file" in labels
    assert "parameter clusters" in labels


def test_lineage_that_is_not_known_is_said_and_stops_nothing(
    town, tmp_path, monkeypatch
):
    def broken(*_: object) -> None:
        raise ValueError("what is this <sign>?")

    monkeypatch.setattr("placetypes.catalogue.columns.Reader.select", broken)
    page = page_of(town, tmp_path)
    assert "is not known: ValueError: what is this <sign>?" in page.text
    assert "not known (town.homes)" in page.text


def test_columns_that_nobody_described_are_listed_all_the_same(town, tmp_path):
    (town.root / "sql" / "town" / "tables.yml").write_text("")
    (town.root / "sql" / "town" / "homes.sql").write_text(
        "-- One row: one home.\nselect 1 as home, 2 as v01\n"
    )
    project = read_project(town.root)
    page = page_of(project, tmp_path / "before")
    assert {"town.homes.home", "town.homes.v01"} <= set(page.ids)
    publish(tmp_path / "outputs")
    page = page_of(project, tmp_path / "outputs")
    assert {"town.homes.home", "town.homes.v02"} <= set(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_a_failed_write_leaves_the_former_page(town, tmp_path, monkeypatch):
    target = tmp_path / "docs.html"
    target.write_text("former")
    monkeypatch.setattr("placetypes.catalogue.docs_page.render", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_docs(town, tmp_path, target)
    assert target.read_text() == "former"


@pytest.mark.parametrize("is_sql", [True, False])
def test_coloured_source_is_the_source(is_sql):
    text = 'select \'a<b\' as "x", 1.5 -- not <this>\nfrom t # "no" \'end\n'
    markup = colour_source(text, is_sql)
    assert html.unescape(re.sub("</?span[^>]*>", "", markup)) == text
    assert set(re.findall("<[^>]*>", markup)) <= {
        *(f'<span class="{kind}">' for kind in "cskm"),
        "</span>",
    }


def test_comments_strings_words_and_numbers_are_told_apart():
    markup = colour_source("-- One row.\nselect 1 as \"x\", 'a'\n", is_sql=True)
    for kind, text in [("c", "-- One row."), ("k", "select"), ("m", "1")]:
        assert f'<span class="{kind}">{text}</span>' in markup
    assert """<span class="s">'a'</span>""" in markup
    markup = colour_source('def f():\n    """One row."""\n    return 1\n', is_sql=False)
    assert '<span class="k">def</span> f' in markup
    assert '<span class="s">"""One row."""</span>' in markup


@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_a_click_on_a_column_shows_its_way(chromium, own_path, width):
    page = chromium.new_page(viewport={"width": width, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(own_path.as_uri())
    page.click('button[data-column="census.index_scores.index_score"]')
    told = page.inner_text("tr.lineage")
    assert "In the end, from the files:" in told
    assert "every variable of census.region_variables" in told
    chosen = page.locator(".node.up").evaluate_all(
        "nodes => nodes.map(n => n.dataset.key)"
    )
    assert {"census.index_scores", "file-census.census_file"} <= set(chosen)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.fill("#search", "index score band")
    assert re.fullmatch(r"\d+ tables, \d+ columns", page.inner_text("#found"))
    page.close()
    assert faults == []
