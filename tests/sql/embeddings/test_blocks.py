"""embeddings.blocks on hand-made rows."""

import duckdb
import pytest

AREAS = [
    {"area": "a", "area_name": "City of London 001A"},
    {"area": "b", "area_name": "City of London 002B"},
    {"area": "c", "area_name": "Westminster"},
    {"area": "d", "area_name": None},
]
RECORDS = [
    {"record_id": area["area"], "district": code, "NAME": area["area_name"]}
    for area, code in zip(AREAS, ["E1", "E1", None, "E2"], strict=True)
]
PLACES = [{"area": area, "block": block} for area, block in ("aA", "bB", "dA")]

TABLES = {
    "embeddings.areas": AREAS,
    "embeddings.location_blocks": PLACES,
    "embeddings.area_records": RECORDS,
}


@pytest.mark.parametrize(
    ("block_by", "expected"),
    [
        ("name", ["City of London", "City of London", "Westminster", "no name"]),
        ("location", ["A", "B", "no place", "A"]),
        ("district", ["E1", "E1", "no block", "E2"]),
    ],
)
def test_a_block_is_the_name_without_its_last_word_or_the_place_or_a_column(
    block_by, expected, run_model
):
    table = run_model("embeddings.blocks", TABLES, block_by=block_by)
    assert table["block"].tolist() == expected


def test_a_column_that_the_file_lacks_is_refused(run_model):
    sentence = "block_by = borough is neither location nor name, and no column of the"
    with pytest.raises(duckdb.Error, match=sentence):
        run_model("embeddings.blocks", TABLES, block_by="borough")
