"""embeddings.neighbours, and the part's touching, on hand-made squares."""

import pytest

# a and b touch, c lies 2 units beyond b, d has no boundary.
SQUARES = """
select
    area, column1 as is_empty, st_makeenvelope(x, 50, x + 1, 51) as geometry
from (values ('a', 0, false), ('b', 1, false), ('c', 4, false), ('d', 9, true))
    as squares (area, x, column1)
"""


@pytest.fixture
def pairs(run_model):
    """Give a function from areas and a buffer to pairs; a plus says that they touch."""

    def run(areas: str, buffer: float) -> list[str]:
        areas = {"embeddings.areas": areas}
        touching = run_model("embeddings.touching", areas).to_dict("list")
        table = run_model(
            "embeddings.neighbours",
            areas | {"embeddings.touching": touching},
            block_buffer=buffer,
        )
        marks = table["touches"].map({True: "+", False: "-"})
        return (table["area"] + marks + table["neighbour"]).tolist()

    return run


@pytest.mark.parametrize(
    ("buffer", "expected"),
    [(0.0, ["a+b", "b+a"]), (2000.0, ["a+b", "b+a", "b-c", "c-b"])],
)
def test_a_buffer_in_metres_reaches_across_gaps(buffer, expected, pairs):
    thousands = SQUARES.replace(
        "st_makeenvelope(x, 50, x + 1, 51)",
        "st_makeenvelope(x * 1000, 0, x * 1000 + 1000, 1000)",
    )
    assert pairs(thousands, buffer) == expected


@pytest.mark.parametrize(
    ("kilometres", "expected"),
    [(139, ["a+b", "b+a"]), (142, ["a+b", "b+a", "b-c", "c-b"])],
)
def test_degrees_of_longitude_become_metres(kilometres, expected, pairs):
    # Two degrees at a latitude of 50.5 are 2 * 111.32 * cos(50.5 degrees) = 141.6 km.
    assert pairs(SQUARES, 1000.0 * kilometres) == expected
