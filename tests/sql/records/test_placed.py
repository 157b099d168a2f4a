"""Every record comes out once: in an area, or with the reason why not."""

import duckdb
import pytest

from placetypes.database import literal
from tests.conftest import enter

NOTHING = {"postcode": None, "area": None, "x": None, "y": None, "weight": 1.0}
DIRECTORY = [
    {"postcode": "L18JQ", "area": "E1", "is_terminated": False, "x": 1.0, "y": 1.0},
    {"postcode": "L19ZZ", "area": "E2", "is_terminated": True, "x": 2.0, "y": 2.0},
    {"postcode": "M11AA", "area": "E9", "is_terminated": False, "x": 3.0, "y": 3.0},
    {"postcode": "L11AA", "area": None, "is_terminated": False, "x": 4.0, "y": 4.0},
    {"postcode": "L11AB", "area": None, "is_terminated": False, "x": None, "y": None},
]
REGION = [{"area": "E1", "district": "W1"}, {"area": "E2", "district": "W1"}]


@pytest.fixture
def place(run_model, connection):
    """Give a function from records to their areas and reasons."""

    def run(records, points=(), terminated="keep", directory=DIRECTORY):
        rows = [NOTHING | entry | {"record": n} for n, entry in enumerate(records, 1)]
        typed = ", ".join(
            f"({', '.join(sql(row[name]) for name in (*NOTHING, 'record'))})"
            for row in rows
        )
        connection.execute(
            "create schema if not exists records; use records;"
            "create or replace table records (postcode varchar, area varchar, "
            "x double, y double, weight double, record int);"
            f"insert into records values {typed}"
        )
        run_model("records.looked_up", {"records.directory": directory})
        looked_up = enter(connection, "records.looked_up")
        connection.execute(f"create or replace table looked_up as {looked_up}")
        placed = ", ".join(f"({n}, '{area}')" for n, area in points) or "(0, '')"
        return run_model(
            "records.placed",
            {
                "records.points_in_areas": f"from (values {placed}) t(record, area)",
                "records.region_areas": REGION,
            },
            terminated_postcodes=terminated,
        )

    return run


def sql(value):
    """Write a hand-made value as SQL."""
    if value is None:
        return "null"
    return literal(value) if isinstance(value, str) else repr(value)


@pytest.mark.parametrize("typed", ["L1 8JQ", "l1 8jq", "L18JQ", "  l1  8JQ ", "L1-8JQ"])
def test_postcodes_are_read_as_people_type_them(place, typed):
    found = place([{"postcode": typed}])
    assert found.loc[0, ["area", "district"]].tolist() == ["E1", "W1"]
    assert found["reason"].isna().all()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("L1 8JX", "unknown postcode"),
        ("Liverpool", "malformed postcode"),
        ("", "no postcode, area or coordinates"),
        (None, "no postcode, area or coordinates"),
        ("M1 1AA", "outside the region"),
        ("L1 1AA", "in no area"),
        ("'; drop table records; --", "malformed postcode"),
    ],
)
def test_a_record_without_a_match_says_why(place, typed, reason):
    assert place([{"postcode": typed}])["reason"].tolist() == [reason]


def test_a_terminated_postcode_is_kept_or_refused(place):
    assert place([{"postcode": "L1 9ZZ"}])["area"].tolist() == ["E2"]
    refused = place([{"postcode": "L1 9ZZ"}], terminated="refuse")
    assert refused["reason"].tolist() == ["terminated postcode"]


def test_a_point_places_what_has_no_area_code(place):
    found = place([{"postcode": "L1 1AA"}], points=[(1, "E2")])
    assert found["area"].tolist() == ["E2"] and found["reason"].isna().all()


def test_a_records_own_area_goes_first(place):
    found = place([{"postcode": "L1 8JQ", "area": "E2"}, {"area": "E7"}])
    assert found["area"].tolist() == ["E2", "E7"]
    assert found["reason"].fillna("").tolist() == ["", "outside the region"]


def test_each_record_comes_out_once(place):
    typed = ["L1 8JQ", "L1 8JQ", "L1 8JX", "?", None, "M1 1AA"]
    assert place([{"postcode": t} for t in typed])["record"].tolist() == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]


NO_DIRECTORY = """
    select '' as postcode, '' as area, false as is_terminated, 0.0 as x, 0.0 as y
    limit 0
"""


def test_area_codes_and_coordinates_need_no_directory(place):
    records = [{"area": "E2"}, {"x": 4.0, "y": 4.0, "postcode": "L1 8JQ"}, {}]
    found = place(records, points=[(2, "E1")], directory=NO_DIRECTORY)
    assert found["area"].fillna("").tolist() == ["E2", "E1", ""]
    assert found["reason"].iloc[2] == "no postcode, area or coordinates"


def test_a_postcode_without_a_directory_is_a_sentence(place):
    with pytest.raises(duckdb.Error, match=r"postcode L1 8JQ tells where record 2 is"):
        place([{"area": "E2"}, {"postcode": "L1 8JQ"}], directory=NO_DIRECTORY)
