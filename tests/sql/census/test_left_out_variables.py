"""census.left_out_variables on hand-made rows."""

import pytest

PROFILE = [
    {"variable": "v01", "domain": "Age", "is_constant": False},
    {"variable": "v02", "domain": "Work", "is_constant": False},
    {"variable": "v03", "domain": None, "is_constant": False},
    {"variable": "v04", "domain": "Work", "is_constant": True},
]

LOOKUP = [{"variable": f"v0{n}"} for n in (1, 2, 3, 4)]

NONE = {"drop_variables": [], "keep_variables": [], "keep_domains": []}


@pytest.fixture
def left_out(run_model):
    """Give a function from parameters to each left-out variable's reason."""

    def run(**parameters: list[str]) -> dict[str, str]:
        frame = run_model(
            "census.left_out_variables",
            tables={
                "census.variable_profile": PROFILE,
                "census.variable_lookup": LOOKUP,
            },
            **(NONE | parameters),
        )
        return dict(zip(frame["variable"], frame["reason"], strict=True))

    return run


CONSTANT = {"v04": "constant over the region"}


def test_a_constant_is_left_out_always(left_out):
    assert left_out() == CONSTANT


def test_a_column_that_stands_in_no_lookup_clusters_only_when_named(run_model):
    tables = {
        "census.variable_profile": [
            *PROFILE[:1],
            PROFILE[0] | {"variable": "Unnamed: 0"},
        ],
        "census.variable_lookup": LOOKUP,
    }
    frame = run_model("census.left_out_variables", tables=tables, **NONE)
    assert frame.to_numpy().tolist() == [
        ["Unnamed: 0", "not in the variable lookup nor named in keep_variables"]
    ]
    named = NONE | {"keep_variables": ["v01", "Unnamed: 0"]}
    assert run_model("census.left_out_variables", tables=tables, **named).empty


def test_dropped_variables(left_out):
    assert left_out(drop_variables=["v02"]) == CONSTANT | {
        "v02": "named in drop_variables"
    }


def test_only_the_kept_variables_stay(left_out):
    assert left_out(keep_variables=["v01", "v02"]) == CONSTANT | {
        "v03": "not named in keep_variables"
    }


def test_only_the_kept_domains_stay_and_a_variable_without_one_goes(left_out):
    reason = "its domain is not named in keep_domains"
    assert left_out(keep_domains=["Work"]) == CONSTANT | {"v01": reason, "v03": reason}


def test_drop_goes_before_keep(left_out):
    reasons = left_out(drop_variables=["v01"], keep_variables=["v01", "v02", "v03"])
    assert reasons == CONSTANT | {"v01": "named in drop_variables"}


def test_keeping_variables_and_domains_keeps_what_is_in_both(left_out):
    reasons = left_out(keep_variables=["v01", "v02"], keep_domains=["Work"])
    assert reasons == CONSTANT | {
        "v01": "its domain is not named in keep_domains",
        "v03": "not named in keep_variables",
    }


def test_a_constant_that_is_also_dropped_has_one_reason(left_out):
    assert left_out(drop_variables=["v04"]) == CONSTANT
