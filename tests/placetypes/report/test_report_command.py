"""The commands report and export, and what a run draws at its end."""

import json
import re
import shutil
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pytest
from PIL import Image

from placetypes.colours import category_colours
from placetypes.database import connect, connect_published
from placetypes.errors import PlacetypesError
from placetypes.exports.kepler import write_kepler
from placetypes.publishing import (
    STAGING,
    publish_staged,
    read_manifest,
    refuse_mixture,
)
from placetypes.report import outlets
from placetypes.report.chart_tables import inside
from placetypes.report.cluster_figures import level_figures
from placetypes.report.drawing import save
from placetypes.report.encoding import unpacked
from placetypes.report.figures import write_figures
from placetypes.report.frame import Look, read_frame
from placetypes.report.page import PageSettings, page_data, render
from placetypes.report.result import read_result
from placetypes.runner.project import load_project
from placetypes.runner.request import make_request
from tests.placetypes.conftest import JOBS, NASTY, run_arguments


@pytest.fixture
def published(nasty_output):
    with connect_published(nasty_output) as connection:
        yield connection


def embedded(page: str) -> dict:
    """Return a page's data, but for what it opens later."""
    return unpacked(page.split('id="data">')[1].split("</script>")[0])


def test_report_writes_one_page(nasty_output, command):
    outcome = command("report", "--no-figures", "--output", nasty_output)
    assert outcome.code == 0
    page = (nasty_output / "report.html").read_text("utf-8")
    assert page.count("<script") == page.count("</script>")
    assert re.findall(r"<script(?! type=.text/plain. id=.[a-z0-9-]+.>)", page) == [
        "<script"
    ]
    assert "report.html" in outcome.out


def test_report_without_a_result_says_what_to_do(tmp_path, command):
    outcome = command("report", "--output", tmp_path)
    assert outcome.code == 1
    assert "python pipeline.py run" in outcome.err


def test_no_text_of_a_user_reaches_the_page_as_markup(published):
    data = page_data(published, PageSettings(), JOBS)
    page = render(data)
    census = embedded(page)["jobs"]["census"]
    assert census == json.loads(json.dumps(data["jobs"]["census"]))
    assert NASTY in census["layer"]["categories"]["district_name"]["labels"]
    assert NASTY not in page


def test_what_is_not_published_is_left_out_and_the_rest_is_there(
    nasty_output, tmp_path
):
    database = tmp_path / "placetypes.duckdb"
    database.write_bytes((nasty_output / "placetypes.duckdb").read_bytes())
    with connect(database) as connection:
        connection.execute("drop table census.clustergram")
        connection.execute("drop table embeddings.map_classes")
        data = page_data(connection, PageSettings(), JOBS)
    assert data["jobs"].keys() == {"census", "embeddings"}
    census, embeddings = data["jobs"].values()
    assert "clustergram" not in census["tables"]
    assert "clustergram_scores" in census["tables"]
    assert "classes" not in embeddings
    assert "forest_scores" in embeddings["tables"]
    assert data["run"]["run"]["rows"]


def test_a_table_without_a_column_that_a_chart_reads_is_left_out(
    nasty_output, tmp_path
):
    database = tmp_path / "placetypes.duckdb"
    database.write_bytes((nasty_output / "placetypes.duckdb").read_bytes())
    with connect(database) as connection:
        connection.execute("alter table embeddings.class_breaks drop label")
        data = page_data(connection, PageSettings(), JOBS)
    assert "class_breaks" not in data["jobs"]["embeddings"]["tables"]
    assert "class_breaks" not in data["jobs"]["census"]["tables"]


def test_the_other_scheme_colours_page_figures_and_exports(
    nasty_output, tmp_path, command
):
    output = shutil.copytree(nasty_output, tmp_path / "outputs")
    scheme = ["--set", "colours=colour_blind_safe"]
    assert command("report", "--no-figures", *scheme, "--output", output).code == 0
    page = (output / "report.html").read_text("utf-8")
    data = embedded(page)
    expected = category_colours(data["jobs"]["census"]["colours"], "colour_blind_safe")
    assert data["jobs"]["census"]["colours"] == expected
    assert command("export", "--output", output).code == 0  # which goes on with them
    assert set(style_colours(output, "supergroup").items()) <= set(expected.items())


def style_colours(output, name) -> dict[str, str]:
    """Return the colour of each category in a GeoPackage's style."""
    package = sqlite3.connect(output / "census" / "classification.gpkg")
    (document,) = package.execute(
        "select styleQML from layer_styles where styleName = ?", [name]
    ).fetchone()
    package.close()
    root = ElementTree.fromstring(document.split("\n", 1)[1])  # noqa: S314
    symbols = {
        symbol.get("name"): symbol.find(".//Option[@name='color']").get("value")
        for symbol in root.iter("symbol")
    }
    return {
        entry.get("value"): "#"
        + "".join(f"{int(v):02x}" for v in symbols[entry.get("symbol")].split(",")[:3])
        for entry in root.iter("category")
    }


