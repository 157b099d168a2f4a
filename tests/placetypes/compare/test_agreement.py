"""placetypes/compare/agreement.py on classifications that can be judged by eye."""

import pytest

from placetypes.compare.agreement import (
    best_matching,
    cross_table,
    matching_ceiling,
    measures_of_agreement,
)


def test_the_cross_table_counts_pairs_in_the_order_of_the_names():
    table = cross_table(list("BAAB"), list("xyxx"))
    assert table.classes == ["A", "B"]
    assert table.others == ["x", "y"]
    assert table.counts.tolist() == [[1, 1], [2, 0]]


def test_the_same_classes_under_other_names_agree_fully():
    assert measures_of_agreement(list("AABBC"), list("xxyyz")) == pytest.approx(
        {
            "adjusted Rand index": 1,
            "normalised mutual information": 1,
            "homogeneity": 1,
            "completeness": 1,
            "Cramér's V": 1,
        }
    )


def test_classes_that_tell_nothing_of_each_other_do_not_agree():
    """Each pair has one area: fewer agree than by chance, so the index is below 0."""
    assert measures_of_agreement(list("AABB"), list("xyxy")) == pytest.approx(
        {
            "adjusted Rand index": -0.5,
            "normalised mutual information": 0,
            "homogeneity": 0,
            "completeness": 0,
            "Cramér's V": 0,
        }
    )


def test_of_three_areas_of_four_cramers_v_is_that_of_its_formula():
    """χ² is 4/3 over 4 areas: V = √(1/3)."""
    found = measures_of_agreement(list("AABB"), list("xyyy"))
    assert found["Cramér's V"] == pytest.approx((1 / 3) ** 0.5)


def test_of_one_class_cramers_v_is_undefined():
    found = measures_of_agreement(list("AAAA"), list("xyxy"))
    assert found["Cramér's V"] is None


def test_the_best_matching_keeps_most_areas_not_the_largest_pair():
    """A with x is the largest pair, but A with y and B with x keep 9 + 8."""
    table = cross_table(["A"] * 19 + ["B"] * 8, ["x"] * 10 + ["y"] * 9 + ["x"] * 8)
    assert best_matching(table) == {"A": "y", "B": "x"}


def test_classes_that_share_no_area_do_not_match():
    assert best_matching(cross_table(list("AAB"), list("xxx"))) == {"A": "x"}


def test_classes_within_others_are_homogeneous_but_not_complete():
    """A and B make up x, C is y: nothing is mixed, but x lies in two classes."""
    found = measures_of_agreement(list("AABBCCCC"), list("xxxxyyyy"))
    assert found["homogeneity"] == pytest.approx(1)
    assert found["completeness"] == pytest.approx(1 / 1.5)  # 1 bit of 1.5


def test_five_classes_cannot_match_more_of_eight_than_their_sizes_allow():
    classes = ["A"] * 6 + ["B"] * 2
    others = ["x"] * 3 + ["y"] * 3 + ["z"] * 2
    table = cross_table(classes, others)
    # A with x or y, three areas, and B with z, two: five of eight.
    assert matching_ceiling(table) == pytest.approx(5 / 8)
    matched = sum(
        table.counts[table.classes.index(a), table.others.index(b)]
        for a, b in best_matching(table).items()
    )
    assert matched / 8 <= matching_ceiling(table)
