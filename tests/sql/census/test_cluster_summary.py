"""census.cluster_summary on hand-made rows."""

import pytest

SUPERGROUPS = [
    {"area": "E1", "supergroup": "A"},
    {"area": "E2", "supergroup": "A"},
    {"area": "E3", "supergroup": "A"},
    {"area": "E4", "supergroup": "B"},
]
POPULATION = [
    {"area": "E1", "population": 100.0},
    {"area": "E2", "population": 200.0},
    {"area": "E3", "population": None},
    {"area": "E4", "population": 500.0},
    {"area": "E9", "population": 999.0},  # of another region
]


def summary(run_model, population=POPULATION):
    """Return the summary by supergroup."""
    return run_model(
        "census.cluster_summary",
        tables={
            "census.supergroups": SUPERGROUPS,
            "census.population": population,
            "census.cluster_names": [
                {"level": "supergroup", "cluster": "A", "name": "Flats"}
            ],
        },
    ).set_index("supergroup")


def test_areas_and_residents_with_their_shares(run_model):
    found = summary(run_model)
    assert found["name"].dropna().to_dict() == {"A": "Flats"}
    assert found["areas"].to_dict() == {"A": 3, "B": 1}
    assert found["share_of_areas"].to_dict() == {"A": 75, "B": 25}
    assert found["population"].to_dict() == {"A": 300, "B": 500}
    assert found["share_of_population"].to_dict() == {"A": 37.5, "B": 62.5}


def test_shares_add_to_100(run_model):
    found = summary(run_model)
    assert found["share_of_areas"].sum() == pytest.approx(100)
    assert found["share_of_population"].sum() == pytest.approx(100)


def test_areas_without_a_figure_are_counted(run_model):
    found = summary(run_model, [row for row in POPULATION if row["area"] != "E2"])
    assert found["areas_without_population"].to_dict() == {"A": 2, "B": 0}
    assert found["population"].to_dict() == {"A": 100, "B": 500}


def test_a_supergroup_without_any_figure_has_an_unknown_population(run_model):
    found = summary(run_model, [row for row in POPULATION if row["area"] != "E4"])
    assert found["population"].isna().to_dict() == {"A": False, "B": True}
    assert found["share_of_population"].isna().to_dict() == {"A": False, "B": True}
    assert found["share_of_areas"].sum() == 100
