"""The step bootstrap_labels on planted groups."""

import numpy as np
import pyarrow as pa
import pytest

from models_py.census.bootstrap_labels import bootstrap_labels


@pytest.fixture(scope="module")
def labels(cluster_inputs, planted_subgroups) -> pa.Table:
    """Give the areas' clusters by eight samples."""
    return bootstrap_labels(cluster_inputs, planted_subgroups, 8, 5, 507)


@pytest.fixture(scope="module")
def planted_subgroups(cluster_inputs, planted) -> pa.Table:
    """Give planted supergroups, each cut into two along the first variable."""
    first = cluster_inputs[cluster_inputs.column_names[1]].to_numpy()
    names = np.array(planted, dtype=object)
    for letter in set(planted):
        own = names == letter
        names[own] = np.where(first[own] > np.median(first[own]), "1", "2")
    return pa.table(
        {
            "area": cluster_inputs["area"],
            "supergroup": list(planted),
            "subgroup": [f"{a}{b}" for a, b in zip(planted, names, strict=True)],
        }
    )


def test_planted_groups_come_back_from_every_sample(labels, planted):
    rows = labels.to_pandas().query("level == 'supergroup'")
    assert rows["cluster"].tolist() == list(planted)
    for cluster, found in zip(rows["cluster"], rows["memberships"], strict=True):
        assert set(found) == {cluster}


def test_subgroups_stay_within_their_supergroup(labels):
    rows = labels.to_pandas().query("level == 'subgroup'")
    for cluster, found in zip(rows["cluster"], rows["memberships"], strict=True):
        assert {name[0] for name in found} == {cluster[0]}


def test_a_sample_draws_about_two_thirds_of_the_areas(labels):
    rows = labels.to_pandas().query("level == 'supergroup'")
    share = np.mean(rows["drawn"].tolist())
    assert 0.55 < share < 0.72


def test_the_same_seed_gives_the_same_table(labels, cluster_inputs, planted_subgroups):
    assert bootstrap_labels(cluster_inputs, planted_subgroups, 8, 5, 507).equals(labels)
