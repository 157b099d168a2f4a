"""embeddings.cluster_centroids on hand-made rows."""


def test_a_centroid_is_the_mean_of_its_clusters_areas(run_model):
    table = run_model(
        "embeddings.cluster_centroids",
        {
            "embeddings.cluster_inputs": [
                {"area": "a", "A00": 0.0, "A01": 1.0},
                {"area": "b", "A00": 1.0, "A01": 3.0},
                {"area": "c", "A00": 5.0, "A01": 5.0},
            ],
            "embeddings.clusters": [
                {"area": "a", "cluster": "A"},
                {"area": "b", "cluster": "A"},
                {"area": "c", "cluster": "B"},
            ],
        },
    )
    assert table.values.tolist() == [["A", 0.5, 2.0], ["B", 5.0, 5.0]]
