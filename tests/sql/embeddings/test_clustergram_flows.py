"""embeddings.clustergram_flows on hand-made rows."""


def test_flows_count_the_areas_in_both_clusters(run_model):
    flows = run_model(
        "embeddings.clustergram_flows",
        tables={
            "embeddings.clustergram_labels": [
                {"area": "E1", "first_component": 0.0, "k1": 0, "k2": 0, "k3": 0},
                {"area": "E2", "first_component": 0.1, "k1": 0, "k2": 0, "k3": 2},
                {"area": "E3", "first_component": 0.2, "k1": 0, "k2": 1, "k3": 1},
                {"area": "E4", "first_component": 0.3, "k1": 0, "k2": 0, "k3": 0},
            ]
        },
    )
    columns = ["k", "cluster", "next_cluster", "areas"]
    assert flows[columns].values.tolist() == [
        [1, 0, 0, 3],
        [1, 0, 1, 1],
        [2, 0, 0, 2],
        [2, 0, 2, 1],
        [2, 1, 1, 1],
    ]
    assert flows.groupby("k")["areas"].sum().to_dict() == {1: 4, 2: 4}


def test_9_flows_into_10(run_model):
    row = {"area": "E1", "first_component": 0.0}
    flows = run_model(
        "embeddings.clustergram_flows",
        tables={"embeddings.clustergram_labels": [row | {"k9": 4, "k10": 7, "k2": 1}]},
    )
    assert flows.values.tolist() == [[9, 4, 7, 1]]
