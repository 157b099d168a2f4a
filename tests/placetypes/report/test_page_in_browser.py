"""The page in a real browser: offline, linked, by keyboard, safe from markup."""

import csv
import io
import re
import shutil
import time
from dataclasses import replace

import geopandas as gpd
import pytest
from PIL import Image
from shapely.geometry import LineString, Point

from placetypes.database import connect, connect_published
from placetypes.job import Job, Level
from placetypes.report.encoding import unpacked
from placetypes.report.page import PageSettings, write_report
from tests.placetypes.conftest import JOBS, NASTY

# Whether a map shows anything.
IS_PAINTED = """
(map) => {
  const canvas = map.querySelector('.base canvas');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return data.some((value) => value > 0);
}
"""

# Where the ring or line around what is picked lies on a view's upper canvas.
FIND_PICKED = """
(selector) => {
  const canvas = document.querySelector(selector + ' .overlay canvas');
  if (!canvas) return null;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [count, x, y] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4)
    if (data[i] > 190 && data[i + 1] < 60 && data[i + 2] > 80 && data[i + 3] > 200) {
      count++;
      x += (i / 4) % width;
      y += Math.floor(i / 4 / width);
    }
  const ratio = width / canvas.clientWidth;
  return count ? { x: x / count / ratio, y: y / count / ratio } : null;
}
"""
# The middle of what a view shows as drawn below.
PICTURE = "(selector) => document.querySelector(selector + ' .base canvas').toDataURL()"


def middle_of(page, selector: str, right: float = 0, down: float = 0) -> dict:
    box = page.locator(f"{selector} .ol-viewport").first.bounding_box()
    return {"x": box["width"] * (0.5 + right), "y": box["height"] * (0.5 + down)}


def settle(page) -> None:
    """Wait until what was asked for is painted, and no view moves any more."""
    page.evaluate(
        "() => new Promise((r) => setTimeout(() => requestAnimationFrame(r), 60))"
    )
    page.wait_for_selector(".view[data-moves]", state="detached")


def open_tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    settle(page)


def draw_everything(page, part: str) -> None:
    for link in page.locator(f"#part-{part} nav.sections a").all():
        link.click()
        settle(page)


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_every_part_and_section_draws_without_network_or_error(
    open_page, nasty_page, colour_scheme
):
    page = open_page(nasty_page, color_scheme=colour_scheme)
    assert page.title().startswith("West")
    for part, count in (("Census", 9), ("Embeddings", 8)):
        open_tab(page, part)
        links = page.locator(f"#part-{part.lower()} nav.sections a")
        assert links.count() == count
        draw_everything(page, part.lower())
        holders = page.locator(f"#part-{part.lower()} .holder")
        assert all(holder.locator("> *").count() for holder in holders.all())
    open_tab(page, "This run")
    assert "sha256" in page.locator("#part-run").inner_text()


def test_a_click_on_an_area_shows_it_with_its_portrait(open_page, nasty_page):
    page = open_page(nasty_page)
    # Just above the middle of columns 0 to 4 and rows 0 to 7: column 2, row 4.
    page.locator(".map .ol-viewport").click(
        position=middle_of(page, ".map", down=-0.03)
    )
    details = page.locator(".details")
    assert details.locator("h3").inner_text() == "E20"
    text = details.inner_text()
    assert "Portrait of" in text
    assert "Ten most over-represented" in text
    assert "Ten most under-represented" in text
    assert "Fit" in text


def test_hovering_names_the_area(open_page, nasty_page):
    page = open_page(nasty_page)
    page.locator(".map .ol-viewport").hover(
        position=middle_of(page, ".map", down=-0.03)
    )
    assert page.locator("#hint strong").inner_text() == "E20"


def test_what_is_picked_on_the_map_is_picked_in_the_likeness_and_back(
    open_page, nasty_page
):
    page = open_page(nasty_page)
    assert page.evaluate(FIND_PICKED, ".cloud") is None
    page.locator(".map .ol-viewport").click(
        position=middle_of(page, ".map", down=-0.03)
    )
    settle(page)
    place = page.evaluate(FIND_PICKED, ".cloud")
    assert place is not None
    page.locator(".map").press("Escape")
    settle(page)
    assert page.locator(".details h3").inner_text() == "Pick an area"
    assert page.evaluate(FIND_PICKED, ".map") is None
    page.locator(".cloud .ol-viewport").click(position=place)
    settle(page)
    assert page.locator(".details h3").inner_text() == "E20"
    on_map = page.evaluate(FIND_PICKED, ".map")
    middle = middle_of(page, ".map", down=-0.03)
    assert abs(on_map["x"] - middle["x"]) < 60
    assert abs(on_map["y"] - middle["y"]) < 60


