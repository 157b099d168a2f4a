"""models_py/census/subgroup_clustergram_labels.py on planted groups."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.decomposition import PCA

from models_py.census.subgroup_clustergram_labels import subgroup_clustergram_labels


@pytest.fixture(scope="module")
def labels(cluster_inputs, planted_supergroups) -> pa.Table:
    """Give the clusters for k of 1 to 4 within each planted group, by area."""
    found = subgroup_clustergram_labels(
        cluster_inputs, planted_supergroups, 4, 10, "screened", 507
    )
    return found.sort_by("area")


def test_each_area_comes_once_with_its_supergroup(labels, planted_supergroups):
    assert labels.select(["area", "supergroup"]).equals(planted_supergroups)


def test_clusters_are_numbered_by_size_within_each_supergroup(labels, planted):
    for letter in "ABC":
        for k in range(1, 5):
            sizes = np.bincount(labels[f"k{k}"].to_numpy()[planted == letter])
            assert len(sizes) == k
            assert np.all(np.diff(sizes) <= 0)


def test_the_first_component_is_that_of_the_supergroups_areas(labels, planted, values):
    for letter in "ABC":
        members = planted == letter
        expected = PCA(1).fit_transform(values[members])[:, 0]
        found = labels["first_component"].to_numpy()[members]
        np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=0, atol=1e-12)


def test_a_small_supergroup_has_no_clusters_beyond_its_areas(cluster_inputs):
    inputs = cluster_inputs.slice(0, 6)
    letters = pa.table({"area": inputs["area"], "supergroup": list("AABAAB")})
    found = subgroup_clustergram_labels(inputs, letters, 4, 5, "screened", 507)
    rows = {row["area"]: row for row in found.to_pylist()}
    assert rows["E000"]["k4"] is not None
    assert rows["E002"]["k2"] is not None
    assert rows["E002"]["k3"] is rows["E005"]["k4"] is None
