"""Moran's I and join counts beside esda's."""

import numpy as np
import pytest
from shapely.geometry import box

from models_py.methods.spatial_autocorrelation import (
    contiguity,
    join_counts,
    moran,
    queen_pairs,
)

SHAPES = np.array([box(x, y, x + 1, y + 1) for x in range(9) for y in range(7)])


def test_squares_that_share_a_corner_are_neighbours():
    found = set(zip(*queen_pairs(SHAPES), strict=True))
    counts = np.bincount([left for left, _ in found])
    assert counts[0] == 3  # a corner of the grid
    assert counts.max() == 8
    assert found == {(right, left) for left, right in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_morans_i_its_z_and_joins_are_those_of_their_formulas(seed):
    rng = np.random.default_rng(seed)
    count = len(SHAPES)
    member = (rng.random(count) < 0.3 + 0.05 * np.arange(count) / 9) * 1.0
    pairs = queen_pairs(SHAPES)
    joins = np.zeros((count, count))
    joins[pairs] = 1
    weights = joins / joins.sum(axis=1, keepdims=True)
    z = member - member.mean()
    morans_i = (z @ weights @ z) / (z @ z)
    s1 = ((weights + weights.T) ** 2).sum() / 2
    s2 = ((weights.sum(axis=0) + weights.sum(axis=1)) ** 2).sum()
    kurtosis = (z**4).mean() / (z**2).mean() ** 2
    n, s0 = count, weights.sum()
    square = (
        n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
        - kurtosis * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0**2)
    ) / ((n - 1) * (n - 2) * (n - 3) * s0**2)
    found = moran(member, contiguity(range(count), *pairs))
    assert found["morans_i"] == pytest.approx(morans_i)
    assert found["expected"] == pytest.approx(-1 / (n - 1))
    deviation = np.sqrt(square - 1 / (n - 1) ** 2)
    assert found["z_score"] == pytest.approx((morans_i + 1 / (n - 1)) / deviation)
    assert join_counts(member, *pairs)[0] == member @ joins @ member / 2


def test_a_class_in_one_corner_clusters():
    corner = np.array([shape.centroid.x < 4 for shape in SHAPES]) * 1.0
    pairs = queen_pairs(SHAPES)
    found = moran(corner, contiguity(range(len(SHAPES)), *pairs))
    assert found["z_score"] > 5
    within, expected = join_counts(corner, *pairs)
    assert within > expected
