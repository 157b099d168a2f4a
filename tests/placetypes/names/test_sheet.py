"""Names in a spreadsheet: out, edited, and back through the same checks."""

import csv

import openpyxl
import pytest

from placetypes.errors import PlacetypesError
from placetypes.names.sheet import Row, read_sheet, rows_of, write_sheet
from placetypes.names.state import Place, read_state


@pytest.fixture
def state(city):
    """Give the city's names."""
    return read_state(Place(city, "census"))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_written_is_read_again(ending, state, tmp_path):
    path = tmp_path / f"names.{ending}"
    rows = rows_of(state)
    rows[0] = rows[0]._replace(name="=1+1", note="+ as it stands", accepted=True)
    write_sheet(path, rows)
    assert read_sheet(path, state) == rows


def test_no_cell_is_a_formula(state, tmp_path):
    rows = [Row("A", "=1+1", "-1", "@x", True)]
    write_sheet(tmp_path / "names.xlsx", rows)
    sheet = openpyxl.load_workbook(tmp_path / "names.xlsx")["names"]
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 5
    write_sheet(tmp_path / "names.csv", rows)
    with (tmp_path / "names.csv").open(encoding="utf-8-sig", newline="") as opened:
        assert list(csv.reader(opened))[1] == ["A", "'=1+1", "'-1", "'@x", "yes"]


def test_a_csv_as_excel_saves_it_abroad(state, tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes("code;name;accepted\nA;Café Quarter;YES\n;;\n".encode("cp1252"))
    (row,) = read_sheet(path, state)
    assert (row.code, row.name, row.accepted) == ("A", "Café Quarter", True)
    assert row.portrait == state.clusters["A"].portrait


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,title\nA,X\n", "has no column name"),
        ("code,name\nZ9,X\n", "line 2: there is no cluster Z9"),
        ("code,name\nA,X\nA,Y\n", "line 3: cluster A stands there twice"),
        ("code,name,accepted\nA,X,maybe\n", "accepted is “maybe”; write yes or no"),
        ("", "has no column code"),
    ],
)
def test_what_cant_be_right_is_said(text, sentence, state, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(text)
    with pytest.raises(PlacetypesError, match=sentence):
        read_sheet(path, state)


def test_what_is_no_workbook_is_said(state, tmp_path):
    path = tmp_path / "names.xlsx"
    path.write_text("code,name")
    with pytest.raises(PlacetypesError, match="can't be read as a workbook"):
        read_sheet(path, state)
    with pytest.raises(PlacetypesError, match=r"as \.xlsx or \.csv"):
        write_sheet(tmp_path / "names.ods", rows_of(state))


@pytest.mark.parametrize("name", ["names.xlsx", "names.csv"])
def test_a_folder_in_the_sheets_place_is_called_that(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(PlacetypesError, match="is a folder where a file belongs"):
        write_sheet(tmp_path / name, [])