def test_both_maps_side_by_side_move_together(open_page, nasty_page):
    page = open_page(nasty_page)
    open_tab(page, "Embeddings")
    page.get_by_role("link", name="Two maps").click()
    twins = page.locator(".twin-map")
    assert twins.count() == 2
    settle(page)
    assert [twin.evaluate(IS_PAINTED) for twin in twins.all()] == [True, True]
    places = [twin.get_attribute("data-looks-at") for twin in twins.all()]
    assert places[0] == places[1]
    twins.nth(0).press("ArrowLeft")
    twins.nth(1).press("+")
    box = twins.nth(0).locator(".ol-viewport").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 240, steps=4)
    page.mouse.up()
    settle(page)
    moved = [twin.get_attribute("data-looks-at") for twin in twins.all()]
    assert moved[0] == moved[1] != places[0]


def test_two_classifications_of_one_ground_stand_side_by_side(open_page, nasty_page):
    page = open_page(nasty_page)
    open_tab(page, "Embeddings")
    page.get_by_role("link", name="Two maps").click()
    left, right = page.locator("#embeddings-two-maps .legend").all()
    right.get_by_text("B · Name of B").wait_for()
    assert "Name of B" not in left.inner_text()
    settle(page)
    twins = page.locator(".twin-map")
    assert [twin.evaluate(IS_PAINTED) for twin in twins.all()] == [True, True]
    page.get_by_role("combobox", name="Right map").select_option(NASTY)
    right.get_by_text("class 2").wait_for()


def test_a_job_says_what_other_classes_the_page_colours_by(
    open_page, nasty_output, tmp_path
):
    said = {**JOBS["census"].page, "categories": {"next_supergroup": "next in line"}}
    job = replace(JOBS["census"], page=said)
    with connect_published(nasty_output) as connection:
        path = tmp_path / "r.html"
        page = open_page(
            write_report(connection, path, PageSettings(), {"census": job})
        )
    page.get_by_label("Colour by").select_option("*next_supergroup")
    legend = page.locator("#part-census .legend").first
    legend.get_by_text("Next in line", exact=True).wait_for()
    assert "B · Name of B" in legend.inner_text()
    settle(page)
    assert page.locator(".map").first.evaluate(IS_PAINTED)


def test_a_file_of_lines_and_points_is_drawn_over_the_map(
    open_page, nasty_output, tmp_path
):
    """A railway across the town and a station, 8 km by 8 on the British grid."""
    railway = tmp_path / "railway.gpkg"
    shapes = [LineString([(0, 4), (8, 4)]), Point(4, 4)]
    gpd.GeoDataFrame({"name": [None, NASTY]}, geometry=shapes, crs=27700).to_file(
        railway
    )
    with connect_published(nasty_output) as connection:
        settings = PageSettings(context=str(railway))
        page = open_page(write_report(connection, tmp_path / "r.html", settings, JOBS))
    settle(page)
    painted = IS_PAINTED.replace(".base", ".context")
    assert page.locator(".map").first.evaluate(painted)
    page.get_by_label("Lines").first.uncheck()
    settle(page)
    assert page.evaluate("window.taken") is None


def test_markup_in_names_is_shown_as_text(open_page, nasty_page):
    page = open_page(nasty_page)
    draw_everything(page, "census")
    open_tab(page, "Embeddings")
    draw_everything(page, "embeddings")
    open_tab(page, "Census")
    page.locator(".map .ol-viewport").first.click(
        position=middle_of(page, ".map", down=-0.03)
    )
    assert page.evaluate("window.taken") is None
    assert page.locator("img").count() == 0
    assert page.locator("img").count() == 0
    assert f"A · {NASTY}" in page.locator(".legend").first.inner_text()
    assert NASTY in page.locator("#census-index-scores").inner_text()
    assert NASTY in page.locator(".details").first.inner_text()


