"""models_py/parts/clustergram/clustergram_labels.py on planted groups."""

import numpy as np
from sklearn.decomposition import PCA

from models_py.parts.clustergram.clustergram_labels import clustergram_labels


def test_each_area_has_its_cluster_for_every_k(cluster_inputs, planted):
    found = clustergram_labels(cluster_inputs, 5, 10, "screened", 507)
    assert found.column_names == [
        *("area", "first_component"),
        *("k1", "k2", "k3", "k4", "k5"),
    ]
    assert found["area"] == cluster_inputs["area"]
    assert set(found["k1"].to_pylist()) == {0}
    assert found["k3"].to_pylist() == ["ABC".index(letter) for letter in planted]


def test_the_first_component_is_scikit_learns_up_to_the_sign(cluster_inputs, values):
    found = clustergram_labels(cluster_inputs, 2, 5, "screened", 507)
    expected = PCA(1).fit_transform(values)[:, 0]
    np.testing.assert_allclose(
        np.abs(found["first_component"]), np.abs(expected), rtol=0, atol=1e-12
    )


def test_the_same_seed_gives_the_same_clusters(cluster_inputs):
    one, other = (
        clustergram_labels(cluster_inputs, 5, 5, "screened", 1) for _ in range(2)
    )
    assert one.equals(other)


def test_k_ends_at_the_number_of_areas(cluster_inputs):
    found = clustergram_labels(cluster_inputs.slice(0, 4), 9, 5, "screened", 1)
    assert found.column_names[2:] == ["k1", "k2", "k3", "k4"]
