"""models_py/census/subgroup_clustergram_scores.py against scikit-learn."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics

from models_py.census.subgroup_clustergram_scores import subgroup_clustergram_scores


@pytest.fixture(scope="module")
def labels(cluster_inputs, planted, values) -> pa.Table:
    """Give two clusters in A and B, split at the median, and but one in C."""
    medians = {letter: np.median(values[planted == letter, 0]) for letter in ("A", "B")}
    halves = [
        None if letter == "C" else int(value > medians[letter])
        for letter, value in zip(planted, values[:, 0], strict=True)
    ]
    return pa.table(
        {
            "area": cluster_inputs["area"],
            "supergroup": planted.tolist(),
            "first_component": [0.0] * 80,
            "k1": pa.array([0] * 80, pa.int32()),
            "k2": pa.array(halves, pa.int32()),
        }
    )


def test_scores_of_a_supergroup_are_those_of_its_areas_alone(
    cluster_inputs, labels, values, planted
):
    rows = subgroup_clustergram_scores(cluster_inputs, labels, 507).to_pylist()
    found = {(row["supergroup"], row["k"]): row for row in rows}
    for letter in "AB":
        members = planted == letter
        numbers = labels["k2"].filter(members).to_numpy()
        inside = values[members]
        expected = {
            "silhouette": metrics.silhouette_score(inside, numbers),
            "calinski_harabasz": metrics.calinski_harabasz_score(inside, numbers),
            "davies_bouldin": metrics.davies_bouldin_score(inside, numbers),
        }
        row = found[letter, 2]
        assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_a_supergroup_ends_at_the_k_that_it_has(cluster_inputs, labels):
    found = subgroup_clustergram_scores(cluster_inputs, labels, 507)
    assert list(
        zip(found["supergroup"].to_pylist(), found["k"].to_pylist(), strict=True)
    ) == [("A", 1), ("A", 2), ("B", 1), ("B", 2), ("C", 1)]
