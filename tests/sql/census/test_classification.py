"""census.classification on hand-made rows."""

import pytest


@pytest.fixture
def classification(run_model):
    """Give three areas: one with all there is, one without a boundary, one bare."""
    areas = """
        select * from (values
            ('E1', st_makeenvelope(0, 0, 1, 1)),
            ('E2', null),
            ('E9', st_makeenvelope(5, 5, 6, 6))
        ) as areas(area, geometry)
    """
    codes = ["E1", "E2", "E3"]
    return run_model(
        "census.classification",
        tables={
            "census.subgroups": [
                {"area": "E1", "supergroup": "A", "subgroup": "A1"},
                {"area": "E2", "supergroup": "A", "subgroup": "A2"},
                {"area": "E3", "supergroup": "B", "subgroup": "B1"},
            ],
            "census.hierarchy": [
                {"area": "E1", "deepest_cluster": "A1a"},
                {"area": "E2", "deepest_cluster": "A2a"},
                {"area": "E3", "deepest_cluster": "B1b"},
            ],
            "census.supergroups": [
                {"area": area, "supergroup": "A", "stability": 0.9} for area in codes
            ],
            "census.region_areas": [
                {
                    "area": area,
                    "district": "D1",
                    "district_name": "Oneham",
                    "is_inside": area != "E3",
                }
                for area in [*codes, "E7"]  # E7 has no census row: left out
            ],
            "census.supergroup_fit": [
                {
                    "area": area,
                    "distance_to_own": 1.0,
                    "next_supergroup": "B",
                    "distance_to_next": 2.0,
                    "fit": 0.5,
                }
                for area in codes
            ],
            "census.keep_probabilities": [
                {"area": area, "keep_probability": 0.75} for area in codes
            ],
            "census.umap": [{"area": a, "umap_x": 1.5, "umap_y": 2.5} for a in codes],
            "census.population": [{"area": "E1", "population": 300.0}],
            "census.areas": areas,
            "census.cluster_names": [
                {"level": "supergroup", "cluster": "A", "name": "Flats"},
                {"level": "supergroup", "cluster": "B", "name": "Semis"},
                *(
                    {"level": "subgroup", "cluster": code, "name": f"Name {code}"}
                    for code in ("A1", "A2", "B1")
                ),
            ],
        },
    ).set_index("area")


def test_each_classified_area_has_one_row(classification):
    assert list(classification.index) == ["E1", "E2", "E3"]


def test_an_area_without_a_boundary_is_kept(classification):
    assert classification["geometry"].isna().to_dict() == {
        "E1": False,
        "E2": True,
        "E3": True,
    }


def test_an_area_without_a_population_figure_is_kept(classification):
    assert classification.loc["E1", "population"] == 300
    assert classification["population"].isna().sum() == 2


def test_all_that_is_known_of_an_area_stands_in_its_row(classification):
    row = classification.drop(columns="geometry").loc["E1"]
    assert row.to_dict() == {
        "district": "D1",
        "district_name": "Oneham",
        "is_inside": True,
        "supergroup": "A",
        "supergroup_name": "Flats",
        "subgroup": "A1",
        "subgroup_name": "Name A1",
        "deepest_cluster": "A1a",
        "distance_to_own": 1,
        "next_supergroup": "B",
        "keep_probability": 0.75,
        "distance_to_next": 2,
        "fit": 0.5,
        "stability": 0.9,
        "umap_x": 1.5,
        "umap_y": 2.5,
        "population": 300,
    }


def test_each_area_bears_the_names_of_its_clusters(classification):
    assert classification["supergroup_name"].tolist() == ["Flats", "Flats", "Semis"]
    assert classification["subgroup_name"].tolist() == ["Name A1", "Name A2", "Name B1"]
