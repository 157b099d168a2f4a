"""models_py/methods/hierarchy.py: codes, counts, and what is too small to split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from models_py.kernels.tournament import count_distinct
from models_py.methods.hierarchy import (
    FormerLevel,
    Splitting,
    child_codes,
    code_order,
    counts_by_parent,
    is_too_small,
    split_level,
    why_whole,
)

# Twelve areas on a line: eight of A1 at 0 and 1, four of A2 at 5, 6 and 6.5.
AREAS = np.array([f"E{number:02}" for number in range(12)])
PARENTS = np.array(["A1"] * 8 + ["A2"] * 4, dtype=object)
VALUES = np.array([0, 0, 0, 0, 0, 1, 1, 1, 5, 6, 6, 6.5], float)[:, np.newaxis]


def split(wanted, *, smallest=1, former=None, level=3) -> list[str]:
    """Return the twelve areas' codes on the next level."""
    splitting = Splitting(wanted, smallest, restarts=5, strategy="screened", seed=507)
    return split_level(AREAS, VALUES, PARENTS, level, splitting, former).tolist()


# --- Splitting ---


def test_each_cluster_is_split_and_the_first_code_goes_to_the_largest_part():
    codes = split(2)
    assert codes[:8] == ["A1a"] * 5 + ["A1b"] * 3
    assert codes[8:] == ["A2b", "A2a", "A2a", "A2a"]


def test_a_level_is_scikit_learns_partition_of_each_parent():
    rng = np.random.default_rng(3)
    values, parents = rng.random((90, 4)), np.repeat(["A1", "A2", "B1"], 30)
    areas = np.array([f"E{number:02}" for number in range(90)])
    splitting = Splitting(3, 1, restarts=10, strategy="exhaustive", seed=507)
    codes = split_level(areas, values, parents, 3, splitting)
    for parent in ("A1", "A2", "B1"):
        members = parents == parent
        fit = KMeans(3, init="random", n_init=10, random_state=507)
        pairs = set(zip(codes[members], fit.fit_predict(values[members]), strict=True))
        assert sorted(code for code, _ in pairs) == [f"{parent}{c}" for c in "abc"]


def test_of_three_that_differ_three_clusters_are_made_and_four_are_not():
    # Parts of one size are ordered by their means: 5 is before 6.5.
    assert split({"A1": 1, "A2": 3})[8:] == ["A2b", "A2a", "A2a", "A2c"]
    assert split({"A1": 1, "A2": 4})[8:] == ["A2a"] * 4


def test_a_cluster_of_which_too_few_areas_differ_stays_whole():
    assert split(3)[:8] == ["A1a"] * 8


def test_a_cluster_below_the_smallest_size_stays_whole():
    codes = split(2, smallest=5)
    assert set(codes[:8]) == {"A1a", "A1b"}
    assert codes[8:] == ["A2a"] * 4


def test_split_into_one_is_whole_and_numbered_on_an_even_level():
    assert split(1, level=4) == ["A11"] * 8 + ["A21"] * 4


def test_new_clusters_keep_the_codes_of_the_former_ones():
    former_codes = ["A1a"] * 3 + ["A1b"] * 5 + ["A2b"] * 4
    now = FormerLevel(AREAS, PARENTS, np.array(["A1b"] * 5 + ["A1a"] * 3 + ["A2b"] * 4))
    assert split({"A1": 2, "A2": 1}, former=now)[:8] == ["A1b"] * 5 + ["A1a"] * 3
    others = FormerLevel(AREAS, PARENTS, np.array(former_codes))
    assert split({"A1": 2, "A2": 1}, former=others)[:8] == ["A1a"] * 5 + ["A1b"] * 3


def test_what_stays_whole_is_the_first_child_whatever_was_before():
    former = FormerLevel(AREAS, PARENTS, np.array(["A1b"] * 8 + ["A2b"] * 4))
    assert split(1, former=former) == ["A1a"] * 8 + ["A2a"] * 4


# --- Too small ---


@pytest.mark.parametrize(
    ("areas", "count", "smallest", "expected"),
    [
        (2, 3, 1, "2 areas, too few for 3 clusters"),
        (1, 2, 1, "1 area, too few for 2 clusters"),
        (1200, 3, 2000, "1,200 areas, fewer than smallest_split = 2000"),
        (9, 3, 1, "9 areas, but fewer than 3 that differ"),
    ],
)
def test_why_a_cluster_stays_whole(areas, count, smallest, expected):
    assert why_whole(areas, count, smallest) == expected


def test_as_many_areas_as_clusters_are_enough():
    assert not is_too_small(np.eye(3), 3, smallest=3)
    assert is_too_small(np.eye(3), 4, smallest=1)
    assert is_too_small(np.eye(3), 2, smallest=4)
    assert is_too_small(np.ones((9, 2)), 2, smallest=1)


def test_minus_zero_and_zero_do_not_differ():
    assert count_distinct(np.array([[0.0], [-0.0]]), enough=2) == 1


@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1),
    enough=st.integers(1, 9),
)
def test_distinct_rows_are_numpys_up_to_enough(rows, enough):
    values = np.array(rows, float)
    assert count_distinct(values, enough) == min(enough, len(np.unique(values, axis=0)))


# --- Codes ---


def test_codes_take_turns_between_numbers_and_small_letters():
    assert child_codes("A", 2, level=2) == ["A1", "A2"]
    assert child_codes("A1", 3, level=3) == ["A1a", "A1b", "A1c"]
    assert child_codes("A1c", 2, level=4) == ["A1c1", "A1c2"]
    assert child_codes("A1", 27, level=3)[-2:] == ["A1z", "A1aa"]


def test_codes_are_ordered_part_by_part():
    codes = ["A10", "AA1", "B1", "A2b", "A2aa", "A2", "A1", "A2z"]
    assert sorted(codes, key=code_order) == [
        *["A1", "A2", "A2b", "A2z", "A2aa", "A10", "B1", "AA1"]
    ]


# --- How many ---


def test_one_number_is_for_all():
    assert counts_by_parent(3, {"B", "A"}, 2) == {"A": 3, "B": 3}


def test_a_list_goes_in_the_order_of_the_parents():
    assert counts_by_parent([1, 2, 3], {"A10", "A2", "B1"}, 3) == {
        "A2": 1,
        "A10": 2,
        "B1": 3,
    }


def test_a_mapping_goes_by_code_and_other_is_for_the_rest():
    wanted = {"B": 4, "other": 2}
    assert counts_by_parent(wanted, {"A", "B", "C"}, 2) == {"A": 2, "B": 4, "C": 2}


@pytest.mark.parametrize(
    ("wanted", "level", "sentence"),
    [
        (
            [3],
            2,
            "subgroups lists 1 numbers for 2 supergroups (A, B); "
            "give one for each, or one number for all",
        ),
        (
            [3, 3, 3],
            3,
            "entry 3 of levels lists 3 numbers for 2 clusters of level 2 (A, B); "
            "give one for each, or one number for all",
        ),
        (
            {"A": 2},
            3,
            "entry 3 of levels gives no number for B; "
            "name them, or add other = … for all that aren't named",
        ),
        (
            {"A": 2, "Z": 3, "other": 2},
            2,
            "subgroups names Z, but the supergroups are A, B",
        ),
    ],
)
def test_what_does_not_fit_the_parents_is_refused(wanted, level, sentence):
    with pytest.raises(ValueError) as refused:
        counts_by_parent(wanted, {"A", "B"}, level)
    assert str(refused.value) == sentence
