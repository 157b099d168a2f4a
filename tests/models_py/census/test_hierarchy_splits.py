"""models_py/census/hierarchy_splits.py on hand-made rows."""

import pyarrow as pa

from models_py.census.hierarchy_splits import hierarchy_splits

# A is split, B stays whole; of their clusters A1 is split again.
HIERARCHY = pa.table(
    {
        "area": ["E1", "E2", "E3", "E4"],
        "level_1": ["A", "A", "A", "B"],
        "level_2": ["A1", "A1", "A2", "B1"],
        "level_3": ["A1a", "A1b", "A2a", "B1a"],
        "deepest_cluster": ["A1a", "A1b", "A2a", "B1a"],
    }
)


def rows(*arguments) -> list[tuple]:
    """Return the rows without their column names."""
    return [tuple(row.values()) for row in hierarchy_splits(*arguments).to_pylist()]


def test_each_cluster_above_the_deepest_level_has_a_row():
    assert rows(HIERARCHY, 2, [2, 2, {"A1": 2, "other": 1}], 1) == [
        ("A", 2, 2, None),
        ("B", 2, 1, "1 area, too few for 2 clusters"),
        ("A1", 2, 2, None),
        ("A2", 1, 1, None),
        ("B1", 1, 1, None),
    ]


def test_a_smallest_size_is_the_reason_where_it_was():
    splits = rows(HIERARCHY, [2, 1], [2, [2, 1], [2, 2, 2]], 2)
    assert splits[3:] == [
        ("A2", 2, 1, "1 area, fewer than smallest_split = 2"),
        ("B1", 2, 1, "1 area, fewer than smallest_split = 2"),
    ]


def test_without_levels_only_supergroups_are_split():
    two_levels = HIERARCHY.drop_columns(["level_3"])
    assert [row[0] for row in rows(two_levels, [2, 1], [], 1)] == ["A", "B"]


def test_one_level_has_nothing_to_split():
    one_level = HIERARCHY.select(["area", "level_1", "deepest_cluster"])
    found = hierarchy_splits(one_level, 1, [2], 1)
    assert found.num_rows == 0
    assert found.column_names == [
        *["cluster", "clusters_wanted", "clusters_made", "why_whole"]
    ]
