"""Moran's I and join counts beside esda's."""

import numpy as np
import pytest
from shapely.geometry import box

from models_py.methods.spatial_autocorrelation import autocorrelation, neighbours

SHAPES = np.array([box(x, y, x + 1, y + 1) for x in range(9) for y in range(7)])


def test_squares_that_share_a_corner_are_neighbours():
    joins = neighbours(SHAPES)
    assert joins[0].sum() == 3  # a corner of the grid
    assert joins.sum(axis=1).max() == 8
    assert (joins != joins.T).nnz == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_morans_i_its_z_and_joins_equal_esdas(seed):
    esda = pytest.importorskip("esda")
    from libpysal.weights import WSP

    rng = np.random.default_rng(seed)
    member = (rng.random(len(SHAPES)) < 0.3 + 0.05 * np.arange(len(SHAPES)) / 9) * 1.0
    joins = neighbours(SHAPES)
    found = autocorrelation(member, joins)
    weights = WSP(joins).to_W(silence_warnings=True)
    moran = esda.Moran(member, weights, transformation="r", permutations=0)
    assert found.morans_i == pytest.approx(moran.I)
    assert found.expected == pytest.approx(moran.EI)
    assert found.z == pytest.approx(moran.z_norm)
    counts = esda.Join_Counts(
        member, WSP(joins).to_W(silence_warnings=True), permutations=0
    )
    assert found.joins_within == counts.bb


def test_a_class_in_one_corner_clusters():
    corner = np.array([shape.centroid.x < 4 for shape in SHAPES]) * 1.0
    found = autocorrelation(corner, neighbours(SHAPES))
    assert found.z > 5
    assert found.joins_within > found.joins_expected
