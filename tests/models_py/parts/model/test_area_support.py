"""How often areas keep their class when the areas are drawn anew."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.cluster import KMeans

from models_py.methods.margin_calibration import sibling_margins
from models_py.parts.model.area_support import area_support

RNG = np.random.default_rng(9)
POSITIONS = np.concatenate([RNG.normal(centre, 0.7, (80, 3)) for centre in (0, 2, 5)])
AREAS = [f"E{n:03}" for n in range(240)]
LABELS = KMeans(3, n_init=10, random_state=1).fit_predict(POSITIONS)
TOP = np.where(LABELS[-1] == LABELS, "B", "A")
LOW = np.char.add(TOP, (LABELS + 1).astype(str))


@pytest.fixture(scope="module")
def support() -> dict[int, dict[str, float]]:
    """Give the support of each area on each level."""
    inputs = {f"v{n}": POSITIONS[:, n] for n in range(3)}
    table = area_support(
        pa.table({"area": AREAS} | inputs),
        pa.table({"area": AREAS, "level_1": TOP, "level_2": LOW}),
        seed=1,
    ).to_pylist()
    found: dict[int, dict[str, float]] = {1: {}, 2: {}}
    for row in table:
        found[row["level"]][row["area"]] = row["support"]
    return found


def test_areas_far_from_the_border_keep_their_class_and_near_ones_need_not(support):
    margins = sibling_margins(POSITIONS, TOP, np.full(240, ""))
    shares = np.array([support[1][area] for area in AREAS])
    assert (shares[margins > 0.6] == 1).all()
    assert shares.min() < 1


def test_areas_are_tried_within_the_class_above(support):
    """A class without a sibling is never in doubt."""
    assert set(support[2]) == {
        a for a, top in zip(AREAS, TOP, strict=True) if top == "A"
    }


def test_margins_are_those_of_the_distances():
    rows = TOP == "A"
    margins = sibling_margins(POSITIONS, LOW, TOP)
    assert np.isnan(margins[~rows]).all()
    centroids = {c: POSITIONS[c == LOW].mean(axis=0) for c in np.unique(LOW[rows])}
    for position, own, margin in zip(
        POSITIONS[rows], LOW[rows], margins[rows], strict=True
    ):
        (other,) = set(centroids) - {own}
        far, near = (np.linalg.norm(position - centroids[c]) for c in (other, own))
        assert margin == pytest.approx((far - near) / far)
