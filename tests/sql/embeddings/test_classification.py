"""embeddings.classification on hand-made rows."""

import pandas as pd


def test_every_clustered_area_has_a_row_with_all_that_is_known(run_model):
    table = run_model(
        "embeddings.classification",
        {
            "embeddings.clusters": [
                {"area": "a", "cluster": "A"},
                {"area": "b", "cluster": "B"},
            ],
            "embeddings.described": [
                {"area": "a", "area_name": "Aa", "decile": 3.0},
                {"area": "b", "area_name": "Bb", "decile": None},
                {"area": "c", "area_name": "Cc", "decile": 1.0},
            ],
            "embeddings.umap": [{"area": "a", "umap_x": 1.0, "umap_y": 2.0}],
            "embeddings.mixes": [{"area": "a", "mix": 0.5}, {"area": "b", "mix": 1.0}],
            "embeddings.cluster_names": [{"cluster": "A", "name": "Healthy"}],
            "embeddings.areas": (
                "select unnest(['a', 'b', 'c']) as area, "
                "st_makeenvelope(0, 0, 1, 1) as geometry"
            ),
        },
    )
    assert table.columns.tolist() == [
        *["area", "area_name", "cluster", "cluster_name"],
        *["umap_x", "umap_y", "mix", "decile", "geometry"],
    ]
    assert table["area"].tolist() == ["a", "b"]
    assert table["area_name"].tolist() == ["Aa", "Bb"]
    assert table["cluster_name"][0] == "Healthy"
    assert pd.isna(table["decile"][1])
    assert pd.isna(table["umap_x"][1])
