"""Reference points: the project's file, the lab's quoted lines, and what is refused."""

from pathlib import Path

import pytest

from placetypes.errors import PlacetypesError
from placetypes.report.places import read_places
from placetypes.report.shapes import to_web_mercator

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "line",
    [
        "Canary Wharf,51.5054,-0.0235",
        '"Canary Wharf", 51.5054, -0.0235',
        '("Canary Wharf", 51.5054, -0.0235),',
        '  ["Canary Wharf", 51.5054, -0.0235]',
        '\ufeff"Canary Wharf",51.5054,-0.0235',
    ],
)
def test_a_place_is_read_from_either_form(line, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(f"{line}\n", "utf-8")
    (place,) = read_places(path)
    east, north = to_web_mercator(-0.0235, 51.5054)
    assert place["name"] == "Canary Wharf"
    assert (place["x"], place["y"]) == pytest.approx((east, north), abs=0.1)


def test_header_remarks_and_empty_lines_are_no_places(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text('name,latitude,longitude\n\n# more\n"A, B",1,2\n')
    assert [place["name"] for place in read_places(path)] == ["A, B"]


def test_without_a_file_there_are_no_places(tmp_path):
    assert read_places(tmp_path / "places.csv") == []


def test_the_projects_own_places_can_be_read():
    assert "Canary Wharf" in {p["name"] for p in read_places(ROOT / "data/places.csv")}


@pytest.mark.parametrize("line", ["Nowhere", "Nowhere,x,y", "Nowhere,51.5"])
def test_a_line_that_is_no_place_is_named(line, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(f"name,latitude,longitude\n{line}\n")
    with pytest.raises(PlacetypesError, match=r"places\.csv, line 2: expected"):
        read_places(path)


def test_latitude_and_longitude_the_wrong_way_round_are_noticed(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("Sydney,151.2,-33.9\n")
    with pytest.raises(PlacetypesError, match="The latitude comes first"):
        read_places(path)