@pytest.mark.parametrize("level", ["supergroup", "subgroup"])
def test_the_geopackage_bears_styles_in_the_same_colours(nasty_output, command, level):
    assert command("export", "--output", nasty_output).code == 0
    colours = style_colours(nasty_output, level)
    assert colours == category_colours(colours)
    path = nasty_output / "census" / "classification.gpkg"
    areas = gpd.read_file(path, layer="classification")
    assert set(areas[level]) == set(colours)
    package = sqlite3.connect(path)
    rows = package.execute(
        "select f_table_name, f_geometry_column, useAsDefault from layer_styles "
        "where f_table_name = 'classification' order by id"
    ).fetchall()
    package.close()
    assert rows == [("classification", "geom", 1), ("classification", "geom", 0)]


def test_kepler_gets_its_data_and_the_same_colours(nasty_output, command):
    outcome = command("export", "--kepler", "--output", nasty_output)
    assert outcome.code == 0
    folder = nasty_output / "census" / "kepler"
    areas = gpd.read_file(folder / "census.geojson")
    assert len(areas) == 40
    assert areas.total_bounds[1] > 49
    config = json.loads((folder / "kepler_config.json").read_text("utf-8"))
    layers = config["config"]["visState"]["layers"]
    assert [entry["config"]["isVisible"] for entry in layers] == [True, False]
    for entry in layers:
        scale = entry["config"]["visConfig"]["colorRange"]
        labels = sorted(set(areas[entry["visualChannels"]["colorField"]["name"]]))
        colours = category_colours(labels)
        assert scale["colors"] == [colours[label] for label in labels]


def test_where_keplergl_is_installed_its_page_is_written(
    published, tmp_path, monkeypatch
):
    class KeplerGl:
        def __init__(self, data, config):
            assert data["census"]["type"] == "FeatureCollection"
            assert config["version"] == "v1"

        def save_to_html(self, file_name, read_only):
            open(file_name, "w").write("page")  # noqa: PTH123, SIM115

    class Module:
        pass

    Module.KeplerGl = KeplerGl
    monkeypatch.setitem(__import__("sys").modules, "keplergl", Module)
    files = write_kepler(published, load_project().jobs["census"], tmp_path, "workshop")
    assert files[-1].name == "kepler.html"
    assert files[-1].exists()


def test_every_figure_is_written_as_png_and_svg(published, tmp_path):
    files = write_figures(published, JOBS["census"], tmp_path, synthetic=True)
    names = {file.stem for file in files}
    assert names == {
        *("supergroup_map", "subgroup_map", "fit_map"),
        *("supergroup_umap", "subgroup_umap", "cluster_sizes"),
        *("clustergram", "clustergram_A", "clustergram_B"),
        *("index_scores", "subgroup_index_scores", "correlations", "variance"),
        *("histograms_published", "histograms_scaled"),
    }
    assert len(files) == 2 * len(names)
    for file in files:
        start = b"\x89PNG\r\n\x1a\n" if file.suffix == ".png" else b"<?xml"
        assert file.read_bytes().startswith(start)


def test_a_map_says_what_it_shows_whose_data_and_how_far(published, tmp_path):
    job = JOBS["census"]
    with inside(published, job.name) as columns:
        result = read_result(published, job, columns, Look())
    summary = result.tables["cluster_summary"]
    is_top = summary["level"] == "supergroup"
    summary.loc[is_top, "name"] = ["Quays & $lips", "<b>Hills</b>"]
    look = Look(page="a4_landscape", credit="Data of nobody, {2026}")
    frame = read_frame(published, job, look, synthetic=True)
    drawn = level_figures(result, "supergroup")["supergroup_map"]
    png, svg = save(drawn, tmp_path / "map.png", frame)
    with Image.open(png) as picture:
        assert picture.size == pytest.approx((11.69 * 300, 8.27 * 300), abs=2)
    texts = [
        "".join(text.itertext())
        for text in ElementTree.parse(svg).findall(".//{*}text")  # noqa: S314 - our own
    ]
    assert any(text.startswith("A · Quays & $lips   ") for text in texts)
    assert any(text.startswith("B · <b>Hills</b>   ") for text in texts)
    assert "Data of nobody, {2026}" in texts
    assert any(re.fullmatch(r"[125]0* k?m", text) for text in texts)
    assert set(result.shapes.places) <= set(texts)


def test_a_run_with_nothing_to_do_draws_the_page_only_where_it_is_missing(nasty_output):
    page = nasty_output / "report.html"
    request = make_request(
        load_project(), ["census"], [], nasty_output.parent / "input", nasty_output
    )
    page.unlink(missing_ok=True)
    outlets.write_missing(request)
    written = page.stat().st_mtime_ns
    outlets.write_missing(request)
    assert page.stat().st_mtime_ns == written


def test_tables_that_no_figure_shows_end_a_run_as_well(nasty_output, copied_output):
    source = nasty_output.parent / "input"
    request = make_request(load_project(), ["census"], [], source, copied_output)
    before = read_manifest(copied_output)
    counts = outlets.write_shown(
        request.project, request.parameters, copied_output, [], page=False
    )
    assert counts == {}
    assert read_manifest(copied_output) == before
    assert not (copied_output / STAGING).exists()


