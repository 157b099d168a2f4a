"""The step forest_splits: its splits and the targets that it refuses."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.model_selection import train_test_split

from models_py.embeddings.forest_splits import forest_splits
from tests.models_py.embeddings.conftest import CLASSES, used_columns


@pytest.fixture
def split(forest_inputs, blocks):
    """Give a function that splits the areas, some arguments being others."""

    def run(**changes):
        usual = {
            "forest_inputs": forest_inputs,
            "blocks": blocks,
            "used_columns": used_columns("decile", []),
            "target_kinds": CLASSES,
            "test_share": 0.2,
            "folds": 5,
            "block_by": "name",
            "seed": 42,
        }
        return forest_splits(**(usual | changes))

    return run


def with_target(forest_inputs: pa.Table, target: list[float]) -> pa.Table:
    """Return as many rows as the target has values."""
    rows = forest_inputs.slice(0, len(target))
    return rows.set_column(1, "decile", pa.array(target, pa.float64()))


def test_the_single_split_is_scikit_learns_in_its_order(split, forest_inputs):
    table = split().to_pandas()
    classes = forest_inputs["decile"].to_numpy()
    train, test = train_test_split(
        np.arange(80), test_size=0.2, stratify=classes, random_state=42
    )
    for rows, is_test in ((train, False), (test, True)):
        part = table[table["is_test"] == is_test].sort_values("turn")
        assert part.index.tolist() == rows.tolist()
    assert table["class"].tolist() == classes.tolist()


def test_no_block_is_split_and_each_fold_tests_some_areas(split):
    table = split().to_pandas()
    assert table.groupby("block")["fold"].nunique().max() == 1
    assert sorted(table["fold"].unique()) == [1, 2, 3, 4, 5]


def test_random_folds_have_the_sizes_of_the_blocked_ones_and_split_blocks(split):
    table = split().to_pandas()
    sizes = table["fold"].value_counts().to_dict()
    assert table["random_fold"].value_counts().to_dict() == sizes
    assert table.groupby("block")["random_fold"].nunique().min() > 1


def test_a_target_with_one_class_is_refused(split, forest_inputs):
    with pytest.raises(ValueError, match="decile is 4 for all 80 areas; a target with"):
        split(forest_inputs=with_target(forest_inputs, [4.0] * 80))


def test_a_class_smaller_than_the_folds_is_refused(split, forest_inputs):
    target = [1.0] * 77 + [2.0] * 3
    with pytest.raises(ValueError, match="class 2 of decile has 3 areas, fewer than"):
        split(forest_inputs=with_target(forest_inputs, target))


def test_a_target_that_is_no_whole_number_is_refused(split, forest_inputs):
    target = [1.0, 2.5] * 40
    with pytest.raises(ValueError, match=r"decile is 2\.5 for E001; the target must"):
        split(forest_inputs=with_target(forest_inputs, target))


def test_no_area_with_all_values_is_refused(split, forest_inputs):
    with pytest.raises(ValueError, match="no area has a value of decile"):
        split(forest_inputs=forest_inputs.slice(0, 0))


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_a_part_too_small_for_every_class_is_refused(share, split):
    with pytest.raises(ValueError, match=r"both parts need at least one area of each"):
        split(test_share=share)


def test_fewer_blocks_than_folds_are_refused_with_a_way_out(split, blocks):
    one = blocks.set_column(1, "block", pa.array(["London"] * 81))
    sentence = (
        r"block_by=name makes 1 blocks \(London\), fewer than the 5 folds; try "
        r"--set block_by=location"
    )
    with pytest.raises(ValueError, match=sentence):
        split(blocks=one)
