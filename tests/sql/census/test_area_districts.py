"""census.area_districts on hand-made squares."""

DISTRICTS = """
    select * from (values
        ('D1', st_makeenvelope(0, 0, 10, 10)),
        ('D2', st_makeenvelope(10, 0, 20, 10))
    ) as districts(district, geometry)
"""


def areas(*rows: str) -> str:
    """Return a SELECT of areas from their (code, geometry, is_empty)."""
    return (
        f"select * from (values {', '.join(rows)}) as areas(area, geometry, is_empty)"
    )


def locate(run_model, *rows: str) -> dict[str, str]:
    """Return each area's district."""
    located = run_model(
        "census.area_districts",
        tables={"census.areas": areas(*rows), "census.districts": DISTRICTS},
    )
    return dict(zip(located["area"], located["district"], strict=True))


def test_an_area_belongs_where_its_interior_point_lies(run_model):
    assert locate(
        run_model,
        "('E1', st_makeenvelope(1, 1, 2, 2), false)",
        "('E2', st_makeenvelope(9, 1, 19, 2), false)",
    ) == {"E1": "D1", "E2": "D2"}


def test_the_point_lies_on_the_surface_where_the_centre_would_not(run_model):
    """An area around a district of which it has no part, though its centre."""
    located = run_model(
        "census.area_districts",
        tables={
            "census.areas": areas(f"('E1', {frame(2, 8)}, false)"),
            "census.districts": f"""
                select * from (values
                    ('D1', st_makeenvelope(4, 4, 6, 6)),
                    ('D2', {frame(0, 10)})
                ) as districts(district, geometry)
            """,
        },
    )
    assert list(located["district"]) == ["D2"]


def frame(low: int, high: int) -> str:
    """Return a square with a hole from 4 to 6."""
    square = f"st_makeenvelope({low}, {low}, {high}, {high})"
    return f"st_difference({square}, st_makeenvelope(4, 4, 6, 6))"


def test_a_point_on_a_shared_border_takes_the_first_code(run_model):
    assert locate(run_model, "('E1', st_makeenvelope(8, 4, 12, 6), false)") == {
        "E1": "D1"
    }


def test_an_area_outside_all_districts_has_no_row(run_model):
    assert locate(run_model, "('E1', st_makeenvelope(50, 0, 60, 1), false)") == {}


def test_an_area_without_geometry_has_no_row(run_model):
    assert (
        locate(
            run_model,
            "('E1', null::geometry, true)",
            "('E2', st_geomfromtext('MULTIPOLYGON EMPTY'), true)",
        )
        == {}
    )
