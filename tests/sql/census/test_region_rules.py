"""The region rules against shapely, on random squares over two districts."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box
from shapely.ops import unary_union

DISTRICTS = {
    "D1": box(0, 0, 10, 10),
    "D2": box(10, 0, 20, 10),
    "D3": box(20, 0, 30, 10),
}
REGION = unary_union([DISTRICTS["D1"], DISTRICTS["D2"]])
# Half units, so that many squares touch a border exactly.
SQUARES = st.lists(
    st.tuples(st.integers(0, 58), st.integers(-4, 20), st.integers(1, 6)),
    min_size=1,
    max_size=12,
)


def values(shapes: dict, column: str) -> str:
    """Return a SELECT with one row for each named shape."""
    rows = ", ".join(
        f"('{name}', '{name}ham', st_geomfromtext('{shape.wkt}'))"
        for name, shape in shapes.items()
    )
    return f"from (values {rows}) as shapes ({column}, {column}_name, geometry)"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(SQUARES)
def test_the_region_rules_agree_with_shapely(run_model, squares):
    areas = {
        f"E{number}": box(x / 2, y / 2, (x + size) / 2, (y + size) / 2)
        for number, (x, y, size) in enumerate(squares)
    }
    tables = {
        "census.areas": f"select *, false as is_empty {values(areas, 'area')}",
        "census.districts": values(DISTRICTS, "district"),
        "census.region_districts": [{"district": "D1"}, {"district": "D2"}],
        "census.area_lookup": "select '' as area, '' as district where false",
        "census.census_areas": "select '' as area where false",
    }
    located = run_model("census.area_districts", tables)
    tables["census.area_districts"] = [
        *located.to_dict("records"),
        {"area": "", "district": ""},
    ]

    def chosen(rule: str) -> set[str]:
        found = run_model(
            "census.region_areas", tables, region="North", region_rule=rule
        )
        assert found["area"].is_unique
        return set(found["area"])

    touching = {code for code, area in areas.items() if area.intersects(REGION)}
    assert chosen("intersects") == touching
    # The middle of a square is a point on its surface. On a border it may fall to
    # either side, so squares centred on the region's edge are no test of the rule.
    clear = {code: area.centroid for code, area in areas.items()}
    inside = {code for code, point in clear.items() if point.within(REGION)}
    on_edge = {code for code, point in clear.items() if point.touches(REGION)}
    assert chosen("interior") - on_edge == inside - on_edge
