"""The steps clustergram_labels and clustergram_scores on planted groups."""

import numpy as np
import pytest

from models_py.embeddings.clustergram_labels import clustergram_labels
from models_py.embeddings.clustergram_scores import clustergram_scores


@pytest.fixture(scope="module")
def labels(embeddings):
    """Give the labels for k = 1 to 4."""
    return clustergram_labels(embeddings, 4, 10, "screened", 42)


def test_each_k_has_a_column_and_as_many_clusters(labels):
    assert labels.column_names == ["area", "first_component", "k1", "k2", "k3", "k4"]
    for k in range(1, 5):
        assert len(np.unique(labels[f"k{k}"].to_numpy())) == k


def test_the_planted_k_scores_best(labels, embeddings):
    scores = clustergram_scores(embeddings, labels, 42).to_pandas().set_index("k")
    assert scores["silhouette"].idxmax() == 3
    assert scores["inertia"].is_monotonic_decreasing
