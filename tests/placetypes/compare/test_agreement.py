"""placetypes/report/agreement.py against scikit-learn and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from placetypes.compare.agreement import (
    adjusted_rand_index,
    best_matching,
    cramers_v,
    cross_table,
    normalised_mutual_information,
)

PAIRS = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("uvwxyz")),
    min_size=2,
    max_size=60,
)


def test_the_cross_table_counts_pairs_in_the_order_of_the_names():
    table = cross_table(list("BAAB"), list("xyxx"))
    assert table.classes == ["A", "B"]
    assert table.others == ["x", "y"]
    assert table.counts.tolist() == [[1, 1], [2, 0]]


@given(PAIRS)
def test_measures_equal_scikit_learns_and_scipys(pairs):
    classes, others = (list(names) for names in zip(*pairs, strict=True))
    counts = cross_table(classes, others).counts
    assert adjusted_rand_index(counts) == pytest.approx(
        adjusted_rand_score(classes, others), abs=1e-9
    )
    assert normalised_mutual_information(counts) == pytest.approx(
        normalized_mutual_info_score(classes, others), abs=1e-9
    )
    if min(counts.shape) > 1:
        assert cramers_v(counts) == pytest.approx(association(counts, "cramer"))


def test_of_one_class_cramers_v_is_undefined():
    assert cramers_v(np.array([[3, 4]])) is None


def test_the_best_matching_keeps_most_areas_not_the_largest_pair():
    """A with x is the largest pair, but A with y and B with x keep 9 + 8."""
    table = cross_table(["A"] * 19 + ["B"] * 8, ["x"] * 10 + ["y"] * 9 + ["x"] * 8)
    assert best_matching(table) == {"A": "y", "B": "x"}


def test_classes_that_share_no_area_do_not_match():
    assert best_matching(cross_table(list("AAB"), list("xxx"))) == {"A": "x"}
