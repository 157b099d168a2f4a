"""embeddings.cluster_profile on hand-made rows."""

import pandas as pd
import pytest


@pytest.fixture
def profile(run_model) -> pd.DataFrame:
    """Give the profile of two clusters of two areas each."""
    return run_model(
        "embeddings.cluster_profile",
        {
            "embeddings.clusters": [
                {"area": area, "cluster": cluster}
                for area, cluster in zip("abcd", "AABB", strict=True)
            ],
            "embeddings.embeddings": [
                {"area": area, "A00": value, "A01": 7.0}
                for area, value in zip("abcd", [0.0, 2.0, 4.0, 6.0], strict=True)
            ],
            "embeddings.described": [
                {"area": "a", "area_name": "A", "health": 1.0},
                {"area": "b", "area_name": "B", "health": None},
                {"area": "c", "area_name": "C", "health": 3.0},
                {"area": "d", "area_name": "D", "health": 5.0},
            ],
            "embeddings.dimensions": [{"dimension": "A00"}, {"dimension": "A01"}],
        },
    ).set_index(["cluster", "variable"])


def test_each_cluster_has_every_variable(profile):
    assert len(profile) == 6
    kinds = profile["kind"].groupby("variable").first()
    assert kinds.to_dict() == {
        "A00": "embedding",
        "A01": "embedding",
        "health": "socio-economic",
    }


def test_a_mean_is_compared_with_that_of_all_areas(profile):
    row = profile.loc["A", "A00"]
    assert (row["cluster_mean"], row["overall_mean"], row["difference"]) == (1, 3, -2)
    assert row["standardised_difference"] == pytest.approx(-2 / 5**0.5)


def test_a_constant_has_no_standardised_difference(profile):
    assert profile.loc["A", "A01"]["difference"] == 0
    assert pd.isna(profile.loc["A", "A01"]["standardised_difference"])


def test_missing_socioeconomic_values_are_passed_over(profile):
    row = profile.loc["A", "health"]
    assert (row["cluster_mean"], row["overall_mean"]) == (1, 3)
