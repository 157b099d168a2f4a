"""Kind E: tables as neighbours write them are read, or refused with line and remedy."""

import duckdb
import pandas as pd
import pytest

from placetypes.errors import PlacetypesError
from placetypes.inputs.tables import open_parquet

GOOD = "OA,uk001001\nE1,100\nE2,200\n"
TITLE = '"TS001 - Number of usual residents"\n"ONS Crown Copyright"\n\n'
FOOTER = "\nIn order to protect against disclosure\n"

REFUSED = {
    "semicolons": (GOOD.replace(",", ";"), "line 1: .* separated by semicolons"),
    "tabs": (GOOD.replace(",", "\t"), "line 1: .* separated by tabs"),
    "title rows": (TITLE + GOOD, r"OA, uk001001\) stand in line 4"),
    "a comment line above": ("# made today\n" + GOOD, "stand in line 2"),
    "a comment line within": (
        GOOD.replace("E2", "# checked\nE2"),
        "line 3: 1 columns where the header has 2 .# checked",
    ),
    "a footer": (GOOD + FOOTER, r"line 5: 1 columns .*delete the line if it is a note"),
    "an open quote": (GOOD.replace("E2", '"E2'), "line 3: the quote that opens here"),
    "text after a quote": (GOOD.replace("E2", '"E"2'), "line 3"),
    "a ragged row": (GOOD.replace("200", "2,200"), "line 3: 3 columns"),
    "Latin-1": (GOOD.replace("E2", "É2").encode("latin-1"), "line 3: byte 0xc9"),
    "UTF-16": (GOOD.encode("utf-16"), "it is UTF-16"),
    "a zero byte": (GOOD.replace("E2", "E\x002"), "line 3: it holds a zero byte"),
    "a repeated column": ("OA,uk001001,OA\nE1,1,E1\n", "called alike, OA and OA"),
    "an invisible name": (GOOD.replace("OA", "OA\u200b"), r"'OA\\u200b'; remove"),
    "a decimal comma": (GOOD.replace("200", '"20,5"'), "Write decimals with a point"),
    "mixed line ends": (
        "OA,uk001001\r\n" + "E1,100\n" + "E2,200\r\n",
        "its lines end in different ways",
    ),
    "R's NA": (GOOD.replace("200", "NA"), 'the text "NA" for OA E2'),
}

READ = {
    "a byte-order mark": "\ufeff" + GOOD,
    "Windows' line ends": GOOD.replace("\n", "\r\n"),
    "a blank before a name": GOOD.replace("OA", " OA"),
    "no last line end": GOOD.rstrip("\n"),
    "all quoted": '"OA","uk001001"\n"E1","100"\n"E2","200"\n',
    "another column": 'OA,uk001001,$\nE1,100,"a, b"\nE2,200,"say ""x"""\n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_csv_that_would_be_misread_is_refused_by_line(name, check, tmp_path):
    text, words = REFUSED[name]
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "people.csv").write_bytes(data)
    with pytest.raises(PlacetypesError, match=rf"^people.csv.*{words}"):
        check("census", "population_file", tmp_path / "people.csv")


@pytest.mark.parametrize("name", READ)
def test_a_csv_in_good_order_is_read(name, check, tmp_path):
    (tmp_path / "people.csv").write_bytes(READ[name].encode())
    assert check("census", "population_file", tmp_path / "people.csv") == []


def test_doubled_quotes_in_regions_are_read(check, tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text('region,district\n"The ""Wirral"", and more",E08000015\n')
    assert check("census", "regions_file", path) == []


def test_a_folder_that_looks_like_a_partition_replaces_no_column(
    check, census, tmp_path
):
    folder = tmp_path / "v05=12"
    folder.mkdir()
    census.to_parquet(folder / "census.parquet")
    assert check("census", "census_file", folder / "census.parquet") == []


def test_a_cut_parquet_is_refused(check, census, tmp_path):
    path = tmp_path / "census.parquet"
    census.to_parquet(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + data[-200:])
    with pytest.raises(PlacetypesError, match="can't be read as PARQUET"):
        check("census", "census_file", path)


def test_columns_alike_in_parquet_are_refused(check, census, tmp_path):
    path = tmp_path / "census.parquet"
    pd.DataFrame(census).assign(V05=1.0).to_parquet(path)
    with pytest.raises(PlacetypesError, match="called alike, v05 and V05"):
        check("census", "census_file", path)


def test_lists_within_parquet_are_no_columns(tmp_path):
    path = tmp_path / "placements.parquet"
    lists = {"place": [[0.1], [0.2]], "known": [[1], [0]], "both": [{"place": 1}] * 2}
    pd.DataFrame({"area": ["E1", "E2"], **lists}).to_parquet(path)
    with duckdb.connect() as connection:
        open_parquet(connection, path)
        assert connection.table("content").columns == ["area", *lists]
