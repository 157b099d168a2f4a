"""The GeoPackage's further layers, and QGIS's view of them."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from placetypes.database import connect_published
from placetypes.errors import PlacetypesError, is_disk_full
from placetypes.exports.geopackage import forget_writing
from placetypes.exports.tables import stage_exports
from placetypes.runner.project import load_project
from tests.test_killed_runs import small_disk

FILE = "census/classification.gpkg"
VARIABLES = ["v01", "v02", "v03", "v04", "v05"]
# What QGIS makes of a layer: its fields, what it calls an area, what it paints.
LOOK = """
import json, os, sys
from qgis.core import *
from qgis.PyQt.QtCore import QSize
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
seen = {}
for name in ("classification", "variables", "scaled_variables"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(60, 60))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixelColor(x, y).name() for x in range(60) for y in range(60)}
    seen[name] = {
        "areas": layer.featureCount(),
        "called": layer.displayExpression(),
        "titles": [layer.attributeDisplayName(i) for i in range(1, 4)],
        "painted": layer.renderer().type(),
        "colours": sorted(colours),
    }
print(json.dumps(seen))
"""


@pytest.mark.parametrize(
    ("layer", "table"),
    [("variables", "region_variables"), ("scaled_variables", "scaled_variables")],
)
def test_a_layer_has_each_areas_variables_and_shape(layer, table, exported):
    read = gpd.read_file(exported / FILE, layer=layer).set_index("area").sort_index()
    shapes = gpd.read_file(exported / FILE, layer="classification").set_index("area")
    with connect_published(exported) as connection:
        expected = connection.sql(f"from census.{table} order by area").df()
    pd.testing.assert_frame_equal(
        pd.DataFrame(read[VARIABLES]), expected.set_index("area"), check_dtype=False
    )
    assert read.crs.to_epsg() == 27700
    assert read.geometry.geom_equals(shapes.geometry.sort_index()).all()


def test_without_layers_a_geopackage_has_its_own_only(exported, tmp_path):
    with connect_published(exported) as connection:
        stage_exports(connection, load_project(), tmp_path, "distinct", layers=False)
    layers = pyogrio.list_layers(tmp_path / FILE)[:, 0]
    assert "variables" not in layers
    assert "classification" in layers


def test_the_same_tables_give_the_same_bytes(exported, tmp_path):
    with connect_published(exported) as connection:
        files = stage_exports(connection, load_project(), tmp_path, "distinct")
    for file in files:
        assert (tmp_path / file).read_bytes() == (exported / file).read_bytes(), file


def test_a_files_bytes_do_not_tell_how_often_it_was_written(exported, tmp_path):
    once, often = tmp_path / "once.gpkg", tmp_path / "often.gpkg"
    for target, moments in ((once, "1"), (often, "123")):
        shutil.copy(exported / FILE, target)
        for moment in moments:
            with closing(sqlite3.connect(target)) as package, package:
                package.execute("update gpkg_contents set last_change = ?", [moment])
    assert once.read_bytes() != often.read_bytes()
    forget_writing(once)
    forget_writing(often)
    assert once.read_bytes() == often.read_bytes()
    assert {file.name for file in tmp_path.iterdir()} == {once.name, often.name}


def test_a_disk_too_small_for_the_copy_is_called_full(exported, tmp_path):
    kilobytes = (exported / FILE).stat().st_size * 3 // 2 // 1000
    with small_disk(tmp_path / "disk", kilobytes) as disk:
        with (
            connect_published(exported) as connection,
            pytest.raises(PlacetypesError) as refused,
        ):
            stage_exports(connection, load_project(), disk, "distinct")
        assert "classification.gpkg can't be written" in str(refused.value)
        assert is_disk_full(refused.value)


def test_parquet_has_the_variables_and_one_csv_the_classes(exported):
    folder = exported / "census"
    values = pd.read_parquet(folder / "variables.parquet").set_index("area")
    areas = pd.read_csv(folder / "areas.csv").set_index("area")
    assert list(values.columns) == VARIABLES
    assert set(values.index) == set(areas.index)
    assert (
        areas.loc[areas.supergroup == "A", "supergroup_name"].eq("=Quiet 1").sum() == 0
    )
    assert areas.loc[areas.supergroup == "A", "supergroup_name"].eq("'=Quiet 1").all()


def test_csvs_have_four_decimals_where_that_is_said(exported):
    scores = pd.read_csv(exported / "census" / "index_scores.csv")
    numbers = scores.select_dtypes("number").stack().dropna()
    assert np.allclose(numbers, numbers.round(4), rtol=0, atol=1e-11)
    with connect_published(exported) as connection:
        [(exact,)] = connection.execute(
            "select index_score from census.index_scores "
            "where level = 'supergroup' order by cluster, variable limit 1"
        ).fetchall()
    first = scores.sort_values(["cluster", "variable"]).index_score.iloc[0]
    assert first == pytest.approx(exact, abs=5.1e-5)
    assert first != exact


def test_qgis_paints_the_layers_and_calls_areas_by_their_codes(exported):
    python = "/usr/bin/python3"
    found = shutil.which(python) and subprocess.run(
        [python, "-c", "import qgis.core"], capture_output=True, check=False
    )
    if not found or found.returncode:
        pytest.skip("QGIS is not installed: apt-get install python3-qgis")
    answer = subprocess.run(
        [python, "-c", LOOK, str(exported / FILE)],
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(exported)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    seen = json.loads(answer.stdout)
    assert [layer["areas"] for layer in seen.values()] == [40, 40, 40]
    assert {layer["called"] for layer in seen.values()} == {'"area"'}
    assert seen["variables"]["titles"] == [
        "area",
        "v01 Variable v01",
        "v02 Variable v02",
    ]
    assert seen["classification"]["painted"] == "categorizedSymbol"
    assert {"#44aa99", "#e76300"} <= set(seen["classification"]["colours"])
