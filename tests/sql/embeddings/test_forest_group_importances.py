"""embeddings.forest_group_importances on hand-made rows."""


def test_only_the_single_split_owes_its_groups_something(run_model, forests):
    table = run_model("embeddings.forest_group_importances", forests)
    assert table.to_dict("records") == [
        {
            "feature_set": "both",
            "feature_group": "embeddings",
            "features": 3,
            "permutation": 0.3,
            "permutation_spread": 0.2,
        }
    ]
