"""census.supergroup_centroids against pandas."""

import numpy as np
import pandas as pd


def test_a_centroid_is_the_mean_of_its_areas(run_model):
    centroids = run_model(
        "census.supergroup_centroids",
        tables={
            "census.cluster_inputs": [
                {"area": "E1", "v01": 0.0, "v02": 0.5},
                {"area": "E2", "v01": 1.0, "v02": 0.0},
                {"area": "E3", "v01": 0.25, "v02": 1.0},
            ],
            "census.supergroups": [
                {"area": "E1", "supergroup": "A"},
                {"area": "E2", "supergroup": "A"},
                {"area": "E3", "supergroup": "B"},
            ],
        },
    )
    assert centroids.to_dict("list") == {
        "supergroup": ["A", "B"],
        "v01": [0.5, 0.25],
        "v02": [0.25, 1],
    }


def test_centroids_equal_pandas(run_model):
    rng = np.random.default_rng(5)
    inputs = pd.DataFrame(rng.random((90, 4)), columns=["v01", "v02", "v03", "v04"])
    inputs.insert(0, "area", [f"E{n:02}" for n in range(90)])
    letters = rng.choice(list("ABC"), 90)
    found = run_model(
        "census.supergroup_centroids",
        tables={
            "census.cluster_inputs": inputs.to_dict("records"),
            "census.supergroups": [
                {"area": area, "supergroup": letter}
                for area, letter in zip(inputs["area"], letters, strict=True)
            ],
        },
    )
    expected = inputs.drop(columns="area").groupby(letters).mean()
    np.testing.assert_allclose(found.set_index("supergroup"), expected, rtol=1e-12)
