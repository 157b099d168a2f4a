"""embeddings.fold_contacts and embeddings.fold_buffers on a row of five areas."""

from itertools import pairwise

import pytest

# a - b - c - d - e: the blocks are a b and c d e.
AREAS = "abcde"
SPLITS = [
    {"area": area, "fold": fold, "random_fold": random}
    for area, fold, random in zip(AREAS, [1, 1, 2, 2, 2], [2, 1, 2, 1, 2], strict=True)
]
NEIGHBOURS = [
    {"area": one, "neighbour": other, "touches": True}
    for pair in pairwise(AREAS)
    for one, other in (pair, pair[::-1])
]
NO_BUFFER = "select 1 as fold, 'a' as area where false"


@pytest.fixture
def contacts(run_model):
    """Give a function that counts contacts, with areas dropped by a buffer."""

    def run(buffers=NO_BUFFER):
        tables = {
            "embeddings.forest_splits": SPLITS,
            "embeddings.neighbours": NEIGHBOURS,
            "embeddings.fold_buffers": buffers,
        }
        table = run_model("embeddings.fold_contacts", tables)
        return table.set_index(["validation", "fold"])

    return run


def test_areas_that_touch_the_training_are_counted(contacts):
    table = contacts()
    assert table["areas_tested"].to_dict() == {
        ("blocked", 1): 2,
        ("blocked", 2): 3,
        ("random", 1): 2,
        ("random", 2): 3,
    }
    assert table["areas_touching"].tolist() == [1, 1, 2, 3]
    assert table["touching_share"].tolist() == pytest.approx([50, 100 / 3, 100, 100])


def test_above_a_quarter_no_validation_is_of_unseen_places(contacts):
    assert not contacts()["is_unseen"].any()


def test_a_buffer_cuts_contacts(contacts):
    table = contacts([{"fold": 1, "area": "c"}, {"fold": 2, "area": "b"}])
    assert table.loc["blocked", "areas_touching"].tolist() == [0, 0]
    assert table.loc["blocked", "areas_dropped"].tolist() == [1, 1]
    assert table.loc["random", "areas_touching"].tolist() == [2, 3]
    assert table["is_unseen"].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("buffer", "expected"), [(0.0, []), (1.0, [(1, "c"), (2, "b")])]
)
def test_areas_near_another_fold_are_dropped_where_a_buffer_is_set(
    buffer, expected, run_model
):
    table = run_model(
        "embeddings.fold_buffers",
        {"embeddings.forest_splits": SPLITS, "embeddings.neighbours": NEIGHBOURS},
        block_buffer=buffer,
    )
    assert list(table.itertuples(index=False, name=None)) == expected
