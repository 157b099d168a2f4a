"""census.subgroup_summary on hand-made rows."""

import pytest

SUBGROUPS = [
    {"area": "E1", "supergroup": "A", "subgroup": "A1"},
    {"area": "E2", "supergroup": "A", "subgroup": "A1"},
    {"area": "E3", "supergroup": "A", "subgroup": "A1"},
    {"area": "E4", "supergroup": "A", "subgroup": "A2"},
    {"area": "E5", "supergroup": "B", "subgroup": "B1"},
]
POPULATION = [
    {"area": "E1", "population": 10.0},
    {"area": "E2", "population": 20.0},
    {"area": "E4", "population": 30.0},
    {"area": "E5", "population": 140.0},
]


@pytest.fixture
def summary(run_model):
    """Give the summary by subgroup."""
    return run_model(
        "census.subgroup_summary",
        tables={
            "census.subgroups": SUBGROUPS,
            "census.population": POPULATION,
            "census.cluster_names": [
                {"level": "subgroup", "cluster": "A1", "name": "Flats"}
            ],
        },
    ).set_index("subgroup")


def test_areas_and_residents_with_their_shares(summary):
    assert summary["supergroup"].to_dict() == {"A1": "A", "A2": "A", "B1": "B"}
    assert summary["name"].dropna().to_dict() == {"A1": "Flats"}
    assert summary["areas"].to_dict() == {"A1": 3, "A2": 1, "B1": 1}
    assert summary["share_of_areas"].to_dict() == {"A1": 60, "A2": 20, "B1": 20}
    assert summary["population"].to_dict() == {"A1": 30, "A2": 30, "B1": 140}
    assert summary["share_of_population"].to_dict() == {"A1": 15, "A2": 15, "B1": 70}
    assert summary["areas_without_population"].to_dict() == {"A1": 1, "A2": 0, "B1": 0}


def test_shares_of_a_supergroup_add_to_100_within_each(summary):
    assert summary["share_of_supergroup"].to_dict() == {"A1": 75, "A2": 25, "B1": 100}
    sums = summary.groupby("supergroup")["share_of_supergroup"].sum()
    assert sums.to_dict() == {"A": 100, "B": 100}


def test_shares_of_the_region_add_to_100(summary):
    assert summary["share_of_areas"].sum() == pytest.approx(100)
    assert summary["share_of_population"].sum() == pytest.approx(100)
