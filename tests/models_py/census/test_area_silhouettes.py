"""The step area_silhouettes, against scikit-learn."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import silhouette_samples

from models_py.census.area_silhouettes import area_silhouettes
from models_py.methods import cluster_validity


def test_silhouettes_are_scikit_learns(cluster_inputs, planted_supergroups, values):
    found = area_silhouettes(cluster_inputs, planted_supergroups, 507)
    labels = planted_supergroups["supergroup"].to_pylist()
    expected = silhouette_samples(values, labels)
    assert found["silhouette"].to_pylist() == pytest.approx(expected.tolist())


def test_of_many_areas_a_sample_stands_for_all(
    cluster_inputs, planted_supergroups, values, monkeypatch
):
    full = area_silhouettes(cluster_inputs, planted_supergroups, 507)["silhouette"]
    monkeypatch.setattr(cluster_validity, "SILHOUETTE_AREAS", len(values) // 2)
    found = area_silhouettes(cluster_inputs, planted_supergroups, 507)["silhouette"]
    assert len(found) == len(values)
    assert np.corrcoef(found, full)[0, 1] > 0.9


def test_one_cluster_is_refused(cluster_inputs):
    one = pa.table(
        {"area": cluster_inputs["area"], "supergroup": ["A"] * len(cluster_inputs)}
    )
    with pytest.raises(ValueError, match="all areas are in one cluster"):
        area_silhouettes(cluster_inputs, one, 507)