@pytest.fixture(scope="module")
def drawn_output(nasty_output, tmp_path_factory):
    """Give a copy of a result with its figures drawn and a handbook's stand-in."""
    output = tmp_path_factory.mktemp("drawn") / "output"
    shutil.copytree(nasty_output, output)
    request = make_request(
        load_project(), ["census"], [], nasty_output.parent / "input", output
    )
    jobs, parameters = ["census"], request.parameters
    outlets.write_shown(request.project, parameters, output, jobs, page=False)
    staged = ["placetypes.duckdb", "census/handbook.pdf"]
    (output / STAGING / "census").mkdir(parents=True)
    for name in staged:
        shutil.copy(output / "placetypes.duckdb", output / STAGING / name)
    publish_staged(output, staged, read_manifest(output)["run"])
    return output


def test_figures_are_published_with_the_rest_and_go_with_their_result(
    drawn_output, nasty_output, tmp_path, command
):
    output = Path(shutil.copytree(drawn_output, tmp_path / "output"))
    folder = output / "census" / "figures"
    drawn = {f"census/figures/{file.name}" for file in folder.iterdir()}
    assert drawn and drawn <= read_manifest(output)["files"].keys()
    assert refuse_mixture(output)

    arguments = run_arguments(nasty_output.parent / "input", output)
    outcome = command(*arguments, "--set", "restarts=6")
    assert outcome.code == 0, outcome.err
    assert list(folder.iterdir()) == []
    assert not (output / "census" / "handbook.pdf").exists()
    assert "showed the former result and this run made none: census/" in outcome.err
    assert refuse_mixture(output)


def test_figures_stay_beside_tables_that_are_as_they_were(drawn_output):
    manifest = read_manifest(drawn_output)
    with connect_published(drawn_output) as connection:
        kept = outlets.stage_shown(
            connection,
            load_project(),
            drawn_output / STAGING,
            outlets.Drawing(Look(), frozenset()),
            {"census"},
        )
    assert {name for name in manifest["files"] if outlets.is_figure(name)} < set(kept)
    assert "census/handbook.pdf" in kept


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lambda folder: (folder / "old.png").touch(), r"old\.png in .* of no run"),
        (lambda folder: next(folder.iterdir()).unlink(), "changed, or missing"),
        (lambda folder: next(folder.iterdir()).write_text("x"), "changed, or missing"),
    ],
    ids=["a stranger", "a missing one", "an altered one"],
)
def test_check_tells_figures_that_are_not_of_the_run(
    drawn_output, tmp_path, fault, sentence
):
    output = Path(shutil.copytree(drawn_output, tmp_path / "output"))
    assert refuse_mixture(output)
    fault(output / "census" / "figures")
    with pytest.raises(PlacetypesError, match=sentence):
        refuse_mixture(output)


@pytest.fixture
def copied_output(nasty_output, tmp_path):
    """Give a copy of a result, with the input beside it, that a test may spoil."""
    shutil.copytree(nasty_output, tmp_path / "output")
    return tmp_path / "output"


def run_again(nasty_output, output, monkeypatch, command):
    monkeypatch.setattr(
        "placetypes.command_line.running.outlets_of", outlets.outlets_of
    )
    arguments = run_arguments(nasty_output.parent / "input", output)
    return command(*arguments, "--fresh")


def test_a_run_publishes_its_page_with_its_tables(
    nasty_output, copied_output, monkeypatch, command
):
    (copied_output / "report.html").write_text("the former page")
    outcome = run_again(nasty_output, copied_output, monkeypatch, command)
    assert outcome.code == 0, outcome.err
    page = (copied_output / "report.html").read_text("utf-8")
    with connect_published(copied_output) as connection:
        (run_id,) = connection.execute("select max(run_id) from meta.runs").fetchone()
    assert run_id in str(embedded(page)["run"])


def test_a_page_that_fails_leaves_what_is_published_as_it_was(
    nasty_output, copied_output, monkeypatch, command
):
    def fail(*arguments):
        raise OSError("no space left")

    (copied_output / "report.html").write_text("the former page")
    before = (copied_output / "placetypes.duckdb").read_bytes()
    monkeypatch.setattr("placetypes.report.page.write_report", fail)
    outcome = run_again(nasty_output, copied_output, monkeypatch, command)
    assert outcome.code == 1
    assert "no space left" in outcome.err
    assert (copied_output / "placetypes.duckdb").read_bytes() == before
    assert (copied_output / "report.html").read_text() == "the former page"


def test_a_run_draws_no_page_where_that_is_switched_off(nasty_output):
    page = nasty_output / "report.html"
    page.unlink(missing_ok=True)
    request = make_request(
        load_project(),
        ["census"],
        ["pipeline.report=false"],
        nasty_output.parent / "input",
        nasty_output,
    )
    outlets.write_missing(request)
    assert not page.exists()
