"""census.areas_without_population on hand-made rows."""


def test_areas_without_a_row_or_a_figure_are_listed(run_model):
    found = run_model(
        "census.areas_without_population",
        tables={
            "census.subgroups": [
                {"area": area, "supergroup": "A", "subgroup": "A1"} for area in "abc"
            ],
            "census.population": [
                {"area": "a", "population": 5.0},
                {"area": "b", "population": None},
            ],
        },
    )
    assert found.to_dict("records") == [
        {"area": "b", "supergroup": "A", "subgroup": "A1"},
        {"area": "c", "supergroup": "A", "subgroup": "A1"},
    ]
