"""census.subgroup_index_scores; test_index_scores.py runs all its cases on it too."""

from pathlib import Path

SQL = Path(__file__).parents[3] / "sql" / "census"


def test_a_subgroup_is_compared_with_the_region_and_not_with_its_supergroup(run_model):
    subgroups = {"E1": "A1", "E2": "A2", "E3": "B1"}
    values = [
        {"area": area, "v01": value}
        for area, value in zip(subgroups, [1.0, 2.0, 9.0], strict=True)
    ]
    scores = run_model(
        "census.subgroup_index_scores",
        tables={
            "census.subgroups": [
                {"area": area, "supergroup": name[0], "subgroup": name}
                for area, name in subgroups.items()
            ],
            "census.region_variables": values,
            "census.scaled_variables": values,
            "census.variable_lookup": [
                {"variable": "v01", "variable_name": "No car", "domain": "Transport"}
            ],
        },
    )
    assert list(scores["cluster"]) == ["A1", "A2", "B1"]
    assert list(scores["overall_mean"]) == [4, 4, 4]
    assert list(scores["index_score"]) == [25, 50, 225]


def test_it_is_index_scores_but_for_the_cluster():
    """A change to one SELECT that the other lacks would make two definitions."""
    one = (SQL / "index_scores.sql").read_text()
    other = (SQL / "subgroup_index_scores.sql").read_text()
    assert other == one.replace("supergroup", "subgroup")
