"""models_py/census/subgroups.py on planted groups."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.cluster import KMeans

from models_py.census.subgroups import subgroups


def counts(table: pa.Table) -> dict[str, int]:
    """Return the number of areas of each subgroup."""
    names, sizes = np.unique(table["subgroup"].to_pylist(), return_counts=True)
    return dict(zip(names.tolist(), sizes.tolist(), strict=True))


def test_one_number_stands_for_every_supergroup(cluster_inputs, planted_supergroups):
    found = subgroups(cluster_inputs, planted_supergroups, 2, 10, "screened", 507)
    assert found.column_names == ["area", "supergroup", "subgroup"]
    assert found["supergroup"] == planted_supergroups["supergroup"]
    assert list(counts(found)) == ["A1", "A2", "B1", "B2", "C1", "C2"]


def test_a_list_goes_in_the_order_of_the_letters(cluster_inputs, planted_supergroups):
    found = subgroups(
        cluster_inputs, planted_supergroups, [1, 3, 2], 10, "screened", 507
    )
    assert list(counts(found)) == ["A1", "B1", "B2", "B3", "C1", "C2"]


def test_a_subgroup_lies_within_its_supergroup(cluster_inputs, planted_supergroups):
    found = subgroups(cluster_inputs, planted_supergroups, 3, 10, "screened", 507)
    for row in found.to_pylist():
        assert row["subgroup"][:-1] == row["supergroup"]


def test_number_1_has_the_most_areas(cluster_inputs, planted_supergroups):
    sizes = counts(
        subgroups(cluster_inputs, planted_supergroups, 3, 10, "screened", 507)
    )
    for letter in "ABC":
        assert sizes[f"{letter}1"] >= sizes[f"{letter}2"] >= sizes[f"{letter}3"]


def test_exhaustive_gives_scikit_learns_partition_of_each_supergroup(
    cluster_inputs, planted_supergroups, values, planted
):
    found = subgroups(cluster_inputs, planted_supergroups, 4, 10, "exhaustive", 507)
    names = np.array(found["subgroup"].to_pylist())
    for letter in "ABC":
        members = planted == letter
        fit = KMeans(4, init="random", n_init=10, random_state=507)
        labels = fit.fit_predict(values[members])
        assert len(set(zip(names[members], labels, strict=True))) == 4


def test_the_same_seed_gives_the_same_subgroups(cluster_inputs, planted_supergroups):
    one, other = (
        subgroups(cluster_inputs, planted_supergroups, 3, 10, "screened", 507)
        for _ in range(2)
    )
    assert one.equals(other)


@pytest.mark.parametrize("wanted", [[3], [3, 3], [3, 3, 3, 3]])
def test_a_list_of_the_wrong_length_is_refused(
    cluster_inputs, planted_supergroups, wanted
):
    with pytest.raises(ValueError) as refused:
        subgroups(cluster_inputs, planted_supergroups, wanted, 10, "screened", 507)
    assert str(refused.value) == (
        f"subgroups lists {len(wanted)} numbers for 3 supergroups (A, B, C); "
        "give one for each, or one number for all"
    )


def test_a_mapping_goes_by_the_letters(cluster_inputs, planted_supergroups):
    found = subgroups(
        *(cluster_inputs, planted_supergroups, {"B": 3, "other": 2}),
        *(10, "screened", 507),
    )
    assert list(counts(found)) == ["A1", "A2", "B1", "B2", "B3", "C1", "C2"]


def test_a_supergroup_with_fewer_areas_than_subgroups_stays_whole(
    cluster_inputs, planted_supergroups
):
    found = subgroups(cluster_inputs, planted_supergroups, 16, 10, "screened", 507)
    sizes = counts(found)
    assert sizes["C1"] == 15
    assert sum(name.startswith("A") for name in sizes) == 16
    assert sum(name.startswith("C") for name in sizes) == 1


def test_a_supergroup_smaller_than_smallest_split_stays_whole(
    cluster_inputs, planted_supergroups
):
    found = subgroups(
        *(cluster_inputs, planted_supergroups, 2, 10, "screened", 507),
        smallest_split=25,
    )
    assert list(counts(found)) == ["A1", "A2", "B1", "B2", "C1"]


def test_a_supergroup_of_one_area_is_its_own_subgroup():
    inputs = pa.table({"area": ["E1", "E2", "E3"], "v01": [0.0, 0.1, 1.0]})
    letters = pa.table({"area": inputs["area"], "supergroup": ["A", "A", "B"]})
    found = subgroups(inputs, letters, 1, 10, "screened", 507)
    assert found["subgroup"].to_pylist() == ["A1", "A1", "B1"]


def test_a_list_for_27_supergroups_goes_a_to_z_then_aa():
    letters = [chr(ord("A") + n) for n in range(26)] + ["AA"]
    inputs = pa.table(
        {
            "area": [f"E{n:02}" for n in range(54)],
            "v01": np.random.default_rng(22).random(54),
        }
    )
    doubled = pa.table({"area": inputs["area"], "supergroup": letters * 2})
    only_b_divided = [1, 2] + [1] * 25
    found = subgroups(inputs, doubled, only_b_divided, 5, "screened", 507)
    assert {name for name in counts(found) if name.endswith("2")} == {"B2"}
