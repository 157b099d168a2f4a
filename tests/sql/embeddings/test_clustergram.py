"""embeddings.clustergram on hand-made rows."""

import numpy as np

LABELS = [
    {"area": "E1", "first_component": -1.0, "k1": 0, "k2": 0},
    {"area": "E2", "first_component": -0.5, "k1": 0, "k2": 0},
    {"area": "E3", "first_component": 1.5, "k1": 0, "k2": 1},
]
SCORES = [
    {"k": 1, "inertia": 3.5, "silhouette": None},
    {"k": 2, "inertia": 0.125, "silhouette": 0.6},
]


def test_each_cluster_has_its_size_and_component_mean(run_model):
    found = run_model(
        "embeddings.clustergram",
        tables={
            "embeddings.clustergram_labels": LABELS,
            "embeddings.clustergram_scores": SCORES,
        },
    )
    columns = ["k", "cluster", "areas", "component_mean"]
    assert found[columns].values.tolist() == [
        [1, 0, 3, 0],
        [2, 0, 2, -0.75],
        [2, 1, 1, 1.5],
    ]


def test_sizes_add_to_all_areas_for_every_k(run_model):
    found = run_model(
        "embeddings.clustergram",
        tables={
            "embeddings.clustergram_labels": LABELS,
            "embeddings.clustergram_scores": SCORES,
        },
    )
    assert found.groupby("k")["areas"].sum().to_dict() == {1: 3, 2: 3}


def test_each_row_bears_the_scores_of_its_k(run_model):
    found = run_model(
        "embeddings.clustergram",
        tables={
            "embeddings.clustergram_labels": LABELS,
            "embeddings.clustergram_scores": SCORES,
        },
    )
    assert list(found["inertia"]) == [3.5, 0.125, 0.125]
    assert np.isnan(found.loc[0, "silhouette"])


def test_k_is_a_number_so_that_10_follows_9(run_model):
    row = {"area": "E1", "first_component": 0.0}
    found = run_model(
        "embeddings.clustergram",
        tables={
            "embeddings.clustergram_labels": [row | {f"k{k}": 0 for k in range(1, 11)}],
            "embeddings.clustergram_scores": [
                {"k": k, "inertia": 0.0} for k in range(1, 11)
            ],
        },
    )
    assert list(found["k"]) == list(range(1, 11))
