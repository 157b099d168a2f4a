"""embeddings.forest_group_importances on hand-made rows."""

IMPORTANCES = [
    {
        "feature_set": "both",
        "feature": feature,
        "permutation": fall,
        "permutation_spread": 0.1,
    }
    for feature, fall in (("a predictor", 0.19), ("a dimension", 0.5))
]


def test_groups_and_single_predictors_are_ranked_together(run_model, forests):
    table = run_model(
        "embeddings.forest_group_importances",
        forests
        | {
            "embeddings.forest_importances": IMPORTANCES,
            "embeddings.used_columns": [
                {"variable": "a predictor", "role": "predictor"}
            ],
        },
    )
    assert table.to_dict("records") == [
        {
            "feature_set": "both",
            "feature_group": "a predictor",
            "features": 1,
            "permutation": 0.19,
            "permutation_spread": 0.1,
            "is_clear": False,
            "permutation_rank": 2,
        },
        {
            "feature_set": "both",
            "feature_group": "embeddings",
            "features": 3,
            "permutation": 0.3,
            "permutation_spread": 0.1,
            "is_clear": True,
            "permutation_rank": 1,
        },
    ]
