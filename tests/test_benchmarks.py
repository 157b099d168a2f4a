"""What was made fast stays fast: ratios, which busy machines hardly change."""

import pytest

from benchmarks.quick import GOALS, measure_ratios


@pytest.fixture(scope="module")
def ratios() -> dict[str, float]:
    """Measure once."""
    return measure_ratios()


@pytest.mark.parametrize("stage", GOALS)
def test_no_ratio_falls_under_half_of_its_goal(ratios, stage):
    assert ratios[stage] >= GOALS[stage] / 2
