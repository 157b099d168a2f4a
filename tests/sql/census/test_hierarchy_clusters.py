"""census.hierarchy_clusters on hand-made rows."""

import pandas as pd
import pytest


@pytest.fixture
def clusters(run_model) -> pd.DataFrame:
    """Give the clusters of three levels: B stays whole, and so does A1a."""
    paths = {
        "E1": ("A", "A1", "A1a"),
        "E2": ("A", "A1", "A1a"),
        "E3": ("A", "A2", "A2b"),
        "E4": ("A", "A2", "A2a"),
        "E5": ("B", "B1", "B1a"),
    }
    return run_model(
        "census.hierarchy_clusters",
        tables={
            "census.hierarchy": [
                {
                    "area": area,
                    **dict(zip(["level_1", "level_2", "level_3"], path, strict=True)),
                    "deepest_cluster": path[-1],
                }
                for area, path in paths.items()
            ],
            "census.population": [
                {"area": "E1", "population": 10.0},
                {"area": "E3", "population": 20.0},
                {"area": "E4", "population": 30.0},
                {"area": "E5", "population": 140.0},
                {"area": "E9", "population": 999.0},  # of another region
            ],
            "census.hierarchy_splits": """
                from (values
                    ('A', 2, 2, null), ('B', 2, 1, '1 area, too few for 2 clusters'),
                    ('A1', 1, 1, null), ('A2', 2, 2, null), ('B1', 1, 1, null)
                ) as t (cluster, clusters_wanted, clusters_made, why_whole)
            """,
        },
    ).set_index("cluster")


def test_each_cluster_of_each_level_has_its_parent(clusters):
    assert clusters["level"].to_dict() == {
        **{"A": 1, "B": 1},
        **{"A1": 2, "A2": 2, "B1": 2},
        **{"A1a": 3, "A2a": 3, "A2b": 3, "B1a": 3},
    }
    assert clusters["parent"].dropna().to_dict() == {
        **{"A1": "A", "A2": "A", "B1": "B"},
        **{"A1a": "A1", "A2a": "A2", "A2b": "A2", "B1a": "B1"},
    }


def test_areas_and_residents_with_their_shares(clusters):
    assert clusters["areas"].tolist() == [4, 1, 2, 2, 1, 2, 1, 1, 1]
    assert clusters.loc["A1", "share_of_areas"] == 40
    assert clusters.loc["A1", "share_of_parent"] == 50
    assert clusters.loc["A", "share_of_parent"] == 80
    assert clusters.loc["A2", "population"] == 50
    assert clusters.loc["A2", "share_of_population"] == 25
    assert clusters["areas_without_population"].to_dict()["A1"] == 1


def test_each_level_holds_all_areas(clusters):
    by_level = clusters.groupby("level")
    assert by_level["areas"].sum().to_dict() == {1: 5, 2: 5, 3: 5}
    assert by_level["share_of_areas"].sum().round(9).to_dict() == {
        1: 100,
        2: 100,
        3: 100,
    }


def test_what_stays_whole_says_why(clusters):
    assert clusters.index[clusters["stays_whole"]].tolist() == ["B"]
    assert clusters.loc["B", "why_whole"] == "1 area, too few for 2 clusters"
    assert clusters.loc["B", ["clusters_wanted", "clusters_made"]].tolist() == [2, 1]
    deepest = clusters[clusters["level"] == 3]
    assert deepest["clusters_wanted"].isna().all()
