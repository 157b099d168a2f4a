"""Definitions: what a line of variable_definitions.csv says, read and checked."""

from pathlib import Path

import duckdb
import pytest

HEADER = (
    "variable,name,domain,family,country,table,numerator_cells,denominator_cell,"
    "universe,kind,source,note\n"
)


@pytest.fixture
def definitions_file(tmp_path: Path):
    """Give a function that writes definitions and returns their path."""

    def write(*lines: str) -> str:
        path = tmp_path / "variable_definitions.csv"
        path.write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
        return str(path)

    return write


def test_cells_between_bars_are_added_up(run_model, definitions_file):
    file = definitions_file(
        "v26,Separated or divorced,Living,marital,Scotland,UV104,"
        "Separated | Divorced,All people,aged 16,share,Census 2022,"
    )

    row = run_model("national.definitions", {}, definitions_file=file).iloc[0]

    assert list(row["numerator_cells"]) == ["Separated", "Divorced"]
    assert (row["table_name"], row["census_year"]) == ("uv104", "2022")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "v1,A,,,Wales,ts1,A,,,share,Census 2021,",
            "v1 in Wales is a share of nothing",
        ),
        (
            "v1,A,,,Wales,ts1,A,B,,shares,Census 2021,",
            'v1 in Wales is of kind "shares"',
        ),
    ],
)
def test_a_line_that_can_not_be_meant_is_refused(
    run_model, definitions_file, line, sentence
):
    with pytest.raises(duckdb.InvalidInputException, match=sentence):
        run_model("national.definitions", {}, definitions_file=definitions_file(line))


def test_each_cell_that_a_variable_uses_is_a_row(run_model):
    definitions = [definition("v1", numerator=["A", "B"], denominator="All")]

    found = run_model(
        "national.definition_cells",
        {"national.definitions": definitions, "national.standard_rates": NO_RATES},
    )

    rows = found[["cell", "role", "weight"]].values.tolist()
    assert sorted(rows) == [
        ["A", "numerator", 1],
        ["All", "denominator", 1],
        ["B", "numerator", 1],
    ]


def test_a_standardised_ratio_is_held_against_residents_at_their_rates(run_model):
    definitions = [ILLNESS, definition("v1")]
    rates = [rate("young", "Under 15", 0.1), rate("old", "65 and over", 0.4)]

    found = run_model(
        "national.definition_cells",
        {"national.definitions": definitions, "national.standard_rates": rates},
    )

    expected = found[(found.variable == "v42") & (found.role == "denominator")]
    assert expected.set_index("cell")["weight"].to_dict() == {
        "Under 15": 0.1,
        "65 and over": 0.4,
    }


def test_with_a_rate_missing_none_of_the_ages_is_asked_for(run_model):
    definitions = [ILLNESS, definition("v1")]
    rates = [rate("young", "Under 15", 0.1), rate("old", "65 and over", None)]

    found = run_model(
        "national.definition_cells",
        {"national.definitions": definitions, "national.standard_rates": rates},
    )

    assert found[found.variable == "v42"]["cell"].to_list() == ["Ill"]


def test_a_cell_that_several_variables_ask_for_is_read_once(run_model):
    cells = [
        {"variable": v, "country": "Scotland", "table_name": "uv1", "cell": c}
        for v, c in (("v1", "A"), ("v1", "All"), ("v2", "All"))
    ]
    definitions = [definition("v1"), definition("v2")]

    found = run_model(
        "national.asked_cells",
        {"national.definition_cells": cells, "national.definitions": definitions},
        countries=[],
    )

    assert found[["cell", "variables", "place"]].values.tolist() == [
        ["A", "v1", 1],
        ["All", "v1, v2", 2],
    ]


def test_only_the_chosen_countries_are_read(run_model):
    cells = [
        {"variable": "v1", "country": "Scotland", "table_name": "uv1", "cell": "A"}
    ]

    found = run_model(
        "national.asked_cells",
        {
            "national.definition_cells": cells,
            "national.definitions": [definition("v1")],
        },
        countries=["England and Wales"],
    )

    assert found.empty


NO_RATES = """
    select '' as variable, '' as country, '' as age_group, '' as table_name,
        ['']::varchar[] as cells, 0::double as rate where false
"""


def definition(variable, numerator=("A",), denominator="All", kind="share"):
    """Return a row of national.definitions."""
    return {
        "variable": variable,
        "country": "Scotland",
        "table_name": "uv1",
        "numerator_cells": list(numerator),
        "denominator_cell": denominator,
        "kind": kind,
        "census_year": "2022",
    }


def rate(age_group, cell, share):
    """Return a row of national.standard_rates."""
    return {
        "variable": "v42",
        "country": "Scotland",
        "age_group": age_group,
        "table_name": "uv9",
        "cells": [cell],
        "rate": share,
    }


ILLNESS = definition("v42", ["Ill"], denominator=None, kind="standardised ratio")
