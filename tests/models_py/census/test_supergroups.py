"""models_py/census/supergroups.py on planted groups."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.cluster import KMeans

from models_py.census.supergroups import supergroups


@pytest.mark.parametrize("strategy", ["screened", "exhaustive"])
def test_supergroups_are_lettered_by_size(cluster_inputs, planted, strategy):
    found = supergroups(cluster_inputs, 3, 20, strategy, 507)
    assert found.column_names == ["area", "supergroup", "stability"]
    assert found["area"] == cluster_inputs["area"]
    assert found["supergroup"].to_pylist() == planted.tolist()


def test_exhaustive_gives_scikit_learns_partition(cluster_inputs, values):
    found = supergroups(cluster_inputs, 6, 10, "exhaustive", 507)
    fit = KMeans(6, init="random", n_init=10, random_state=507).fit(values)
    letters = found["supergroup"].to_numpy()
    pairs = set(zip(letters, fit.labels_, strict=True))
    assert len(pairs) == len(set(letters)) == 6


@pytest.mark.parametrize("strategy", ["screened", "exhaustive"])
def test_the_same_seed_gives_the_same_supergroups(cluster_inputs, strategy):
    one, other = (supergroups(cluster_inputs, 5, 10, strategy, 3) for _ in range(2))
    assert one.equals(other)


def test_letters_do_not_depend_on_the_seed(cluster_inputs):
    found = [supergroups(cluster_inputs, 3, 20, "screened", seed) for seed in range(5)]
    assert all(table.equals(found[0]) for table in found)


def test_an_area_between_two_clusters_is_less_certain():
    """Of nine areas in a row, restarts part the middle one from either side."""
    table = pa.table({"area": list("abcdefghi"), "v01": np.arange(9) / 8})
    found = supergroups(table, 2, 100, "screened", 507)["stability"].to_pylist()
    assert found[0] == found[-1] == 1
    assert 0 < found[4] < 1
    planted = supergroups(
        table.filter([True, True, *[False] * 5, True, True]), 2, 20, "screened", 507
    )
    assert planted["stability"].to_pylist() == [1] * 4
    full = supergroups(table, 2, 10, "exhaustive", 507)
    assert full["stability"].null_count == 9


def test_one_cluster_holds_all_areas(cluster_inputs):
    found = supergroups(cluster_inputs, 1, 5, "screened", 507)
    assert set(found["supergroup"].to_pylist()) == {"A"}


def test_equal_sizes_are_lettered_by_centroid():
    """The tie goes to the cluster whose first variable is smaller."""
    table = pa.table({"area": list("wxyz"), "v01": [0.9, 0.1, 1.0, 0.0]})
    for seed in range(4):
        found = supergroups(table, 2, 5, "screened", seed)
        assert found["supergroup"].to_pylist() == ["B", "A", "B", "A"]


def test_after_z_comes_aa():
    table = pa.table(
        {"area": [f"E{n:02}" for n in range(28)], "v01": np.arange(28) / 27}
    )
    found = supergroups(table, 28, 2, "screened", 1)["supergroup"].to_pylist()
    assert found[25:] == ["Z", "AA", "AB"]


def test_more_clusters_than_areas_are_refused(cluster_inputs):
    with pytest.raises(ValueError, match=r"1 to 80.*81 was given"):
        supergroups(cluster_inputs, 81, 5, "screened", 507)
