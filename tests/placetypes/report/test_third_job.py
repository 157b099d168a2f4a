"""A job of new files only, without geometry: its page is drawn by its tables."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from placetypes.errors import PlacetypesError
from placetypes.job import Job
from placetypes.report.job_page import job_page
from tests.placetypes.conftest import NASTY

ROOT = Path(__file__).parents[3]
CODE = ("pipeline.py", "pipeline.toml", "placetypes", "sql", "models_py", "prompts")
SHOPS = {
    "job.yml": """
title: Shops
levels:
  size: {table: sizes}
inputs:
  shops_file:
    file: shops.csv
    meaning: shops
    key: id
    columns: {id: code}
exports:
  sizes.csv: {table: sizes}
  large.csv: {table: sizes, where: "size = 'large'", rename: {area: shop}}
""",
    "tables.yml": """
shops: {columns: {area: Code., name: Name., staff: Number., }, checks: [{unique: area}]}
sizes: {columns: {area: Code., name: Name., size: Its class.}, checks: [{unique: area}]}
cluster_summary:
  columns: {cluster: Class., areas: Shops., share_of_areas: Per cent.}
  checks: [{unique: cluster}]
index_scores:
  columns: {level: Level., cluster: Class., variable: Code., variable_name: Its name.,
    domain: Its group., cluster_mean: Mean., overall_mean: Mean of all.,
    index_score: 100 is the mean., index_score_scaled: The same.}
  checks: [{unique: [cluster, variable]}]
run_summary: {columns: {line: Place., topic: Topic., text: Text.}, checks: [{not_null: text}]}
""",  # noqa: E501
    "shops.sql": """-- One row: one shop.
select id as area, name, staff::double as staff
from read_csv(getvariable('shops_file'))
""",
    "sizes.sql": """-- One row: one shop in its class.
select area, name, if(staff > 4, 'large', 'small') as size from shops
""",
    "cluster_summary.sql": """-- One row: one class and its share of the shops.
select size as cluster, count(*) as areas, 25.0 * count(*) as share_of_areas
from sizes group by size
""",
    "index_scores.sql": """-- One row: one class and its staff against all shops.
select 'size' as level, sizes.size as cluster, 'staff' as variable,
    'Staff' as variable_name, null::varchar as domain,
    avg(shops.staff) as cluster_mean, any_value(everyone.staff) as overall_mean,
    100 * cluster_mean / overall_mean as index_score,
    index_score as index_score_scaled
from shops
inner join sizes on shops.area = sizes.area
cross join (select avg(staff) as staff from shops) as everyone
group by sizes.size
""",
    "run_summary.sql": """-- One row: one line of what a run prints.
select 1 as line, 'shops' as topic, count(*) || ' shops' as text from shops
""",
}
QUOTED = NASTY.replace('"', '""')


@pytest.fixture(scope="module")
def shops(tmp_path_factory) -> Path:
    """Run the job of a project to which its folder was added; give the page."""
    root = tmp_path_factory.mktemp("project")
    for name in CODE:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    for name, text in SHOPS.items():
        path = root / "sql" / "shops" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (root / "files").mkdir()
    rows = ["id,name,staff", f'S1,"{QUOTED}",2', "S2,Baker,2", "S3,Mill,4", "S4,Port,8"]
    (root / "files" / "shops.csv").write_text("\n".join(rows) + "\n")
    done = subprocess.run(
        [sys.executable, "pipeline.py", "run", "shops", "--input", "files"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "outputs" / "report.html"


@pytest.mark.parametrize("width", [1280, 390])
def test_its_sections_are_those_whose_tables_are_there(open_page, shops, width):
    page = open_page(shops, width, wait_for="#shops-tables figure")
    assert page.get_by_role("tab").all_inner_texts() == ["Shops", "This run"]
    links = page.locator("#part-shops nav.sections a")
    names = links.all_inner_texts()
    assert names == ["Summary", "Clusters", "Index scores", "Tables"]
    for link in links.all():
        link.click()
    assert page.locator(".map").count() == 0
    assert "4 shops" in page.locator("#shops-summary").inner_text()
    clusters = page.locator("#shops-clusters").inner_text()
    assert "2 sizes; small has the most areas." in clusters
    assert "letters" not in clusters
    head, *cells = (
        page.locator("#shops-index-scores tbody tr").last.locator("th, td").all()
    )
    assert head.inner_text() == "Staff"
    assert [cell.inner_text() for cell in cells] == ["200", "67"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_its_exports_are_tables_as_they_are_exported(open_page, shops):
    page = open_page(shops, wait_for="#shops-tables figure")
    page.get_by_role("link", name="Tables").click()
    sizes, large = page.locator("#shops-tables figure").all()
    assert "4 rows: shops/sizes.csv" in sizes.inner_text()
    assert NASTY in sizes.inner_text()
    assert page.evaluate("window.taken") is None
    shown = large.locator(".drawing tr").all_inner_texts()
    assert [row.split("\t") for row in shown] == [
        ["shop", "name", "size"],
        ["S4", "Port", "large"],
    ]
    with page.expect_download() as waiting:
        large.locator("summary").click()
        large.get_by_role("button", name="Download CSV").click()
    exported = shops.parent / "shops" / "large.csv"
    downloaded = waiting.value.path().read_text("utf-8-sig")
    assert downloaded.splitlines() == exported.read_text().splitlines()


def test_its_summary_stands_beside_the_run(open_page, shops):
    page = open_page(shops, wait_for="#shops-tables figure")
    page.get_by_role("tab", name="This run").click()
    assert "Summary of the shops job" in page.locator("#part-run").inner_text()


def test_figures_are_those_whose_tables_are_there(shops):
    done = subprocess.run(
        [sys.executable, "pipeline.py", "report"],
        cwd=shops.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    drawn = {file.name for file in (shops.parent / "shops" / "figures").iterdir()}
    assert drawn == {"index_scores.png", "index_scores.svg"}


def test_an_unknown_key_of_the_page_is_refused_in_a_sentence():
    job = Job("shops", page={"value": "staff"})
    with pytest.raises(PlacetypesError, match=r"shops/job.yml: page has no key value"):
        job_page(None, job, "workshop", [])
