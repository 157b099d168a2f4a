"""The published UK classification as a model: how it is made, how well it scores."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data"
MAKER = ROOT / "data" / "models" / "oac2021.py"


@pytest.fixture(scope="module")
def maker():
    specification = importlib.util.spec_from_file_location("oac2021", MAKER)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_bounds_that_made_the_centroids_are_found_again(maker):
    centroids = np.array([0.1, 0.4, 0.9])
    low, high = np.arcsinh(2.0), np.arcsinh(80.0)
    means = low + (high - low) * centroids
    found = maker.fit_bounds(centroids, means, np.array([10, 500, 20]))
    np.testing.assert_allclose(found, (2.0, 80.0))


def test_the_nearest_class_and_its_margin(maker):
    positions = pd.DataFrame([[0.0, 0.0], [3.0, 4.0]])
    centroids = pd.DataFrame([[0.0, 0.0], [6.0, 8.0]], index=["1", "2"])
    near, margin = maker.nearest(positions, centroids)
    assert near[0] == "1" and list(margin) == [1, 0]


def test_the_model_has_the_published_classes_and_every_variable():
    model = json.loads(MAKER.with_suffix(".json").read_text("utf-8"))
    levels = [entry["level"] for entry in model["classes"]]
    assert [levels.count(n) for n in (1, 2, 3)] == [8, 21, 52]
    assert len(model["variables"]) == 60
    assert all(len(entry["centroid"]) == 60 for entry in model["classes"])
    assert sum(e["areas"] for e in model["classes"] if e["level"] == 1) == 239_023


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real data is not there (shared/data)"
)
def test_traffords_areas_get_their_published_classes(command, tmp_path):
    folder = REAL / "trafford"
    run = command(
        "run",
        "scored",
        "--input",
        folder / "input_data",
        "--set",
        f"published={folder / 'oac2021_published.csv'}",
        "--set",
        "missing_variables=leave_out",
        "--output",
        tmp_path,
    )
    assert run.code == 0, run.err
    table = pd.read_csv(tmp_path / "scored" / "agreement.csv").set_index(
        ["level_name", "margin_quarter"]
    )["agreement"]
    assert table["supergroup", "all"] >= 95
    assert table["group", "all"] >= 93
    assert table["subgroup", "all"] >= 92
    # The surer, the righter.
    assert table["supergroup", "1"] < table["supergroup", "2"]
    assert table["supergroup", "4"] == 100
