"""census.cluster_variables on hand-made rows."""

import duckdb
import pytest

PROFILE = [
    {"variable": "v01", "domain": "Age"},
    {"variable": "v02", "domain": "Work"},
    {"variable": "v03", "domain": None},
]
NONE = {"drop_variables": [], "keep_variables": [], "keep_domains": []}
NOTHING = "select '' as variable where false"


@pytest.fixture
def chosen(run_model):
    """Give a function from what is left out, and parameters, to what is chosen."""

    def run(left_out=NOTHING, **parameters: list[str]) -> list[str]:
        tables = {
            "census.variable_profile": PROFILE,
            "census.left_out_variables": left_out,
        }
        frame = run_model("census.cluster_variables", tables, **(NONE | parameters))
        return list(frame["variable"])

    return run


def test_all_variables_are_chosen_where_none_is_left_out(chosen):
    assert chosen() == ["v01", "v02", "v03"]


def test_what_is_left_out_is_not_chosen(chosen):
    assert chosen([{"variable": "v02"}]) == ["v01", "v03"]


def test_where_all_are_left_out_none_is_chosen(chosen):
    assert chosen([{"variable": entry["variable"]} for entry in PROFILE]) == []


@pytest.mark.parametrize("parameter", ["drop_variables", "keep_variables"])
def test_unknown_variables_are_refused_by_name(chosen, parameter):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        chosen(**{parameter: ["v99", "v01", "v98"]})
    assert (
        "drop_variables or keep_variables names v98, v99, "
        "which the census file does not have."
    ) in str(refused.value)


def test_an_unknown_domain_is_refused_with_the_known_ones(chosen):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        chosen(keep_domains=["Wrok"])
    assert (
        "keep_domains names Wrok, which is no domain of the lookup. Known: Age, Work."
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("parameter", "name"), [("keep_variables", "v99"), ("keep_domains", "Wrok")]
)
def test_an_unknown_name_is_refused_even_where_it_leaves_nothing(
    chosen, parameter, name
):
    """The only kept name being unknown, every variable is left out."""
    everything = [{"variable": entry["variable"]} for entry in PROFILE]
    with pytest.raises(duckdb.InvalidInputException, match=f"names {name}, which"):
        chosen(everything, **{parameter: [name]})
