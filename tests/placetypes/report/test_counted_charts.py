"""The page's parts on records and places, drawn from a job that is made here."""

from placetypes.database import connect
from placetypes.job import Job
from placetypes.report.page import PageSettings, write_report

TABLES = """
create schema sales;
create table sales.shown_profile as
from (values
    (1, 'type', 'A', 'Terraces', 'core', 1, 60, 60.0, 60.0, 30.0, 200.0, 160.0, 240.0),
    (1, 'type', 'B', 'Flats', 'the rest', 1, 25, 25.0, 25.0, 50.0, 50.0, 40.0, 60.0),
    (1, 'type', null, null, 'too few', 2, 15, 15.0, 15.0, 20.0, 75.0, null, null)
) t(level, level_name, class, class_name, plan, classes, cases, records, share,
    base_share, index_score, index_low, index_high);
alter table sales.shown_profile add column place_in_order int;
alter table sales.shown_profile add column cumulative_share double;
alter table sales.shown_profile add column cumulative_base_share double;
alter table sales.shown_profile add column gini double default 0.3;
create table sales.game_plan as
from (values ('W1', 1, 'A', 'core'), ('W1', 1, 'B', 'too few'))
t(place, level, class, plan);
create table sales.unmatched as select 'L1 8JQ' as postcode_typed;
create table sales.dominant_classes as
select 'WARD' as kind, 'P' || x as place, 1 as level, 'type' as level_name,
    if(x < 3, 'A', 'B') as dominant_class, 30.0 + 10 * x as dominant_share,
    x > 2 as is_majority
from range(8) t(x);
create schema meta;
create table meta.parameters as
from (values ('sales.smallest_count', '10'::json, 'default'),
    ('sales.high_index', '120'::json, 'default'),
    ('sales.low_index', '80'::json, 'default'),
    ('sales.large_share', '10'::json, 'default')) t(parameter, value, source);
"""


def test_records_and_places_are_drawn_and_no_row_of_theirs_is_there(
    open_page, tmp_path
):
    job = Job(
        "sales",
        "Sales",
        page={"exports": []},
        exports={"unmatched.csv": {"table": "unmatched"}},
    )
    path = tmp_path / "report.html"
    with connect() as connection:
        connection.execute(TABLES)
        write_report(connection, path, PageSettings(), {"sales": job})
    assert "L1 8JQ" not in path.read_text("utf-8")
    page = open_page(path, wait_for="nav.sections")
    for link in page.locator("nav.sections a").all():
        link.click()
    assert page.locator("nav.sections a").all_inner_texts() == [
        "Records by class",
        "Districts",
        "Classes of places",
    ]
    text = page.locator("#sales-records-by-class").inner_text()
    assert "100 records. 2 classes are shown as “all others”" in text
    drawn = page.locator("#sales-records-by-class svg")
    assert drawn.count() == 3
    bars = drawn.first.locator("rect.bar title").all_text_contents()
    assert [bar.split(":")[0] for bar in bars] == [
        "A · Terraces",
        "all others",
        "B · Flats",
    ]
    dots = drawn.nth(1).locator("circle title").all_text_contents()
    assert dots[0] == "up to A · Terraces: 60.0 % of the records in 30.0 % of the base"
    assert drawn.nth(2).locator("circle").count() == 2
    places = page.locator("#sales-classes-of-places").inner_text()
    assert "In 3 of 8 places (38 %) fewer than half" in places