def test_the_legend_filters(open_page, nasty_page):
    page = open_page(nasty_page)
    before = page.evaluate(PICTURE, ".map")
    entry = page.locator(".legend button").nth(1)
    entry.click()
    settle(page)
    assert (
        page.locator(".legend button").nth(1).get_attribute("aria-pressed") == "false"
    )
    assert page.evaluate(PICTURE, ".map") != before
    page.locator(".legend .plain").click()
    settle(page)
    assert page.evaluate(PICTURE, ".map") == before


def test_the_map_can_show_a_variable_and_its_index(open_page, nasty_page):
    page = open_page(nasty_page)
    page.get_by_label("Colour by").select_option("v02")
    settle(page)
    assert page.locator(".legend button").count() == 7
    page.locator(".controls select").nth(1).select_option("supergroup")
    settle(page)
    classes = page.locator(".legend button").all_inner_texts()
    assert len(classes) == 8
    assert classes[0].startswith("< 50")
    page.get_by_label("Colour by").select_option("*fit")
    assert "border" in page.locator(".legend").inner_text()


def test_the_colours_of_numbers_can_be_chosen_and_turned_round(open_page, nasty_page):
    page = open_page(nasty_page)
    page.get_by_label("Colour by").select_option("v02")
    settle(page)
    swatches = page.locator(".legend button .swatch")
    colour = "(nodes) => nodes.map((node) => node.style.background)"
    as_set = swatches.evaluate_all(colour)
    page.get_by_label("reversed").check()
    settle(page)
    assert swatches.evaluate_all(colour) == as_set[::-1]
    page.get_by_label("Colours").select_option("viridis")
    settle(page)
    assert swatches.evaluate_all(colour)[0] == "rgb(253, 231, 37)"
    page.get_by_label("Colour by").select_option("*supergroup")
    settle(page)
    assert page.get_by_label("reversed").count() == 0


def test_an_area_is_found_by_its_code(open_page, nasty_page):
    page = open_page(nasty_page)
    page.get_by_label("Find").fill("e0")
    assert page.locator(".results button").count() == 10
    page.get_by_label("Find").fill("E07")
    page.get_by_label("Find").press("Enter")
    page.locator(".details h3", has_text="E07").wait_for()
    page.get_by_label("Find").fill("nowhere")
    assert "is no area code" in page.locator(".results").inner_text()


def test_everything_can_be_done_by_keyboard(open_page, nasty_page):
    page = open_page(nasty_page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.map')"):
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    settle(page)
    first = page.locator(".details h3").inner_text()
    assert first.startswith("E")
    page.keyboard.press("Shift+ArrowUp")
    second = page.locator(".details h3").inner_text()
    # Codes count the rows of a column upwards.
    assert int(second[1:]) == int(first[1:]) + 1
    assert second in page.locator("#spoken").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".details h3").inner_text() == "Pick an area"


def test_a_section_is_drawn_when_its_tables_are_there(open_page, nasty_page):
    page = open_page(nasty_page)
    open_tab(page, "Embeddings")
    page.get_by_role("link", name="How unseen the test areas are").click()
    figures = page.locator("#embeddings-unseen-places figure")
    assert figures.count() == 1  # neither leakage nor errors of neighbours are there
    assert figures.locator("svg rect.bar").count() == 6
    page.get_by_role("link", name="How many clusters").click()
    evidence = page.locator("#embeddings-how-many-clusters")
    assert evidence.locator("li").inner_text() == NASTY
    assert evidence.locator("svg").count() == 6
    evidence.locator("summary", has_text="How to read this").click()
    assert "Tibshirani" in evidence.inner_text()


def test_a_page_of_the_whole_file_is_called_after_its_countries(
    open_page, nasty_output, tmp_path
):
    database = tmp_path / "placetypes.duckdb"
    shutil.copy(nasty_output / "placetypes.duckdb", database)
    with connect(database) as connection:
        connection.execute(
            """
            update meta.parameters set value = '"all"' where parameter = 'census.region'
            """
        )
        path = write_report(connection, tmp_path / "r.html", PageSettings(), JOBS)
    page = open_page(path)
    assert page.locator("h1").inner_text() == "England"
    open_tab(page, "Embeddings")
    assert page.title().startswith("Embeddings")


