"""The workbook, read back by pandas, openpyxl and LibreOffice."""

import shutil
import subprocess

import duckdb
import pandas as pd
import pytest
import xlsxwriter
from openpyxl import load_workbook

from placetypes.database import connect_published
from placetypes.exports import workbook
from placetypes.exports.workbook import (
    Sheet,
    meanings,
    read_sheet,
    with_definitions,
    write_sheet,
)
from placetypes.runner.project import ROOT, load_project
from tests.placetypes.conftest import EXPORTED

FILE = "classification.xlsx"


@pytest.fixture(scope="module")
def sheets(exported):
    return pd.read_excel(exported / "census" / FILE, sheet_name=None)


@pytest.fixture(scope="module")
def tables(exported):
    """Give the published tables as data frames."""
    with connect_published(exported) as connection:
        return {t: connection.sql(f"from census.{t}").df() for t in EXPORTED}


def test_areas_are_the_classification_without_its_shapes(sheets, tables):
    areas = sheets["Areas"]
    expected = tables["classification"][list(areas.columns)]
    pd.testing.assert_frame_equal(areas, expected, check_dtype=False)
    assert "geometry" not in areas


def test_index_scores_stand_wide_under_the_clusters_names(sheets, tables):
    scores = tables["index_scores"].query("level == 'supergroup'")
    wide = scores.pivot(index="variable", columns="cluster", values="index_score")
    sheet = sheets["Index scores"].set_index("variable")
    assert [title.split()[0] for title in sheet.columns[3:]] == list(wide.columns)
    assert sheet.iloc[:, 3:].to_numpy() == pytest.approx(wide.to_numpy())


def test_a_given_name_is_in_it_as_text(exported, sheets):
    cells = list(load_workbook(exported / "census" / FILE)["Supergroups"])
    assert cells[1][1].value == "=Quiet 1"
    assert cells[1][1].data_type in ("s", "inlineStr")
    assert "A =Quiet 1" in sheets["Index scores"].columns
    assert set(sheets["Areas"].query("supergroup == 'A'").supergroup_name) == {
        "=Quiet 1"
    }


def test_each_column_has_its_meaning(sheets):
    said = sheets["Columns"].set_index(["sheet", "column"]).meaning
    assert said.notna().all()
    for name in list(sheets)[:-2]:
        assert list(said[name].index) == list(sheets[name].columns)


def test_a_variable_is_defined_where_its_code_and_name_are_the_censuss():
    said = {"variable": "VARCHAR", "variable_name": "VARCHAR"}
    rows = [("v02", "Aged 4 years and under"), ("v01", "Owls per square kilometre")]
    sheet = with_definitions(Sheet("Variables", said, iter(rows), 2, {}), ROOT)
    assert list(sheet.columns) == ["variable", "variable_name", "definition"]
    assert [row[2] for row in sheet.rows] == [
        "Census 2021, England and Wales, table ts007a: Aged 4 years and under",
        None,
    ]


def test_a_column_that_nobody_described_has_no_meaning():
    shown = {"Own": ({"table": "own"}, {"x": "x"})}
    sheet = meanings(load_project(), "census", shown)
    assert list(sheet.rows) == [("Own", "x", "own", "")]


def test_it_says_how_it_was_made(sheets):
    made = sheets["How it was made"].set_index("name")
    assert made.loc["census.clusters", "value"] == "2"
    assert made.loc["census.clusters", "default"] == "5"
    assert "uk_census_data.parquet" in set(made.value)
    assert "no_names.json" not in set(made.value)


def test_headers_stay_and_columns_have_filters_and_two_decimals(exported):
    book = load_workbook(exported / "census" / FILE)
    assert {sheet.freeze_panes for sheet in book} == {"B2"}
    assert book["Areas"].auto_filter.ref == "A1:M41"
    assert book["Areas"]["H2"].number_format == "0.00"
    assert book["Index scores"].conditional_formatting


def written(path, rows, **look):
    """Write one sheet of a table t, and return its cells beneath the header."""
    with duckdb.connect() as connection, xlsxwriter.Workbook(path) as book:
        connection.execute(f"create schema s; create table s.t as {rows}")
        look = {"table": "t", **look}
        write_sheet(book, read_sheet(connection, "s", "s.t", "Sheet", look))
    return [list(row) for row in load_workbook(path)["Sheet"].iter_rows(min_row=2)]


def test_codes_stay_text_and_texts_never_become_formulas_or_links(tmp_path):
    texts = ["=1+1", "00501", "+44", "@x", "http://example.org", "1e5", " a "]
    rows = f"select unnest({texts}) as code"
    cells = written(tmp_path / "a.xlsx", rows)
    assert [row[0].value for row in cells] == texts
    assert {row[0].data_type for row in cells} == {"s"}
    assert not any(row[0].hyperlink for row in cells)


def test_what_excel_knows_no_number_for_stays_empty(tmp_path):
    rows = "select 'nan'::double, 'inf'::double, null::double, null::text, 2::utinyint"
    [cells] = written(tmp_path / "a.xlsx", rows)
    assert [cell.value for cell in cells] == [None, None, None, None, 2]


def test_lists_dates_and_long_texts_are_texts(tmp_path):
    rows = "select ['a', 'b'] as l, date '2021-03-21' as d, repeat('x', 40_000) as t"
    [[items, day, text]] = written(tmp_path / "a.xlsx", rows)
    assert (items.value, day.value) == ("a, b", "2021-03-21")
    assert (len(text.value), text.value[-1]) == (32_767, "…")


def test_more_rows_than_a_sheet_holds_are_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    written(tmp_path / "a.xlsx", "select unnest([1, 2, 3]) as n")
    [[cell]] = load_workbook(tmp_path / "a.xlsx")["Sheet"].iter_rows()
    assert cell.value.startswith("3 rows are more than a sheet holds; they stand in t")


def test_libreoffice_opens_it_and_writes_the_same(exported, sheets, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    command = [office, profile, *convert, str(exported / "census" / FILE)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    read = pd.read_excel(tmp_path / FILE, sheet_name=None)
    assert list(read) == list(sheets)
    for name in sheets:
        pd.testing.assert_frame_equal(read[name], sheets[name], check_dtype=False)
