"""The steps of the evidence for k, on areas with three planted groups."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

from models_py.census.k_gaps import k_gaps
from models_py.census.k_labels import k_labels
from models_py.census.k_scores import k_scores
from models_py.census.k_stability import k_stability


@pytest.fixture(scope="module")
def labels(cluster_inputs) -> pa.Table:
    return k_labels(cluster_inputs, 5, 20, "screened", 507)


def test_the_planted_groups_are_found_at_their_k(labels, planted):
    assert labels.column_names == ["area", "k1", "k2", "k3", "k4", "k5"]
    assert adjusted_rand_score(labels["k3"].to_pylist(), planted) == 1


def test_each_k_has_its_scores(cluster_inputs, labels):
    scores = k_scores(cluster_inputs, labels, 507).to_pylist()
    assert [row["k"] for row in scores] == [1, 2, 3, 4, 5]
    assert max(scores[1:], key=lambda row: row["silhouette"])["k"] == 3


def test_the_gap_first_suffices_at_the_planted_number(cluster_inputs, labels):
    gaps = k_gaps(cluster_inputs, labels, 10, 507).to_pydict()
    gap, error = np.array(gaps["gap"]), np.array(gaps["gap_error"])
    assert gaps["k"] == [1, 2, 3, 4, 5]
    suffices = gap[:-1] >= gap[1:] - error[1:]
    assert gaps["k"][int(suffices.argmax())] == 3


def test_the_gaps_error_grows_by_the_references_number(cluster_inputs, labels):
    """The error is sd · √(1 + 1/B), so of two references the factor is √1.5."""
    from models_py.methods.gap_statistic import reference_log_inertias
    from models_py.tables import area_matrix

    values = area_matrix(cluster_inputs).values
    spread = reference_log_inertias(values, 5, 2, 5, 507)[2].spread
    gaps = k_gaps(cluster_inputs, labels, 2, 507).to_pylist()
    assert gaps[1]["gap_error"] == pytest.approx(spread * 1.5**0.5)


def test_stability_has_a_row_for_each_sample_and_falls_beyond_the_planted_number(
    cluster_inputs, labels
):
    found = k_stability(cluster_inputs, labels, 6, 507).to_pandas()
    means = found.groupby("k")["adjusted_rand_index"].mean()
    assert found.groupby("k").size().tolist() == [6, 6, 6, 6]
    assert means[3] == 1
    assert means[4] < 0.9
