"""census.high_correlations on hand-made rows."""

import pytest

TABLES = {
    "census.correlations": [
        {"variable": one, "partner": other, "correlation": correlation}
        for pair, correlation in {
            ("v01", "v02"): 0.95,
            ("v01", "v03"): -0.97,
            ("v02", "v03"): 0.5,
            ("v03", "v04"): None,
        }.items()
        for one, other in (pair, pair[::-1])
    ],
    "census.variable_lookup": [
        {"variable": "v01", "variable_name": "Cars"},
        {"variable": "v02", "variable_name": "Vans"},
    ],
}


def pairs(run_model, threshold: float) -> list[tuple[str, str]]:
    """Return the pairs above the threshold."""
    high = run_model(
        "census.high_correlations", TABLES, correlation_threshold=threshold
    )
    return list(zip(high["variable"], high["partner"], strict=True))


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0.94, [("v01", "v02"), ("v01", "v03")]),
        (0.95, [("v01", "v03")]),  # a pair at the threshold doesn't exceed it
        (0.97, []),
        (0.0, [("v01", "v02"), ("v01", "v03"), ("v02", "v03")]),
    ],
)
def test_pairs_that_exceed_the_threshold_are_listed_once(
    run_model, threshold, expected
):
    assert pairs(run_model, threshold) == expected


def test_names_come_from_the_lookup_where_it_has_them(run_model):
    high = run_model("census.high_correlations", TABLES, correlation_threshold=0.96)
    assert list(high["variable_name"]) == ["Cars"]
    assert high["partner_name"].isna().all()
    assert list(high["correlation"]) == [-0.97]
