"""append: the user's own file with columns more, and nothing else changed."""

import duckdb
import openpyxl
import pandas as pd
import pytest

from placetypes.errors import PlacetypesError
from placetypes.records.append import append


@pytest.fixture
def connection():
    """Give a database with two postcodes, in areas E1 and E2."""
    with duckdb.connect() as opened:
        opened.execute("create schema records")
        opened.execute(
            "create table records.directory as "
            "from (values ('L18JQ', 'E1'), ('L19ZZ', 'E2')) t(postcode, area)"
        )
        opened.execute(
            "create table records.area_classes as from (values "
            "('E1', 'A', 'Terraces, red', 0.5::double), "
            "('E2', 'B', 'Say \"so\"', 0.25)) "
            "t(area, supergroup, supergroup_name, fit)"
        )
        yield opened


def extend(connection, source, target, **options):
    return append(connection, source, target, "postcode", "records", **options)


def run(connection, tmp_path, content, **options):
    source, target = tmp_path / "mine.csv", tmp_path / "theirs.csv"
    source.write_bytes(content)
    found = extend(connection, source, target, **options)
    return target.read_bytes(), found


def test_lines_stay_as_they_were_with_cells_behind(connection, tmp_path):
    written, found = run(
        connection, tmp_path, b'id,postcode,note\r\n007,l1 8jq,"a, b"\r\n8,X,\r\n'
    )
    assert written == (
        b"id,postcode,note,supergroup,supergroup_name,fit\r\n"
        b'007,l1 8jq,"a, b",A,"Terraces, red",0.5\r\n'
        b"8,X,,,,\r\n"
    )
    assert found == (2, 1)


def test_other_delimiters_stay(connection, tmp_path):
    written, _ = run(connection, tmp_path, b"id;postcode\n1;L1 9ZZ\n2;L1 8JQ")
    assert written == (
        b"id;postcode;supergroup;supergroup_name;fit\n"
        b'1;L1 9ZZ;B;"Say ""so""";0.25\n'
        b"2;L1 8JQ;A;Terraces, red;0.5"
    )


def test_cells_with_line_breaks_stay_whole(connection, tmp_path):
    run(connection, tmp_path, b'note,postcode\n"two\nlines",L1 8JQ\nx,L1 9ZZ\n')
    table = pd.read_csv(tmp_path / "theirs.csv")
    assert list(table["note"]) == ["two\nlines", "x"]
    assert list(table["supergroup"]) == ["A", "B"]


def test_the_mark_by_which_excel_knows_utf_8_stays(connection, tmp_path):
    marked = b'\xef\xbb\xbfpostcode,note\nL1 8JQ,"two\nlines"\n'
    written, _ = run(connection, tmp_path, marked)
    assert written.startswith(b"\xef\xbb\xbfpostcode,")


def test_many_rows_keep_their_order(connection, tmp_path):
    rows = pd.DataFrame(
        {"id": range(30_000), "postcode": ["L1 8JQ", "L19ZZ", "?"] * 10_000}
    )
    run(connection, tmp_path, rows.to_csv(index=False).encode())
    table = pd.read_csv(tmp_path / "theirs.csv")
    assert list(table["id"]) == list(rows["id"])
    wanted = rows["postcode"].map({"L1 8JQ": "A", "L19ZZ": "B"})
    assert table["supergroup"].equals(wanted.rename("supergroup"))


def test_parquet_keeps_its_types(connection, tmp_path):
    rows = pd.DataFrame({"n": [1.5, 2.5], "postcode": ["L1 9ZZ", "L1 8JQ"]})
    rows.to_parquet(tmp_path / "mine.parquet")
    append(
        connection,
        tmp_path / "mine.parquet",
        tmp_path / "out.parquet",
        "postcode",
        "records",
    )
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert list(table["n"]) == [1.5, 2.5] and list(table["supergroup"]) == ["B", "A"]


def test_excel_gets_columns_on_the_right(connection, tmp_path):
    rows = pd.DataFrame({"id": [1, 2], "postcode": ["L1 9ZZ", None]})
    rows.to_excel(tmp_path / "mine.xlsx", index=False)
    append(
        connection, tmp_path / "mine.xlsx", tmp_path / "out.xlsx", "postcode", "records"
    )
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in page[2]] == [1, "L1 9ZZ", "B", 'Say "so"', 0.25]
    assert [cell.value for cell in page[3]] == [2, None, None, None, None]


def test_area_codes_need_no_directory(connection, tmp_path):
    written, _ = run(connection, tmp_path, b"postcode\nE2\n", holds_areas=True)
    assert written.splitlines()[1].startswith(b"E2,B,")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,code\n1,L1 8JQ\n", "no column postcode"),
        (b"postcode,Supergroup\nL1 8JQ,Z\n", "already has a column supergroup"),
        (b"", "is empty"),
    ],
)
def test_what_does_not_fit_is_a_sentence(connection, tmp_path, content, sentence):
    with pytest.raises((PlacetypesError, ValueError), match=sentence):
        run(connection, tmp_path, content)


def test_the_format_stays(connection, tmp_path):
    (tmp_path / "mine.csv").write_text("postcode\nL1 8JQ\n")
    with pytest.raises(PlacetypesError, match=r"ends in \.csv"):
        append(
            connection,
            tmp_path / "mine.csv",
            tmp_path / "x.xlsx",
            "postcode",
            "records",
        )


@pytest.mark.parametrize("source", ["folder.csv", "mine.csv"])
def test_a_folder_is_no_file(connection, tmp_path, source):
    (tmp_path / "mine.csv").write_text("postcode\nL1 8JQ\n")
    (tmp_path / "folder.csv").mkdir()
    target = {"folder.csv": "out.csv", "mine.csv": "folder.csv"}[source]
    with pytest.raises(PlacetypesError, match=r"folder\.csv is a folder where a file"):
        extend(connection, tmp_path / source, tmp_path / target)
