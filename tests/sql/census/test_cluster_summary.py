"""census.cluster_summary on hand-made rows."""

import pytest


def member(area, subgroup, population):
    """Return an area's rows: in its supergroup and in its subgroup."""
    return [
        {
            "level": level,
            "family": subgroup[0],
            "cluster": cluster,
            "area": area,
            "population": population,
        }
        for level, cluster in (("supergroup", subgroup[0]), ("subgroup", subgroup))
    ]


MEMBERS = [
    *member("E1", "A1", 10.0),
    *member("E2", "A1", 20.0),
    *member("E3", "A1", None),
    *member("E4", "A2", 30.0),
    *member("E5", "B1", 140.0),
]
NAMES = [
    {"level": "supergroup", "cluster": "A", "name": "Flats"},
    {"level": "subgroup", "cluster": "A1", "name": "Tall flats"},
]


def summary(run_model, level, members=MEMBERS):
    """Return the summary of a level by cluster."""
    rows = run_model(
        "census.cluster_summary",
        tables={
            "census.cluster_members": members,
            "census.cluster_names": NAMES,
            "census.region_areas": [
                {"area": f"E{n}", "is_inside": n != 2} for n in range(9)
            ],
        },
    )
    return rows[rows["level"] == level].set_index("cluster")


def test_supergroups_with_their_areas_and_residents(run_model):
    found = summary(run_model, "supergroup")
    assert found["parent"].isna().all()
    assert found["name"].dropna().to_dict() == {"A": "Flats"}
    assert found["areas"].to_dict() == {"A": 4, "B": 1}
    assert found["share_of_areas"].to_dict() == {"A": 80, "B": 20}
    assert found["share_of_parent"].to_dict() == {"A": 80, "B": 20}
    assert found["population"].to_dict() == {"A": 60, "B": 140}
    assert found["share_of_population"].to_dict() == {"A": 30, "B": 70}
    assert found["areas_without_population"].to_dict() == {"A": 1, "B": 0}
    assert found["areas_with_population"].to_dict() == {"A": 3, "B": 1}


def test_areas_that_only_touch_the_region_are_told_apart(run_model):
    found = summary(run_model, "supergroup")
    assert found["areas_inside"].to_dict() == {"A": 3, "B": 1}
    assert found["population_inside"].to_dict() == {"A": 40, "B": 140}


def test_subgroups_with_their_share_of_the_supergroup(run_model):
    found = summary(run_model, "subgroup")
    assert found["parent"].to_dict() == {"A1": "A", "A2": "A", "B1": "B"}
    assert found["name"].dropna().to_dict() == {"A1": "Tall flats"}
    assert found["areas"].to_dict() == {"A1": 3, "A2": 1, "B1": 1}
    assert found["share_of_areas"].to_dict() == {"A1": 60, "A2": 20, "B1": 20}
    assert found["share_of_parent"].to_dict() == {"A1": 75, "A2": 25, "B1": 100}
    assert found["population"].to_dict() == {"A1": 30, "A2": 30, "B1": 140}
    assert found["share_of_population"].to_dict() == {"A1": 15, "A2": 15, "B1": 70}
    assert found["areas_without_population"].to_dict() == {"A1": 1, "A2": 0, "B1": 0}


@pytest.mark.parametrize("level", ["supergroup", "subgroup"])
def test_shares_of_a_level_add_to_100(run_model, level):
    found = summary(run_model, level)
    assert found["share_of_areas"].sum() == pytest.approx(100)
    assert found["share_of_population"].sum() == pytest.approx(100)


def test_a_cluster_without_any_figure_has_an_unknown_population(run_model):
    unknown = MEMBERS[:-2] + member("E5", "B1", None)
    found = summary(run_model, "supergroup", unknown)
    assert found["population"].isna().to_dict() == {"A": False, "B": True}
    assert found["share_of_population"].isna().to_dict() == {"A": False, "B": True}
    assert found["share_of_areas"].sum() == 100
