"""The step cells: counts from files as they are downloaded."""

import pyarrow as pa
import pytest

from models_py.national.cells import cells
from tests.models_py.national.conftest import asked

TABLES = pa.table({"table_name": ["ts030"]})
SCOTTISH = pa.table({"table_name": ["uv103"]})


def counts(table: pa.Table) -> dict[str, list[float]]:
    """Return the lists of counts by area."""
    return {row["area"]: row["counts"] for row in table.to_pylist()}


def test_a_nomis_zip_gives_the_counts_in_the_order_of_their_places(nomis_zip):
    found = cells(
        asked(["Christian", "Total: All usual residents"]), TABLES, [nomis_zip()]
    )

    assert counts(found) == {"E00000001": [6, 10], "E00000003": [5, 20]}
    assert set(found["country"].to_pylist()) == {"England and Wales"}


def test_a_csv_of_the_table_builder_is_read_without_title_and_footer(csv_file):
    path = csv_file(
        "3224998461328484.csv",
        '"TS030 - Religion"\n'
        '"ONS Crown Copyright Reserved [from Nomis on 5 March 2023]"\n'
        "\n"
        '"Population","All usual residents"\n'
        '"Units","Persons"\n'
        '"Date","2021"\n'
        "\n"
        '"2021 output area","Total: All usual residents","No religion"\n'
        '"E00000001",10,4\n'
        '"W00000003",20,15\n'
        "\n"
        '"In order to protect against disclosure, records have been swapped."\n',
    )

    found = cells(asked(["No religion", "Total: All usual residents"]), TABLES, [path])

    assert counts(found) == {"E00000001": [4, 10], "W00000003": [15, 20]}


def test_scotlands_dash_is_zero_and_excels_date_is_the_range_that_it_was(scottish_zip):
    path = scottish_zip(
        "UV103 - Age by single year.csv",
        "Scotland's Census 2022 - National Records of Scotland\n"
        "Table UV103 - Age\n\n"
        ",All people,Mar-15,16 and over\n"
        "S00135307,10,-,10\n"
        "S00135308,9,4,5\n"
        "\nCells in this table have been randomly adjusted.\n\n(c) Crown copyright\n",
    )

    found = cells(asked(["3 - 15"], "uv103", "Scotland", "2022"), SCOTTISH, [path])

    assert counts(found) == {"S00135307": [0], "S00135308": [4]}


def test_a_cell_in_three_header_rows_is_found_by_its_path(scottish_zip):
    path = scottish_zip(
        "UV103.csv",
        "Scotland's Census 2022\n\n"
        ",All people,Lives in a household,\n"
        ",All people,Female,Male\n"
        ",Total,Total,Total\n"
        "S00135307,10,6,4\n",
    )
    wanted = asked(["Lives in a household: Male: Total"], "uv103", "Scotland", "2022")

    assert counts(cells(wanted, SCOTTISH, [path])) == {"S00135307": [4]}


def test_a_data_zone_csv_of_northern_ireland_is_read_like_the_others(csv_file):
    path = csv_file(
        "census-2021-ms-b21.csv",
        "Geography,Geography code,All usual residents,Catholic\n"
        "Antrim_A1,N20000001,300,120\n",
    )
    wanted = asked(["Catholic"], "ms-b21", "Northern Ireland")
    tables = pa.table({"table_name": ["ms-b21"]})

    assert counts(cells(wanted, tables, [path])) == {"N20000001": [120]}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            ["E00000001,10,4,6", "A note on method", "E00000003,20,15,5"],
            r"a row with 1 columns instead of 6 among the areas: “A note on method”",
        ),
        (
            ["E00000001,10,4,6", "E00000003,20,..,5"],
            r"column No religion holds “..” for E00000003, which is no count",
        ),
        (
            ["E00000001,10,4,6", "E00000003,20,,5"],
            r"column No religion holds “” for E00000003, which is no count",
        ),
        (
            ["E00000001,10,4,6", "E00000001,20,15,5"],
            r"1 areas twice, E00000001 first",
        ),
        (
            ["E01000001,10,4,6", "E01000003,20,15,5"],
            r"2 rows for areas such as E01000001, which is no Output Area",
        ),
        (["E00000001,10,-4,6"], r"holds the negative count -4"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_a_sentence(nomis_zip, rows, sentence):
    with pytest.raises(ValueError, match=sentence):
        cells(asked(["No religion"]), TABLES, [nomis_zip(rows)])
