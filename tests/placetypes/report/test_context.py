"""A user's lines, outlines and points over the page's maps."""

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from pyproj import Transformer
from shapely.geometry import LineString, Point, box

from placetypes.errors import PlacetypesError
from placetypes.report import context as module
from placetypes.report.context import read_context


def written(folder: Path, shapes: list, names: list[str], crs: int | None) -> str:
    """Write shapes with their names; return the file."""
    file = folder / "context.gpkg"
    gpd.GeoDataFrame({"Name": names}, geometry=shapes, crs=crs).to_file(file)
    return str(file)


def test_lines_outlines_and_points_come_in_whole_metres_of_the_map(tmp_path):
    shapes = [
        LineString([(400_000, 300_000), (410_000, 300_000)]),
        box(400_000, 300_000, 402_000, 301_000)
        - box(400_500, 300_200, 401_000, 300_500),
        Point(405_000, 305_000),
    ]
    found = read_context(
        written(tmp_path, shapes, ["Railway", "Park", "School"], 27700)
    )
    to_map = Transformer.from_crs(27700, 3857, always_xy=True).transform
    assert [len(line) for line in found["lines"]] == [2, 5, 5]
    assert found["lines"][0][1] == pytest.approx(to_map(410_000, 300_000), abs=3)
    [(x, y, name)] = found["points"]
    assert (x, y) == pytest.approx(to_map(405_000, 305_000), abs=3)
    assert name == "School"


def test_a_folder_does_not_remember_a_file_that_could_not_be_drawn(
    nasty_output, tmp_path, command
):
    output = Path(shutil.copytree(nasty_output, tmp_path / "output"))
    before = (output / "remembered.json").read_text()
    gone = ["--set", f"context={tmp_path / 'gone.gpkg'}"]
    outcome = command("report", "--no-figures", *gone, "--output", output)
    assert outcome.code == 1
    assert "--set context= draws the maps without" in outcome.err
    assert (output / "remembered.json").read_text() == before


def test_without_a_file_nothing_is_drawn():
    assert read_context("") == {"lines": [], "points": []}


def test_what_cannot_be_drawn_is_a_sentence(tmp_path, monkeypatch):
    with pytest.raises(PlacetypesError, match="which isn't there"):
        read_context(str(tmp_path / "no.gpkg"))
    with pytest.raises(PlacetypesError, match="is a folder"):
        read_context(str(tmp_path))
    file = written(tmp_path, [Point(0, 0)], ["a"], None)
    with pytest.raises(PlacetypesError, match="coordinate system"):
        read_context(file)
    monkeypatch.setattr(module, "MOST_POINTS", 1)
    file = written(tmp_path, [Point(1, 1), Point(2, 2)], ["a", "b"], 27700)
    with pytest.raises(PlacetypesError, match="has 2 points, of which a page can draw"):
        read_context(file)
