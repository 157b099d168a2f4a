"""census.left_out on hand-made rows."""

import pytest

NO_ROWS = "select null::varchar as area, null::varchar as district where false"


def left_out(
    run_model,
    areas,
    region_areas,
    variables,
    region_variables,
    *,
    rule="intersects",
    looked_up=NO_ROWS,
    located=NO_ROWS,
):
    """Return each left-out area's reason; the region is district N1."""
    frame = run_model(
        "census.left_out",
        tables={
            "census.areas": areas,
            "census.region_areas": region_areas,
            "census.variables": variables,
            "census.region_variables": region_variables,
            "census.census_areas": variables,
            "census.area_lookup": looked_up,
            "census.area_districts": located,
            "census.region_districts": [{"district": "N1"}],
        },
        region="North",
        region_rule=rule,
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


def test_an_area_of_the_region_without_a_boundary_is_listed(run_model):
    row = [{"area": "E1", "v01": 1.0, "is_empty": False}]
    census = [*row, {"area": "E2", "v01": 1.0, "is_empty": False}]
    lookup = [
        {"area": "E1", "district": "N1"},
        {"area": "E2", "district": "N1"},  # of the census, without a boundary
        {"area": "E3", "district": "N1"},  # of another census
    ]
    assert left_out(run_model, row, row, census, row, looked_up=lookup) == {
        "E2": "no boundary: it can't be placed"
    }


def test_what_a_lookup_loses_is_listed(run_model):
    rows = [{"area": f"E{n}", "v01": 1.0, "is_empty": False} for n in (1, 2, 3)]
    lookup = [{"area": "E1", "district": "N1"}, {"area": "E2", "district": "X9"}]
    located = [{"area": f"E{n}", "district": "N1"} for n in (1, 2, 3)]
    assert left_out(
        run_model,
        rows,
        rows[:1],
        rows,
        rows[:1],
        rule="lookup",
        looked_up=lookup,
        located=located,
    ) == {
        "E2": "in the region, but the area lookup gives another district",
        "E3": "in the region, but not in the area lookup",
    }


@pytest.mark.parametrize("place", ["region_areas", "areas"])
def test_without_faults_nothing_is_left_out(run_model, place):
    rows = [{"area": "E1", "v01": 1.0, "is_empty": False}]
    assert left_out(run_model, rows, rows, rows, rows) == {}
