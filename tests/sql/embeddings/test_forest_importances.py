"""embeddings.forest_importances on hand-made rows."""


def test_features_are_ranked_by_each_measure(run_model, forests):
    table = run_model("embeddings.forest_importances", forests).set_index("feature")
    assert table["impurity"].to_dict() == {"v": 0.4, "w": 0.6, "not shuffled": 0.0}
    assert table["impurity_rank"].to_dict() == {"v": 2, "w": 1, "not shuffled": 3}
    assert table["permutation_rank"].to_dict() == {"v": 1, "w": 2, "not shuffled": 3}
    assert table["permutation_spread"].fillna(-1).to_dict() == {
        "v": 0.1,
        "w": 0.0,
        "not shuffled": -1,
    }
    # 0.2 is no further from 0 than two spreads of 0.1.
    found = table["is_clear"].to_dict()
    assert found == {"v": False, "w": True, "not shuffled": False}
