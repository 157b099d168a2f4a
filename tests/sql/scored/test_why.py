"""Why an area has its class: parts of a difference of squared distances."""

import numpy as np
import pandas as pd
import pytest

AREAS = pd.DataFrame({"OA": ["E1", "E2"], "v01": [1.0, 5.0], "v02": [4.0, 6.0]})


def test_each_variables_part_of_the_difference_by_hand(score):
    found = score(AREAS, "why").set_index(["area", "level", "variable"])["part"]
    # E1 lies at (0.1, 0.4), A at (0.2, 0.2), B at (0.8, 0.8).
    assert found[("E1", 1, "v01")] == pytest.approx(0.7**2 - 0.1**2)
    assert found[("E1", 1, "v02")] == pytest.approx(0.4**2 - 0.2**2)


def test_the_parts_add_up_to_the_difference_of_the_squared_distances(score):
    scores = score(AREAS)
    for leading in (0, 1):
        sums = score(AREAS, "why", why_leading=leading)
        sums = sums.groupby(["area", "level"])["part"].sum()
        both = scores.dropna(subset="next_class").set_index(["area", "level"])
        wanted = both["distance_to_next"] ** 2 - both["distance"] ** 2
        np.testing.assert_allclose(sums, wanted.loc[sums.index], atol=1e-12)


def test_what_is_not_named_is_one_sum(score, connection, run_model):
    rng = np.random.default_rng(3)
    parts = rng.normal(size=7)
    variables = [f"v{n}" for n in range(7)]
    connection.execute("create schema if not exists scored; use scored")
    found = run_model(
        "scored.why",
        {
            "scored.used_variables": [
                {"place": n, "variable": v, "variable_name": v.upper()}
                for n, v in enumerate(variables)
            ],
            # own centroid 0 and next p give p² - 0 at position 0; so parts are given.
            "scored.positions": [
                {"area": "E1", "position": [0.0] * 7, "is_known": [1] * 7}
            ],
            "scored.centroids": [
                {"level": 1, "class": "A", "centroid": list(np.sqrt(np.abs(parts)))},
                {"level": 1, "class": "B", "centroid": list(np.arange(7.0))},
            ],
            "scored.scores": [
                {"area": "E1", "level": 1, "class": "A", "next_class": "B"}
            ],
        },
        why_leading=2,
    ).set_index("variable")
    wanted = pd.Series(np.arange(7.0) ** 2 - np.abs(parts), index=variables)
    ordered = wanted.sort_values()
    named = [*ordered.index[:2], *ordered.index[-2:]]
    assert set(found.index) == {*named, "all others"}
    np.testing.assert_allclose(found.loc[named, "part"], wanted[named])
    rest = wanted.drop(named).sum()
    assert found.loc["all others", "part"] == pytest.approx(rest)
