"""embeddings.strongest_dimensions on a forest, against scikit-learn."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance


def test_the_strongest_dimension_is_that_whose_shuffling_costs_most(run_model):
    random = np.random.default_rng(3)
    target = random.integers(0, 4, 200)
    values = random.normal(size=(200, 3)) + np.outer(target, [0.1, 1.5, 0.4])
    forest = RandomForestClassifier(30, random_state=0).fit(values, target)
    falls = permutation_importance(forest, values, target, random_state=0)
    order = np.argsort(-falls.importances_mean)
    rows = [
        {"feature_set": name, "feature": f"A{place:02}_mean"}
        | {"impurity": float(forest.feature_importances_[place])}
        | {"permutation": float(falls.importances_mean[place])}
        | {"permutation_rank": rank + (name == "both")}
        for name in ("embeddings", "both")
        for rank, place in enumerate(order, start=1)
    ]
    tables = {"embeddings.forest_importances": rows}
    table = run_model("embeddings.strongest_dimensions", tables)
    assert table["dimension"].tolist() == ["A01_mean"]
    assert table["permutation"][0] == falls.importances_mean.max()
