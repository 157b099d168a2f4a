"""census.subgroup_clustergrams on hand-made rows."""

import pytest


@pytest.fixture
def subgroup_clustergrams(run_model):
    """Give the clusters within A, of two areas, and within B, of only one."""
    labels = """
        select * from (values
            ('E1', 'A', -1.0, 0::integer, 0::integer),
            ('E2', 'A', 1.0, 0, 1),
            ('E3', 'B', 0.0, 0, null)
        ) as labels(area, supergroup, first_component, k1, k2)
    """
    return run_model(
        "census.subgroup_clustergrams",
        tables={
            "census.subgroup_clustergram_labels": labels,
            "census.subgroup_clustergram_scores": [
                {"supergroup": "A", "k": 1, "inertia": 2.0},
                {"supergroup": "A", "k": 2, "inertia": 0.0},
                {"supergroup": "B", "k": 1, "inertia": 0.5},
            ],
        },
    )


def test_each_supergroup_has_its_own_clusters(subgroup_clustergrams):
    columns = ["supergroup", "k", "cluster", "areas", "component_mean", "inertia"]
    assert subgroup_clustergrams[columns].values.tolist() == [
        ["A", 1, 0, 2, 0, 2],
        ["A", 2, 0, 1, -1, 0],
        ["A", 2, 1, 1, 1, 0],
        ["B", 1, 0, 1, 0, 0.5],
    ]


def test_a_supergroup_ends_at_its_number_of_areas(subgroup_clustergrams):
    largest = subgroup_clustergrams.groupby("supergroup")["k"].max()
    assert largest.to_dict() == {"A": 2, "B": 1}
