"""The step topic_files: which tables are there, and what is wrong with their files."""

import pytest

from models_py.national._topic_files import read_labels, undo_excel
from models_py.national.topic_files import topic_files
from tests.models_py.national.conftest import RELIGION, asked

WANTED = asked(["No religion", "Christian"])


def test_each_table_that_is_asked_for_is_listed_with_its_file(nomis_zip):
    path = nomis_zip()

    found = topic_files(WANTED, [path]).to_pylist()

    assert [(row["table_name"], row["file"], row["member"]) for row in found] == [
        ("ts030", "census2021-ts030.zip", "census2021-ts030-oa.csv")
    ]
    assert found[0]["census_year"] == "2021"
    assert found[0]["has_areas"]


def test_a_file_without_any_area_is_listed_as_such(scottish_zip):
    path = scottish_zip(
        "UV103.csv", "Scotland's Census 2022\n\n,All people,Under 1\n\n(c) Crown\n"
    )

    found = topic_files(asked(["Under 1"], "uv103", "Scotland", "2022"), [path])

    assert found["has_areas"].to_pylist() == [False]


def test_files_of_other_tables_are_passed_over(nomis_zip, csv_file):
    paths = [nomis_zip(), csv_file("oa_pop_data.csv", "OA,uk001001\nE00000001,10\n")]

    assert topic_files(WANTED, paths).num_rows == 1


def test_a_zip_that_was_cut_short_is_named(nomis_zip):
    path = nomis_zip()
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(ValueError, match=r"census2021-ts030.zip is damaged or was cut"):
        topic_files(WANTED, [path])


def test_a_zip_of_another_geography_is_refused_with_its_level(nomis_zip):
    with pytest.raises(
        ValueError, match=r"holds table ts030 by lsoa, not by Output Area"
    ):
        topic_files(WANTED, [nomis_zip(level="lsoa")])


def test_a_csv_without_codes_is_refused(csv_file):
    path = csv_file("ts030.csv", "area,No religion,Christian\nTrafford,4,6\n")

    with pytest.raises(ValueError, match=r"ts030.csv has no area codes but “Trafford”"):
        topic_files(WANTED, [path])


def test_a_table_of_another_year_is_refused(nomis_zip):
    with pytest.raises(
        ValueError, match=r"is of the year 2011; the definitions of ts030"
    ):
        topic_files(WANTED, [nomis_zip(year="2011")])


def test_a_renamed_column_is_refused_with_the_nearest(nomis_zip):
    header = [*RELIGION[:2], "Religion: Christians"]

    with pytest.raises(
        ValueError,
        match=r"no column Christian, which v21 asks for. Did you mean Christians\?",
    ):
        topic_files(WANTED, [nomis_zip(header=header)])


def test_two_files_of_one_table_are_refused(nomis_zip, csv_file):
    paths = [nomis_zip(), csv_file("ts030-again.csv", "a,No religion\nE00000001,1\n")]

    with pytest.raises(ValueError, match=r"2 files hold table ts030: .*; leave one"):
        topic_files(WANTED, paths)


def test_a_table_that_the_census_does_not_have_is_refused_with_the_nearest(nomis_zip):
    import pyarrow as pa

    wanted = pa.concat_tables([WANTED, asked(["Christian"], "ts30")])

    with pytest.raises(
        ValueError, match=r"asks for table ts30, .* Did you mean ts030\?"
    ):
        topic_files(wanted, [nomis_zip()])


def test_a_country_that_is_none_is_refused_with_the_nearest(nomis_zip):
    with pytest.raises(ValueError, match=r"Scottland, .* Did you mean Scotland\?"):
        topic_files(asked(["All"], "uv103", "Scottland"), [nomis_zip()])


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("Mar-15", "3 - 15"),
        ("05-Sep", "5 - 9"),
        ("Oct-14", "10 - 14"),
        ("16 - 24", "16 - 24"),
        ("Non-UK", "Non-UK"),
    ],
)
def test_excels_dates_become_the_ranges_that_they_were(shown, meant):
    assert undo_excel(shown) == meant


def test_a_level_that_spans_columns_may_stand_once():
    header = [["", "Owned", "", "Rented"], ["", "outright", "loan", ""]]

    assert read_labels(header, 1) == ["", "Owned: outright", "Owned: loan", "Rented"]


def test_what_all_columns_begin_with_is_left_away():
    labels = read_labels(
        [["date", "geography", *[f"{n}; measures: Value" for n in RELIGION]]], 2
    )

    assert labels[2:] == ["Total: All usual residents", "No religion", "Christian"]
