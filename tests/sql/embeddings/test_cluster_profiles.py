"""embeddings.cluster_profiles on hand-made rows."""


def test_a_cluster_without_any_value_has_a_row_that_says_nothing(run_model):
    table = run_model(
        "embeddings.cluster_profiles",
        {
            "embeddings.clusters": [
                {"area": area, "cluster": cluster}
                for area, cluster in zip("abc", "AAB", strict=True)
            ],
            "embeddings.described": [
                {"area": "a", "area_name": "A", "health": 1.0},
                {"area": "b", "area_name": "B", "health": 3.0},
                {"area": "c", "area_name": "C", "health": None},
            ],
            "embeddings.cluster_profile": [
                {
                    "cluster": "A",
                    "variable": "health",
                    "kind": "socio-economic",
                    "cluster_mean": 2.0,
                    "overall_mean": 2.0,
                    "standardised_difference": 0.0,
                }
            ],
        },
    )
    assert table["cluster"].tolist() == ["A", "B"]
    assert table["cluster_mean"].isna().tolist() == [False, True]
    assert table["index_score"].isna().tolist() == [False, True]
    assert table["direction"].tolist() == ["near", "near"]
