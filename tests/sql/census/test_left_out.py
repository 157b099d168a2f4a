"""census.left_out on hand-made rows."""

import pytest


def left_out(run_model, areas, region_areas, variables, region_variables):
    """Return each left-out area's reason."""
    frame = run_model(
        "census.left_out",
        tables={
            "census.areas": areas,
            "census.region_areas": region_areas,
            "census.variables": variables,
            "census.region_variables": region_variables,
        },
        region="North",
        region_rule="intersects",
    )
    assert frame["area"].is_unique
    return dict(zip(frame["area"], frame["reason"], strict=True))


def test_every_area_of_the_region_is_classified_or_has_a_reason(run_model):
    reasons = left_out(
        run_model,
        areas=[
            {"area": "E1", "is_empty": False},
            {"area": "E2", "is_empty": False},
            {"area": "E3", "is_empty": False},
            {"area": "E4", "is_empty": True},
            {"area": "E8", "is_empty": False},  # of another region
        ],
        region_areas=[{"area": "E1"}, {"area": "E2"}, {"area": "E3"}],
        variables=[{"area": "E1", "v01": 1.0}, {"area": "E3", "v01": None}],
        region_variables=[{"area": "E1", "v01": 1.0}],
    )
    assert reasons == {
        "E2": "no census row",
        "E3": "a variable has no value",
        "E4": "empty boundary: it can't be placed",
    }


def test_an_area_without_geometry_that_a_region_takes_all_the_same_is_not_listed(
    run_model,
):
    assert (
        left_out(
            run_model,
            areas=[{"area": "E1", "is_empty": True}],
            region_areas=[{"area": "E1"}],
            variables=[{"area": "E1", "v01": 1.0}],
            region_variables=[{"area": "E1", "v01": 1.0}],
        )
        == {}
    )


def test_an_area_has_one_reason_even_with_two_faults(run_model):
    assert left_out(
        run_model,
        areas=[{"area": "E1", "is_empty": True}],
        region_areas=[{"area": "E1"}],
        variables=[{"area": "E9", "v01": 1.0}],
        region_variables=[{"area": "E9", "v01": 1.0}],
    ) == {"E1": "no census row"}


@pytest.mark.parametrize("place", ["region_areas", "areas"])
def test_without_faults_nothing_is_left_out(run_model, place):
    rows = [{"area": "E1", "v01": 1.0, "is_empty": False}]
    assert left_out(run_model, rows, rows, rows, rows) == {}
