"""Kind B: codes that join to nothing, and how two files' codes differ."""

from pathlib import Path

import pytest

from placetypes.database import connect
from placetypes.errors import PlacetypesError
from placetypes.inputs.find import InputFile
from placetypes.inputs.together import check_together

NAMES = ["E01", "E02", "E03"]

BAD = {
    "decimal numbers": ([1.0, 2.0, 3.0], "decimal numbers .*save the codes as text"),
    "bytes": ([b"a", b"b", b"c"], "holds bytes"),
    "true and false": ([True, False, None], "holds true and false"),
    "a blank": (["E01", "E02 ", "E03"], "'E02 ', a code with blanks"),
    "a zero-width space": (["E01", "E\u200b02", "E03"], "can't be seen"),
    "a soft hyphen": (["E01", "E\u00ad02", "E03"], "can't be seen"),
    "a mark of order": (["E01", "\ufeffE02", "E03"], "can't be seen"),
    "a control character": (["E01", "E\x0702", "E03"], "can't be seen"),
    "none": (["E01", None, "E03"], "no code in 1 rows"),
    "R's NA": (["E01", "NA", "NA"], "NA in 2 rows"),
    "the same twice": (["E01", "E02", "E02"], "E02 stands in 2 rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_codes_are_refused(name, check, census, tmp_path):
    codes, words = BAD[name]
    frame = census.head(3).assign(OA=codes)
    frame.reset_index(drop=True).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(PlacetypesError, match=rf"column OA.*{words}|OA {words}"):
        check("census", "census_file", tmp_path / "c.parquet")


def test_whole_numbers_are_codes_too(check, census, tmp_path):
    frame = census.assign(OA=range(1001, 1201)).reset_index(drop=True)
    frame.to_parquet(tmp_path / "c.parquet")
    assert check("census", "census_file", tmp_path / "c.parquet") == []


def together(tmp_path: Path, own: list[str], others: list[str]) -> list[str]:
    """Return what is told of two CSV files with these codes."""
    files, told = {}, []
    for name, codes in (("people", own), ("census", others)):
        path = tmp_path / f"{name}.csv"
        path.write_text("OA\n" + "\n".join(codes) + "\n")
        files[name] = InputFile(name, path, name, {}, "")
    entries = {
        "people": {"key": "OA", "same_codes": {"input": "census"}},
        "census": {"key": "OA"},
    }
    with connect() as database:
        check_together(database, files, entries, {"people", "census"}, {}, told.append)
    assert told == files["people"].messages
    return told


REPAIRS = {
    "case": (["e01", "e02"], "in capital letters"),
    "blanks within": (["E 01", "E 02"], "without blanks"),
    "decimals": (["E01.0", "E02.0"], "without .0"),
}


@pytest.mark.parametrize("name", REPAIRS)
def test_codes_that_a_repair_would_bring_together_are_refused_with_it(name, tmp_path):
    codes, words = REPAIRS[name]
    with pytest.raises(PlacetypesError, match=f"None of the 2 codes.*2 would.*{words}"):
        together(tmp_path, codes, NAMES)


def test_lost_zeros_in_front_are_told_with_counts(tmp_path):
    (told,) = together(tmp_path, ["1001", "2002", "12003"], ["01001", "02002", "12003"])
    assert "codes of column OA, 1 stand in both; 3 would filled up with zeros" in told
    assert told.endswith("(1001 and 01001).")


def test_codes_of_another_census_are_refused_without_a_repair(tmp_path):
    with pytest.raises(PlacetypesError, match=r"same area codes in both files\.$"):
        together(tmp_path, ["N1", "N2"], NAMES)


def test_codes_that_are_simply_not_there_are_not_told(tmp_path):
    assert together(tmp_path, ["E01", "E99"], NAMES) == []
    assert together(tmp_path, NAMES[:1], NAMES) == []


@pytest.mark.parametrize(
    ("swapped", "told"),
    [
        ((), []),
        (
            ("rented", "employed"),
            ["data.csv: owned, rented, shares of one whole (tenu"],
        ),
        (("owned", "rented"), []),  # of one whole: nothing tells these apart
    ],
)
def test_columns_swapped_out_of_their_whole_are_told(tmp_path, swapped, told):
    names = ["owned", "rented", "employed"]
    renamed = dict(zip(swapped, swapped[::-1], strict=True))
    header = ",".join(renamed.get(name, name) for name in names)
    rows = [f"E{n},{30 + n % 40},{69 - n % 40}.5,{60 + n % 30}" for n in range(200)]
    (tmp_path / "data.csv").write_text("\n".join([f"OA,{header}", *rows]) + "\n")
    (tmp_path / "families.csv").write_text(
        "variable,family,unit\nOwned,tenure,share\nrented,tenure,share\n"
        "employed,,share\nOA,tenure,density\n"
    )
    files = {
        name: InputFile(name, tmp_path / f"{name}.csv", name, {}, "")
        for name in ("data", "families")
    }
    entries = {"data": {"wholes": {"input": "families"}}, "families": {}}
    found: list[str] = []
    with connect() as database:
        check_together(database, files, entries, set(files), {}, found.append)
    assert [message[:47] for message in found] == [message[:47] for message in told]
    assert files["data"].messages == found
