"""Values of variables: counts and weights in, shares, rates and ratios out."""

import pandas as pd
import pytest

DEFINITIONS = [
    {
        "variable": "v1",
        "country": "Scotland",
        "kind": "share",
        "denominator_cell": "All",
    },
    {"variable": "v2", "country": "Scotland", "kind": "rate", "denominator_cell": None},
    {
        "variable": "v3",
        "country": "Scotland",
        "kind": "rate",
        "denominator_cell": "square kilometres",
    },
    {
        "variable": "v4",
        "country": "Scotland",
        "kind": "count",
        "denominator_cell": None,
    },
    {
        "variable": "v5",
        "country": "Scotland",
        "kind": "standardised ratio",
        "denominator_cell": None,
    },
]
NOTHING = {
    "national.absent_variables": "select '' as variable, '' as country where false",
    "national.left_out": "select '' as area where false",
}
SIZES = [{"area": "S1", "square_kilometres": 0.5}]


def cells(table, *counts):
    """Return rows of national.cells: areas S1, S2, … with their counts."""
    return [
        {"country": "Scotland", "table_name": table, "area": f"S{n}", "counts": list(c)}
        for n, c in enumerate(counts, 1)
    ]


def term(variable, numerators, denominators, table="uv1"):
    """Return a row of national.terms."""
    return {
        "variable": variable,
        "country": "Scotland",
        "table_name": table,
        "numerators": [float(n) for n in numerators],
        "denominators": [float(n) for n in denominators],
    }


@pytest.fixture
def values(run_model):
    """Give a function that returns the values of some terms."""

    def run(counts, terms, **others) -> pd.DataFrame:
        counts = [
            {**row, "counts": [float(c) for c in row["counts"]]} for row in counts
        ]
        tables = {
            "national.definitions": DEFINITIONS,
            "national.cells": counts,
            "national.terms": terms,
            "national.area_sizes": SIZES,
            **NOTHING,
            **others,
        }
        return run_model("national.area_values", tables).set_index("area")

    return run


def test_a_share_is_the_sum_of_its_cells_in_per_cent_of_the_denominator(values):
    found = values(
        cells("uv1", (10, 2, 3), (20, 5, 0)), [term("v1", (0, 1, 1), (1, 0, 0))]
    )

    assert found["v1"].to_dict() == {"S1": 50, "S2": 25}


def test_a_share_of_nobody_is_zero(values):
    found = values(cells("uv1", (0, 0)), [term("v1", (0, 1), (1, 0))])

    assert found["v1"].to_dict() == {"S1": 0}


def test_rates_and_counts_are_as_published(values):
    terms = [term("v2", (1, 0), (0, 0)), term("v4", (0, 1), (0, 0))]

    found = values(cells("uv1", (26268.7, 12)), terms)

    assert found.loc["S1", ["v2", "v4"]].to_list() == [26268.7, 12]


def test_a_density_is_per_square_kilometre_of_the_boundary(values):
    found = values(cells("uv1", (100,)), [term("v3", (1,), (0,))])

    assert found["v3"].to_dict() == {"S1": 200}


def test_a_standardised_ratio_adds_up_what_two_tables_let_expect(values):
    # 30 are ill; at rates of 0.1 and 0.4, 100 young and 50 old let 30 be expected.
    counts = [*cells("uv1", (30,)), *cells("uv9", (100, 50))]
    terms = [term("v5", (1,), (0,)), term("v5", (0, 0), (0.1, 0.4), "uv9")]

    assert values(counts, terms)["v5"].to_dict() == {"S1": 100}


def test_what_can_not_be_computed_and_who_is_left_out_have_no_values(values):
    terms = [term("v1", (0, 1), (1, 0)), term("v4", (1, 0), (0, 0))]

    found = values(
        cells("uv1", (10, 5), (10, 4)),
        terms,
        **{
            "national.absent_variables": [{"variable": "v4", "country": "Scotland"}],
            "national.left_out": [{"area": "S2"}],
        },
    )

    assert found.drop(columns="country").to_dict("index") == {"S1": {"v1": 50}}


def test_weights_stand_at_the_places_of_their_cells(run_model):
    asked = [
        {"country": "Scotland", "table_name": "uv1", "cell": cell, "place": place}
        for place, cell in enumerate(["A", "All", "B"], 1)
    ]
    uses = [
        {"variable": "v1", "cell": cell, "role": role, "weight": 1.0}
        for cell, role in (("B", "numerator"), ("All", "denominator"))
    ]
    uses = [{**use, "country": "Scotland", "table_name": "uv1"} for use in uses]

    found = run_model(
        "national.terms",
        {"national.asked_cells": asked, "national.definition_cells": uses},
    ).iloc[0]

    assert list(found["numerators"]) == [0, 0, 1]
    assert list(found["denominators"]) == [0, 1, 0]


def test_the_census_data_are_rounded_as_numpy_does(run_model):
    areas = [
        {"area": "E1", "country": "Wales", "v1": 0.205, "v2": 1.0, "households": 7}
    ]

    found = run_model(
        "national.uk_census_data",
        {"national.area_values": areas},
        kept_variables=["v1"],
    )

    assert found.to_dict("records") == [{"OA": "E1", "v1": 0.2}]