def test_each_cluster_has_a_profile_that_legend_panel_and_address_lead_to(
    open_page, nasty_page, nasty_output
):
    page = open_page(nasty_page)
    page.locator(".legend").get_by_role("link", name="Profile of B").click()
    shown = page.locator(".profile")
    assert shown.locator("h3").inner_text() == "B · Name of B"
    assert page.evaluate("location.hash") == "#census-profile-B"
    with connect_published(nasty_output) as connection:
        expected = connection.sql(
            """
            select variable_name, index_score from census.cluster_shares
            where cluster = 'B' order by abs(strength) desc, variable limit 10
            """
        ).fetchall()
        ((largest, count),) = connection.sql(
            """
            select district_name, count(*) from census.classification
            where supergroup = 'B' group by all order by 2 desc limit 1
            """
        ).fetchall()
    rows = shown.locator(".variables tbody tr")
    assert rows.locator("th").all_inner_texts() == [name for name, _ in expected]
    scores = rows.locator(".index").all_inner_texts()
    assert [int(score) for score in scores] == [
        pytest.approx(score, abs=0.51) for _, score in expected
    ]
    place = shown.locator("table", has_text="Where its areas are").locator("tbody tr")
    assert place.first.inner_text().split("\t")[:2] == [largest, str(count)]
    own = page.evaluate(
        """() => {
          const canvas = document.querySelector('.profile .where');
          const { data } = canvas.getContext('2d').getImageData(
            0, 0, canvas.width, canvas.height);
          return data.filter((alpha, i) => i % 4 === 3 && alpha === 255).length
            / data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
        }"""
    )
    assert own == pytest.approx(19 / 40, abs=0.02)  # areas are squares of one size
    shown.locator("h4 a").click()  # the cluster most like it
    shown.locator("h3", has_text="A · ").wait_for()
    assert shown.locator("h3").inner_text().startswith("A · ")


def test_similar_areas_lead_on(open_page, nasty_page):
    page = open_page(nasty_page)
    open_tab(page, "Embeddings")
    explorer = page.locator("#part-embeddings .explorer")
    explorer.get_by_label("Find").fill("E20")
    explorer.get_by_label("Find").press("Enter")
    explorer.locator(".details .linklike").first.wait_for()
    lists = explorer.locator(".details details", has=page.locator(".linklike"))
    assert lists.locator("summary").all_inner_texts() == [
        "38 areas most like it by its embedding",
        "38 areas most unlike it",
    ]
    # Areas lie in a row, at the squares of 0.1, 0.2, …; E21 has no embedding.
    alike = lists.first.locator("tbody tr")
    links = alike.locator(".linklike").all_inner_texts()
    assert links[:3] == [f"E{n} <b>Town</b>" for n in (19, 22, 18)]
    far = alike.locator(".number").all_inner_texts()[:3]
    assert [float(text) for text in far] == pytest.approx([0.41, 0.43, 0.8], abs=2e-3)
    lists.last.locator("summary").click()
    unlike = lists.last.locator("tbody tr")
    assert unlike.first.inner_text().startswith("E39 <b>Town</b>")
    # The census classifies the same ground: its class and name stand below each.
    assert "Census: B · Name of B" in alike.first.inner_text()
    unlike.locator(".linklike").first.click()
    assert explorer.locator(".details h3").inner_text() == "E39 <b>Town</b>"


def test_the_table_behind_a_chart_opens_and_downloads(
    open_page, nasty_page, nasty_output
):
    page = open_page(nasty_page)
    draw_everything(page, "census")
    figure = page.locator("#census-index-scores figure")
    figure.locator(".behind summary").click()
    settle(page)
    assert figure.locator(".behind tbody tr").count() == 10
    with page.expect_download() as waiting:
        figure.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == "index_scores.csv"
    text = waiting.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    with connect_published(nasty_output) as connection:
        expected = connection.sql(
            "from census.index_scores where level = 'supergroup'"
        ).df()
    assert len(rows) == len(expected)
    keyed = {(row["cluster"], row["variable"]): row for row in rows}
    for row in expected.to_dict("records"):
        found = keyed[row["cluster"], row["variable"]]
        assert found["variable_name"] == row["variable_name"]
        assert float(found["index_score"]) == pytest.approx(
            row["index_score"], rel=1e-5
        )


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_nothing_hangs_over_the_edge(open_page, nasty_page, width, height):
    page = open_page(nasty_page, width, height)
    for part in ("census", "embeddings"):
        open_tab(page, part.capitalize())
        draw_everything(page, part)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_have_words_for_those_who_listen(open_page, nasty_page):
    page = open_page(nasty_page)
    draw_everything(page, "census")
    for picture in page.locator("svg, canvas.matrix").all():
        assert picture.get_attribute("role") == "img"
        assert picture.get_attribute("aria-label")
    unlabelled = page.locator("button, select, input").evaluate_all(
        """(nodes) => nodes.filter((node) => !node.textContent.trim()
            && !node.getAttribute('aria-label') && !node.labels?.length).length"""
    )
    assert unlabelled == 0


