"""models_py/census/hierarchy.py on planted groups."""

import numpy as np
import pyarrow as pa
import pytest

from models_py.census.hierarchy import hierarchy
from models_py.census.subgroups import subgroups
from models_py.methods.kmeans import fit_kmeans

FIT = (10, "screened", 507)


@pytest.fixture(scope="module")
def two_levels(cluster_inputs, planted_supergroups) -> pa.Table:
    """Give the planted supergroups with two subgroups each."""
    return subgroups(cluster_inputs, planted_supergroups, 2, *FIT)


def codes(table: pa.Table, column: str) -> list[str]:
    """Return the codes of a column, each once, in order."""
    return sorted(set(table[column].to_pylist()))


def test_without_levels_it_is_supergroups_and_subgroups(cluster_inputs, two_levels):
    found = hierarchy(cluster_inputs, two_levels, [], 1, *FIT)
    assert found.column_names == ["area", "level_1", "level_2", "deepest_cluster"]
    assert found["level_1"] == two_levels["supergroup"]
    assert found["level_2"] == two_levels["subgroup"]
    assert found["deepest_cluster"] == two_levels["subgroup"]


def test_two_levels_by_levels_are_the_same(cluster_inputs, two_levels):
    assert hierarchy(cluster_inputs, two_levels, [3, 2], 1, *FIT).equals(
        hierarchy(cluster_inputs, two_levels, [], 1, *FIT)
    )


def test_one_level_is_the_supergroups(cluster_inputs, two_levels):
    found = hierarchy(cluster_inputs, two_levels, [3], 1, *FIT)
    assert found.column_names == ["area", "level_1", "deepest_cluster"]
    assert found["deepest_cluster"] == two_levels["supergroup"]


def test_four_levels_have_four_columns_of_paths(cluster_inputs, two_levels):
    levels = [3, 2, {"A1": 3, "other": 1}, [2, 2, 2, 1, 1, 1, 1, 1]]
    found = hierarchy(cluster_inputs, two_levels, levels, 1, *FIT)
    assert codes(found, "level_3") == [
        *["A1a", "A1b", "A1c", "A2a", "B1a", "B2a", "C1a", "C2a"]
    ]
    assert codes(found, "deepest_cluster") == [
        *["A1a1", "A1a2", "A1b1", "A1b2", "A1c1", "A1c2"],
        *["A2a1", "B1a1", "B2a1", "C1a1", "C2a1"],
    ]
    for row in found.to_pylist():
        assert row["level_2"] == row["level_3"][:-1] == row["level_4"][:-2]
        assert row["level_4"] == row["deepest_cluster"]


def test_a_third_level_is_k_means_within_each_subgroup(
    cluster_inputs, two_levels, values
):
    found = hierarchy(cluster_inputs, two_levels, [3, 2, 2], 1, *FIT)
    parents = np.array(two_levels["subgroup"].to_pylist())
    third = np.array(found["level_3"].to_pylist())
    for parent in set(parents):
        members = values[parents == parent]
        fit = fit_kmeans(members, 2, restarts=10, seed=507)
        inertia = sum(
            ((part - part.mean(axis=0)) ** 2).sum()
            for part in (values[third == f"{parent}{letter}"] for letter in "ab")
        )
        assert inertia == pytest.approx(fit.inertia)
        assert (third == f"{parent}a").sum() >= (third == f"{parent}b").sum()


def test_a_deep_level_keeps_its_codes_unless_told_otherwise(cluster_inputs, two_levels):
    now = hierarchy(cluster_inputs, two_levels, [3, 2, 2], 1, *FIT)
    swapped = [
        code[:-1] + {"a": "b", "b": "a"}[code[-1]]
        for code in now["level_3"].to_pylist()
    ]
    former = now.set_column(3, "level_3", pa.array(swapped))
    levels = [3, 2, 2]
    kept = hierarchy(cluster_inputs, two_levels, levels, 1, *FIT, "keep", former)
    assert kept["level_3"].to_pylist() == swapped
    again = hierarchy(cluster_inputs, two_levels, levels, 1, *FIT, "by_size", former)
    assert again["level_3"] == now["level_3"]


def test_a_shallower_result_before_has_no_codes_to_keep(cluster_inputs, two_levels):
    former = hierarchy(cluster_inputs, two_levels, [], 1, *FIT)
    levels = [3, 2, 2]
    assert hierarchy(
        cluster_inputs, two_levels, levels, 1, *FIT, "keep", former
    ).equals(hierarchy(cluster_inputs, two_levels, levels, 1, *FIT))
