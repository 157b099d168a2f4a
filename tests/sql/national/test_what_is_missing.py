"""What is missing is named: tables, rates, boundaries, areas, other countries."""

import pytest

COUNTRIES = ("England and Wales", "Scotland")


def rows(*pairs, **same):
    """Return rows of variable and country."""
    return [{"variable": v, "country": c, **same} for v, c in pairs]


@pytest.fixture
def absent(run_model):
    """Give a function that returns the reasons by variable."""

    def run(definitions, terms, tables, rates, sizes):
        found = run_model(
            "national.absent_variables",
            {
                "national.definitions": definitions,
                "national.terms": terms,
                "national.topic_tables": tables,
                "national.standard_rates": rates,
                "national.area_sizes": sizes,
                "national.areas": [{"area": "S1", "country": "Scotland"}],
            },
        )
        return dict(zip(found["variable"], found["reason"], strict=True))

    return run


HERE = [{"country": "Scotland", "table_name": "uv1"}]
RATES = [{"variable": "v42", "country": "Scotland", "rate": 0.1}]
SIZES = [{"area": "S1", "square_kilometres": 1.0}]


def test_a_variable_whose_table_is_not_there_is_named_with_it(absent):
    definitions = rows(("v1", "Scotland"), kind="share", denominator_cell="All")
    terms = rows(("v1", "Scotland"), table_name="uv2")

    assert absent(definitions, terms, HERE, RATES, SIZES) == {
        "v1": "table uv2 is not in the folder"
    }


def test_a_country_without_any_table_was_not_meant(absent):
    definitions = rows(
        ("v1", "England and Wales"), kind="share", denominator_cell="All"
    )
    terms = rows(("v1", "England and Wales"), table_name="ts1")

    assert absent(definitions, terms, HERE, RATES, SIZES) == {}


def test_a_standardised_ratio_needs_rates_and_a_density_sizes(absent):
    definitions = [
        *rows(("v42", "Scotland"), kind="standardised ratio", denominator_cell=None),
        *rows(("v01", "Scotland"), kind="rate", denominator_cell="square kilometres"),
    ]
    terms = rows(("v42", "Scotland"), ("v01", "Scotland"), table_name="uv1")

    found = absent(
        definitions,
        terms,
        HERE,
        "select '' as variable, '' as country, 0.1 as rate where false",
        "select '' as area where false",
    )

    assert found == {
        "v42": "standard_rates.csv gives it no rates",
        "v01": "1 areas have no boundary to take their size from",
    }


def test_a_variable_that_one_country_lacks_is_left_out_for_all(run_model):
    tables = {
        "national.topic_tables": [{"country": c} for c in COUNTRIES],
        "national.definitions": rows(
            ("v1", COUNTRIES[0]),
            ("v1", COUNTRIES[1]),
            ("v2", COUNTRIES[0]),
            kind="share",
        ),
        "national.absent_variables": (
            "select '' as variable, '' as country, '' as reason where false"
        ),
    }

    common = run_model("national.missing_variables", tables, variables="common")
    every = run_model("national.missing_variables", tables, variables="all")

    assert common[["variable", "country", "reason"]].values.tolist() == [
        ["v2", "England and Wales", "left out because Scotland lacks it"],
        ["v2", "Scotland", "not defined for Scotland"],
    ]
    assert every["country"].to_list() == ["Scotland"]


def test_the_variables_that_are_kept_depend_on_the_rule(run_model):
    tables = {
        "national.topic_tables": [{"country": "Scotland"}],
        "national.definitions": rows(
            ("v1", "Scotland"), ("v2", "Scotland"), kind="share"
        ),
        "national.absent_variables": (
            "select '' as variable, '' as country where false"
        ),
        "national.missing_variables": [{"variable": "v2"}],
    }

    def kept(rule):
        found = run_model("national.kept_variables", tables, variables=rule)
        return found["variable"].to_list()

    assert kept("common") == ["v1"]
    assert kept("all") == ["v1", "v2"]


def test_an_area_that_a_table_lacks_is_left_out_by_name(run_model):
    cells = [
        {"country": "Scotland", "table_name": table, "area": area}
        for table, area in (("uv1", "S1"), ("uv1", "S2"), ("uv2", "S1"))
    ]
    tables = [{"country": "Scotland", "table_name": name} for name in ("uv1", "uv2")]

    areas = run_model(
        "national.areas", {"national.cells": cells, "national.topic_tables": tables}
    )
    found = run_model(
        "national.left_out",
        {
            "national.cells": cells,
            "national.topic_tables": tables,
            "national.areas": areas.to_dict("records"),
        },
    )

    assert found.values.tolist() == [["S2", "not in table uv2"]]
