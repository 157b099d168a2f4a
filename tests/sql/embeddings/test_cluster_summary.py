"""embeddings.cluster_summary on hand-made rows."""

import pandas as pd


def test_areas_shares_and_mean_target_of_each_cluster(run_model):
    table = run_model(
        "embeddings.cluster_summary",
        {
            "embeddings.clusters": [
                {"area": area, "cluster": cluster}
                for area, cluster in zip("abcd", "AAAB", strict=True)
            ],
            "embeddings.joined": [
                {"area": "a", "decile": 1.0},
                {"area": "b", "decile": 4.0},
                {"area": "c", "decile": None},
                {"area": "d", "decile": None},
            ],
            "embeddings.cluster_names": [{"cluster": "A", "name": "Healthy"}],
        },
        target="decile",
    ).set_index("cluster")
    assert table["name"].dropna().to_dict() == {"A": "Healthy"}
    assert table["areas"].tolist() == [3, 1]
    assert table["share_of_areas"].tolist() == [75, 25]
    assert table.loc["A", "target_mean"] == 2.5
    assert pd.isna(table.loc["B", "target_mean"])
    assert table["areas_without_target"].tolist() == [1, 1]