def test_areas_with_a_class_and_no_more_have_a_map(open_page, nasty_output, tmp_path):
    database = tmp_path / "placetypes.duckdb"
    shutil.copy(nasty_output / "placetypes.duckdb", database)
    with connect(database) as connection:
        connection.execute(
            """
            create schema land;
            create table land.classification as
                select area, geometry, if(subgroup = 'A1', 'Field', 'Wood') as use
                from census.classification;
            """
        )
        job = Job("land", "Land", levels=(Level("use", "uses"),))
        path = write_report(
            connection, tmp_path / "report.html", PageSettings(), {"land": job}
        )
    page = open_page(path)
    assert page.locator("nav.sections a").all_inner_texts() == ["Map"]
    assert page.locator(".cloud").count() == 0
    page.get_by_label("Find").fill("E20")
    page.get_by_label("Find").press("Enter")
    details = page.locator(".details").inner_text()
    assert details.split() in (["E20", "Use", "Field"], ["E20", "Use", "Wood"])
    entries = page.locator(".legend button").all_inner_texts()
    assert [entry.split()[0] for entry in entries] == ["Wood", "Field"]


def test_basemaps_are_asked_for_only_when_switched_on(chromium, nasty_page):
    context = chromium.new_context()
    asked = []
    context.route(
        lambda url: url.startswith("http"),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page = context.new_page()
    page.goto(nasty_page.as_uri())
    page.wait_for_selector(".map[data-drawn]")
    assert asked == []
    page.get_by_label("Basemap").first.select_option("positron")
    page.locator(".trouble", has_text="network").first.wait_for()
    assert all("basemaps.cartocdn.com/light_all/" in url for url in asked)
    assert asked
    context.close()


@pytest.fixture(scope="module")
def many_page(many_areas):
    """Give the page of 5,000 areas."""
    with connect_published(many_areas) as connection:
        return write_report(
            connection, many_areas / "report.html", PageSettings(), JOBS
        )


def test_each_of_five_thousand_areas_has_its_own_class(many_areas, many_page):
    html = many_page.read_text("utf-8")

    def opened(part: str):
        return unpacked(html.split(f'id="{part}">')[1].split("</script>")[0])

    layer = opened("data")["jobs"]["census"]["layer"]
    with connect_published(many_areas) as connection:
        classes = connection.sql("from census.classification").df().set_index("area")
    areas = opened(f"block-{layer['codes']}")
    assert sorted(areas) == sorted(classes.index)
    for level in ("supergroup", "subgroup"):
        said = layer["categories"][level]
        places = opened(f"block-{said['block']}")
        shown = [said["labels"][place] for place in places]
        assert shown == classes.loc[areas, level].tolist()


def test_five_thousand_areas_are_small_and_quick(open_page, many_page):
    assert many_page.stat().st_size < 12e6
    start = time.perf_counter()
    page = open_page(many_page)
    assert time.perf_counter() - start < 3
    slowest = page.evaluate(
        """async () => {
          const overlay = document.querySelector('.map .ol-viewport');
          const box = overlay.getBoundingClientRect();
          let slowest = 0;
          for (let i = 0; i < 40; i++) {
            const start = performance.now();
            overlay.dispatchEvent(new PointerEvent('pointermove', {
              clientX: box.left + (box.width * (i % 8)) / 8,
              clientY: box.top + (box.height * i) / 40, bubbles: true,
            }));
            slowest = Math.max(slowest, performance.now() - start);
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
          return slowest;
        }"""
    )
    assert slowest < 100


def test_an_address_leads_to_an_area_and_its_colouring_and_is_kept(
    open_page, nasty_page
):
    page = open_page(nasty_page, fragment="#area=E20&by=v02")
    assert page.locator(".details h3").inner_text() == "E20"
    assert page.get_by_label("Colour by").first.input_value() == "v02"
    settle(page)
    on_map = page.evaluate(FIND_PICKED, ".map")
    middle = middle_of(page, ".map")
    assert abs(on_map["x"] - middle["x"]) < 30
    page.get_by_label("Find").first.fill("E07")
    page.get_by_label("Find").first.press("Enter")
    page.locator(".details h3", has_text="E07").wait_for()
    assert "area=E07&by=v02" in page.url


def test_a_postcode_leads_to_its_area_where_a_directory_is_published(
    open_page, nasty_output, tmp_path
):
    shutil.copy(nasty_output / "placetypes.duckdb", tmp_path)
    with connect(tmp_path / "placetypes.duckdb") as connection:
        connection.execute(
            """
            create schema if not exists records;
            create table records.directory as
            select * from (values
                ('L11AA', 'E20'), ('L11AB', 'E07'), ('CH411AA', 'X99'), ('L11AC', null)
            ) as t(postcode, area)
            """
        )
    with connect_published(tmp_path) as connection:
        path = write_report(connection, tmp_path / "report.html", PageSettings(), JOBS)
    page = open_page(path)
    find = page.get_by_label("Find").first
    find.fill("l1 1a")
    entries = page.locator(".results button")
    entries.nth(1).wait_for()
    assert entries.all_inner_texts() == [
        "L1 1AA postcode · E20",
        "L1 1AB postcode · E07",
    ]
    find.fill("L1 1ab")
    find.press("Enter")
    page.locator(".details h3", has_text="E07").wait_for()
    find.fill("CH41 1AA")
    told = page.locator(".results", has_text="“CH41 1AA” is no area code")
    told.wait_for()
    assert told.inner_text().endswith("postcode of this result.")


def test_an_address_of_what_is_not_there_is_told_beside_find(open_page, nasty_page):
    page = open_page(nasty_page, fragment="#area=X99&by=nothing")
    assert "“X99” is no area code" in page.locator(".results").first.inner_text()
    assert page.locator(".details h3").first.inner_text() == "Pick an area"


def test_one_finger_scrolls_the_page_and_two_move_the_map(open_page, nasty_page):
    page = open_page(nasty_page, 390, 844, has_touch=True, is_mobile=True)
    page.locator(".map").scroll_into_view_if_needed()
    box = page.locator(".map").bounding_box()
    before = page.locator(".map").get_attribute("data-looks-at")
    touch(page, box, fingers=1)
    assert page.locator(".map").get_attribute("data-looks-at") == before
    touch(page, box, fingers=2)
    settle(page)
    assert page.locator(".map").get_attribute("data-looks-at") != before


def touch(page, box: dict, fingers: int) -> None:
    """Draw fingers over a box, 60 pixels to the right."""
    session = page.context.new_cdp_session(page)
    for kind, right in [("Start", 0), *(("Move", 6 * i) for i in range(1, 11))]:
        points = [
            {"x": box["x"] + 100 + right, "y": box["y"] + 120 + 60 * i, "id": i}
            for i in range(fingers)
        ]
        session.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_map_downloads_as_a_picture(open_page, nasty_page):
    page = open_page(nasty_page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the picture as PNG").first.click()
    assert waiting.value.suggested_filename == "map.png"
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")


def test_legend_and_licences_words_stand_below_the_map_and_its_picture(
    open_page, nasty_page
):
    page = open_page(nasty_page)
    words = page.locator(".map-panel .credits").inner_text()
    assert words.endswith("OS data © Crown copyright and database right.")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the picture as PNG").first.click()
    with Image.open(waiting.value.path()) as opened:
        picture = opened.convert("RGB")
    drawn = round(page.locator(".map .ol-viewport").bounding_box()["height"])
    caption = picture.crop((0, drawn, *picture.size))
    colours = {colour for _, colour in caption.getcolors(100_000)}
    swatches = page.locator(".legend-entry .swatch").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert swatches
    assert {tuple(map(int, re.findall(r"\d+", one))) for one in swatches} <= colours
    assert page.locator(".map .ol-scale-line").is_visible()
