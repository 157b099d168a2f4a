"""Coverage and checks: spread, extremes, universes that agree, families' sums."""

import numpy as np
import pytest

from placetypes.yaml_files import read_yaml
from tests.conftest import ROOT

NOBODY = "select '' as area where false"


def test_coverage_tells_spread_gaps_and_the_most_extreme_areas(run_model):
    areas = [
        {"area": f"S{n}", "country": "Scotland", "v1": value}
        for n, value in enumerate([10.0, 11, 12, 50, None], 1)
    ]
    known = [{"area": row["area"], "country": "Scotland"} for row in areas]

    row = run_model(
        "national.coverage", {"national.area_values": areas, "national.areas": known}
    ).iloc[0]

    assert (row["areas"], row["missing"]) == (4, 1)
    assert (row["minimum"], row["median"], row["maximum"]) == (
        10,
        np.median([10, 11, 12, 50]),
        50,
    )
    assert row["most_extreme"] == "S4 (50.00), S1 (10.00), S2 (11.00)"


def cells(table, *counts):
    """Return rows of national.cells."""
    return [
        {"country": "Wales", "table_name": table, "area": f"W{n}", "counts": list(c)}
        for n, c in enumerate(counts, 1)
    ]


def share(variable, table, numerators, denominators):
    """Return a definition of a share and its term."""
    both = {"variable": variable, "country": "Wales", "table_name": table}
    definition = {
        **both,
        "family": "tenure",
        "universe": "households",
        "denominator_cell": "All",
        "kind": "share",
    }
    return definition, {**both, "numerators": numerators, "denominators": denominators}


def test_totals_of_one_universe_are_held_against_their_median(run_model):
    parts = [share(f"v{n}", f"ts{n}", [1.0], [1.0]) for n in (1, 2, 3)]

    found = run_model(
        "national.denominators",
        {
            "national.definitions": [definition for definition, _ in parts],
            "national.terms": [term for _, term in parts],
            "national.left_out": NOBODY,
            "national.cells": [
                *cells("ts1", [60.0], [40.0]),
                *cells("ts2", [60.0], [40.0]),
                *cells("ts3", [60.0], [0.0]),
            ],
        },
    ).set_index("table_name")

    assert found["areas"].to_list() == [2, 2, 2]
    assert found["total"].to_dict() == {"ts1": 100, "ts2": 100, "ts3": 60}
    assert found["areas_without"].to_dict() == {"ts1": 0, "ts2": 0, "ts3": 1}
    assert found["difference"].to_list() == pytest.approx([0, 0, 40])


@pytest.mark.parametrize(
    ("total", "areas", "agrees"),
    [(387, 3, True), (360, 3, False), (402_000, 10_000, True), (398_000, 9, False)],
)
def test_totals_may_differ_by_half_a_per_cent_or_as_few_areas_noise(
    total, areas, agrees, connection
):
    usual = 400_000 if total > 1_000 else 389
    difference = 100 * abs(total / usual - 1)
    checks = read_yaml(ROOT / "sql" / "national" / "tables.yml")["denominators"][
        "checks"
    ]
    (expression,) = [check["expression"] for check in checks if "expression" in check]
    row = "$1::double as difference, $2::bigint as total, $3::bigint as areas"
    query = f"select {expression} from (select {row})"
    found = connection.execute(query, [difference, total, areas]).fetchone()
    assert found == (agrees,)


def test_a_family_that_counts_a_cell_twice_is_found(run_model):
    # Counts are in the order all, owned, rented; both members count the rented.
    parts = [
        share("v1", "ts1", [0.0, 1.0, 1.0], [1.0, 0.0, 0.0]),
        share("v2", "ts1", [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]),
    ]

    row = run_model(
        "national.family_sums",
        {
            "national.definitions": [definition for definition, _ in parts],
            "national.terms": [term for _, term in parts],
            "national.left_out": NOBODY,
            "national.cells": cells("ts1", [10.0, 10.0, 0.0], [10.0, 5.0, 5.0]),
        },
        adjusted_countries=["Scotland"],
    ).iloc[0]

    assert (row["variables"], row["areas_above"], row["is_adjusted"]) == (2, 1, False)
    assert (row["largest"], row["overall"]) == (150, 125)
