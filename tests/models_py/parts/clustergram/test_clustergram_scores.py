"""models_py/parts/clustergram/clustergram_scores.py against scikit-learn."""

import pyarrow as pa
import pytest
from sklearn import metrics

from models_py.parts.clustergram.clustergram_scores import clustergram_scores


@pytest.fixture(scope="module")
def labels(cluster_inputs, planted) -> pa.Table:
    """Give clusters for k of 1, 2 and 3: A is split from B and C, then B from C."""
    return pa.table(
        {
            "area": cluster_inputs["area"],
            "first_component": [0.0] * 80,
            "k1": [0] * 80,
            "k2": [int(letter != "A") for letter in planted],
            "k3": ["ABC".index(letter) for letter in planted],
        }
    )


def test_scores_equal_scikit_learns(cluster_inputs, labels, values):
    found = clustergram_scores(cluster_inputs, labels, 507).to_pylist()
    assert [row["k"] for row in found] == [1, 2, 3]
    for row in found[1:]:
        numbers = labels[f"k{row['k']}"].to_numpy()
        expected = {
            "silhouette": metrics.silhouette_score(values, numbers),
            "calinski_harabasz": metrics.calinski_harabasz_score(values, numbers),
            "davies_bouldin": metrics.davies_bouldin_score(values, numbers),
        }
        assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_inertia_falls_with_k_from_the_whole_variance(cluster_inputs, labels, values):
    inertias = clustergram_scores(cluster_inputs, labels, 507)["inertia"].to_pylist()
    assert inertias[0] == pytest.approx(values.var(axis=0).sum() * 80)
    assert inertias == sorted(inertias, reverse=True)


def test_for_one_cluster_the_quality_scores_are_missing(cluster_inputs, labels):
    first = clustergram_scores(cluster_inputs, labels, 507).to_pylist()[0]
    del first["k"], first["inertia"]
    assert first == dict.fromkeys(
        ["silhouette", "calinski_harabasz", "davies_bouldin"], None
    )
