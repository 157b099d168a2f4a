"""embeddings.blocks on hand-made rows."""

import pytest

AREAS = [
    {"area": "a", "area_name": "City of London 001A"},
    {"area": "b", "area_name": "City of London 002B"},
    {"area": "c", "area_name": "Westminster"},
    {"area": "d", "area_name": None},
]
PLACES = [{"area": area, "block": block} for area, block in ("aA", "bB", "dA")]


@pytest.mark.parametrize(
    ("block_by", "expected"),
    [
        ("name", ["City of London", "City of London", "Westminster", "no name"]),
        ("location", ["A", "B", "no place", "A"]),
    ],
)
def test_a_block_is_the_name_without_its_last_word_or_the_place(
    block_by, expected, run_model
):
    table = run_model(
        "embeddings.blocks",
        {"embeddings.areas": AREAS, "embeddings.location_blocks": PLACES},
        block_by=block_by,
    )
    assert table["block"].tolist() == expected
