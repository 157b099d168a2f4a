"""The page at every width: links land, nothing is cut, no text lies over another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

WIDTHS = [390, 1280, 1440, 1920, 3840]
PARTS = ["census", "embeddings"]
# How far below the header each link of a part leaves its heading; and again when what
# was drawn meanwhile has found its height.
LANDINGS = """
async (part) => {
  const rest = () => new Promise((r) => setTimeout(() => requestAnimationFrame(r), 40));
  const header = document.getElementById('header');
  const sticks = getComputedStyle(header).position === 'sticky';
  const found = {};
  for (const link of document.querySelectorAll(`#part-${part} nav.sections a`)) {
    link.click();
    const heading = document.querySelector(`${link.hash} > h2`);
    const off = () => Math.round(heading.getBoundingClientRect().top
      - (sticks ? header.offsetHeight : 0));
    const before = off();
    await rest();
    await rest();
    found[link.textContent] = [before, off()];
  }
  return found;
}
"""

# Draw all sections of a part, and go back to its top.
DRAWN = """
async (part) => {
  document.getElementById(`tab-${part}`).click();
  for (const link of document.querySelectorAll(`#part-${part} nav.sections a`))
    link.click();
  for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
  scrollTo(0, 0);
}
"""
FAULTS = Path(__file__).with_name("page_faults.js").read_text("utf-8")


@pytest.fixture(scope="module")
def shared_page(chromium, nasty_page) -> Iterator[object]:
    """Give the page, opened once for all widths."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(nasty_page.as_uri())
    page.wait_for_selector(".map[data-drawn]")
    yield page
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_each_link_lands_on_its_heading(shared_page, width):
    shared_page.set_viewport_size({"width": width, "height": 900})
    shared_page.reload()  # so that nothing below has been drawn yet
    shared_page.wait_for_selector("[data-ready]")
    for part in PARTS:
        shared_page.evaluate(f"document.getElementById('tab-{part}').click()")
        for name, places in shared_page.evaluate(LANDINGS, part).items():
            assert all(0 <= place <= 30 for place in places), (name, places)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_overlaps_or_is_cut_off(shared_page, width, scheme):
    shared_page.emulate_media(color_scheme=scheme)
    shared_page.set_viewport_size({"width": width, "height": 900})
    for part in [*PARTS, "run"]:
        shared_page.evaluate(DRAWN, part)
        assert shared_page.evaluate(FAULTS) == []
        overhang = "document.documentElement.scrollWidth - innerWidth"
        assert shared_page.evaluate(overhang) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_that_keeps_anybody_out(shared_page, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe is not installed: pip install axe-playwright-python",
    )
    shared_page.emulate_media(color_scheme=scheme)
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    options = {"resultTypes": ["violations"]}
    if scheme == "dark":  # in the dark only colours are others
        options["runOnly"] = ["color-contrast"]
    for part in [*PARTS, "run"]:
        shared_page.evaluate(DRAWN, part)
        found = axe.Axe().run(shared_page, options=options)
        serious = [
            (rule["id"], [node["html"][:200] for node in rule["nodes"]])
            for rule in found.response["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == []


# Of each map in view: how many pixels its picture is wider and taller than its box, and
# how many of its edge and of its inside are painted.
PICTURES = """
() => {
  const boxes = [...document.querySelectorAll('.view')].filter((b) => b.clientWidth);
  return boxes.map((box) => {
    const canvas = box.querySelector('.base canvas'), { width, height } = canvas;
    const painted = (...part) => canvas.getContext('2d').getImageData(...part).data
      .filter((value, place) => place % 4 === 3 && value).length;
    const edges = [[0, 0, width, 1], [0, height - 1, width, 1], [0, 0, 1, height],
      [width - 1, 0, 1, height]];
    return {
      larger: [width - box.clientWidth, height - box.clientHeight],
      edge: edges.map((part) => painted(...part)).reduce((sum, n) => sum + n),
      inside: painted(0, 0, width, height),
    };
  });
}
"""


def test_on_paper_maps_are_whole_and_then_as_before(shared_page):
    shared_page.emulate_media(color_scheme="light")
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    shared_page.reload()
    shared_page.wait_for_selector(".map[data-drawn]")
    shared_page.evaluate(DRAWN, "census")
    looks_at = ".view.map", "(box) => box.dataset.looksAt"
    before = shared_page.eval_on_selector(*looks_at)
    shared_page.evaluate("window.print = () => (window.printed = true)")
    shared_page.get_by_role("button", name="Print", exact=True).click()
    shared_page.wait_for_function("window.printed")
    assert shared_page.eval_on_selector(*looks_at) != before
    shared_page.set_viewport_size({"width": 1039, "height": 710})
    shared_page.emulate_media(media="print")
    pictures = shared_page.evaluate(PICTURES)
    assert len(pictures) >= 4
    for picture in pictures:
        assert max(picture["larger"]) <= 0
        assert picture["edge"] == 0
        assert picture["inside"] > 0
    shared_page.emulate_media(media="screen")
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    shared_page.evaluate("dispatchEvent(new Event('afterprint'))")
    shared_page.wait_for_function(
        "(before) => document.querySelector('.view.map').dataset.looksAt === before",
        arg=before,
        timeout=5000,
    )


def test_on_paper_every_part_and_table_is_whole(shared_page):
    shared_page.emulate_media(color_scheme="dark")
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    shared_page.evaluate("window.print = () => {}")
    shared_page.get_by_role("button", name="Print", exact=True).click()
    shared_page.emulate_media(media="print")
    shared_page.set_viewport_size({"width": 1039, "height": 710})  # A4 within margins
    for part in [*PARTS, "run"]:
        assert shared_page.locator(f"#part-{part}").is_visible()
    assert shared_page.locator("nav.sections:visible, .theme:visible").count() == 0
    # One profile for each cluster, and each heatmap and table to its last row.
    assert shared_page.locator(".profile").count() == 6
    last_row = shared_page.locator("#census-index-scores .heatmap tbody tr").last
    assert last_row.is_visible()
    cut = """(boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1
        || box.scrollHeight > box.clientHeight + 1).length"""
    assert shared_page.locator(".scroll").evaluate_all(cut) == 0
    assert shared_page.evaluate("document.documentElement.scrollWidth") <= 1039
    paper = "getComputedStyle(document.body).backgroundColor"
    assert shared_page.evaluate(paper) == "rgb(255, 255, 255)"
    assert shared_page.locator(".ramp-key").first.is_visible()
    shared_page.evaluate("dispatchEvent(new Event('afterprint'))")
    shared_page.emulate_media(media="screen")
