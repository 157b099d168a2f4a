"""embeddings.representative_areas on hand-made rows."""

import pandas as pd
import pytest

PLACES = {"a": (0.0, 0.0), "b": (3.0, 4.0), "c": (0.0, 2.0), "d": (9.0, 9.0)}


@pytest.fixture
def nearest(run_model) -> pd.DataFrame:
    """Give the two areas nearest to the mean of each cluster."""
    return run_model(
        "embeddings.representative_areas",
        {
            "embeddings.cluster_inputs": [
                {"area": area, "A00": x, "A01": y} for area, (x, y) in PLACES.items()
            ],
            "embeddings.clusters": [
                {"area": area, "cluster": "B" if area == "d" else "A"}
                for area in PLACES
            ],
            "embeddings.cluster_centroids": [
                {"cluster": "A", "A00": 0.0, "A01": 1.0},
                {"cluster": "B", "A00": 9.0, "A01": 9.0},
            ],
            "embeddings.areas": [
                {"area": area, "area_name": area.upper()} for area in PLACES
            ],
        },
        representative_areas=2,
        embedding_metric="euclidean",
    )


def test_areas_are_ranked_by_distance_and_ties_by_code(nearest):
    first = nearest[nearest["cluster"] == "A"]
    assert first["area"].tolist() == ["a", "c"]
    assert first["rank"].tolist() == [1, 2]
    assert first["distance"].tolist() == [1.0, 1.0]
    assert first["area_name"].tolist() == ["A", "C"]


def test_a_cluster_with_fewer_areas_lists_them_all(nearest):
    assert nearest[nearest["cluster"] == "B"]["area"].tolist() == ["d"]
