"""The steps of the evidence for variables, on areas with three planted groups."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score

from models_py.census.autoencoder_errors import autoencoder_errors
from models_py.census.cluster_features import cluster_features
from models_py.census.pca_loadings import pca_loadings
from models_py.census.selection_scores import selection_scores
from models_py.census.sensitivity_labels import sensitivity_labels
from models_py.census.variable_sensitivity import variable_sensitivity
from models_py.methods.label_matching import matched_names


@pytest.fixture(scope="module")
def weighting() -> pa.Table:
    return pa.table({"variable": ["v00", "v01", "v02", "v03"], "weight": [1.0] * 4})


def test_loadings_are_those_of_the_components_that_cluster(
    cluster_inputs, weighting, values
):
    found = pca_loadings(cluster_inputs, weighting).to_pandas()
    model = PCA().fit(values)
    matrix = found.pivot(index="component", columns="variable", values="loading")
    # scikit-learn divides variances by n - 1.
    eigenvalues = model.explained_variance_
    expected = model.components_ * np.sqrt(eigenvalues)[:, np.newaxis]
    assert np.abs(matrix.to_numpy()) == pytest.approx(np.abs(expected), abs=1e-9)
    assert found.groupby("component")["eigenvalue"].first().tolist() == pytest.approx(
        eigenvalues.tolist()
    )


def test_tables_and_features_keep_the_same_number_of_components(
    cluster_inputs, weighting
):
    for share in (0.3, 0.6, 0.9, 0.999):
        found = pca_loadings(cluster_inputs, weighting).to_pandas()
        eigenvalues = found.groupby("component")["eigenvalue"].first()
        before = (eigenvalues.cumsum() - eigenvalues) / eigenvalues.sum()
        features = cluster_features(cluster_inputs, weighting, "pca", share, 2, 507)
        assert features.num_columns - 1 == (before < share - 1e-9).sum()


def test_no_features_where_the_variables_cluster(cluster_inputs, weighting):
    found = cluster_features(cluster_inputs, weighting, "variables", 0.8, 2, 507)
    assert found.column_names == ["area"]
    assert len(found) == 0


def test_features_are_components_or_what_the_autoencoder_makes(
    cluster_inputs, weighting, values, planted
):
    pca = cluster_features(cluster_inputs, weighting, "pca", 0.9, 2, 507)
    expected = PCA(0.9, svd_solver="full").fit_transform(values)
    assert np.abs(pca["feature_01"].to_numpy()) == pytest.approx(np.abs(expected[:, 0]))
    coded = cluster_features(cluster_inputs, weighting, "autoencoder", 0.9, 2, 507)
    assert coded.column_names == ["area", "feature_01", "feature_02"]
    assert len(coded) == len(planted)


def test_errors_beside_those_of_scikit_learns_components(
    cluster_inputs, weighting, values
):
    found = autoencoder_errors(cluster_inputs, weighting, 2, 507).to_pandas()
    model = PCA(2).fit(values)
    lost = values - model.inverse_transform(model.transform(values))
    expected = (lost**2).mean(0) / values.var(0)
    assert found["lost_share_pca"].to_numpy() == pytest.approx(expected)
    assert (found["lost_share"] >= 0).all()


def test_matched_clusters_take_the_names_they_share_most_areas_with():
    names = np.array(list("AAABBBCC"))
    labels = np.array([2, 2, 2, 0, 0, 1, 1, 1])
    assert "".join(matched_names(labels, names)) == "AAABBCCC"


@pytest.fixture(scope="module")
def sensitivity(cluster_inputs, planted_supergroups):
    """Give the areas' letters without each variable and what changes."""
    labels = sensitivity_labels(cluster_inputs, planted_supergroups, 20, 507)
    table = variable_sensitivity(cluster_inputs, planted_supergroups, labels)
    return labels, table.to_pandas().set_index("variable")


def test_where_three_variables_suffice_no_area_moves(sensitivity):
    labels, table = sensitivity
    assert labels.column_names == ["area", "v00", "v01", "v02", "v03"]
    assert list(table["areas_moved"]) == [0, 0, 0, 0]
    assert list(table["adjusted_rand_index"]) == [1, 1, 1, 1]
    assert table["inertia_change"].to_numpy() == pytest.approx([0] * 4, abs=1e-9)


def test_the_separated_share_is_that_between_the_groups(sensitivity, values, planted):
    _, table = sensitivity
    means = {letter: values[planted == letter].mean(0) for letter in "ABC"}
    between = np.array([means[letter] for letter in planted]).var(0)
    expected = between / values.var(0)
    assert table["separated_share"].to_numpy() == pytest.approx(expected)
    assert table["separated_share"].idxmin() == "v03"  # planted to differ least


def test_a_variable_that_alone_parts_two_groups_moves_areas():
    """v1 alone tells B from C, which hold 10 areas each."""
    rng = np.random.default_rng(1)
    places = np.repeat([[0, 0.0], [3, 0], [3, 3]], [20, 10, 10], axis=0)
    values = places + rng.normal(0, 0.1, places.shape)
    areas = [f"E{n:02}" for n in range(40)]
    inputs = pa.table({"area": areas, "v0": values[:, 0], "v1": values[:, 1]})
    letters = np.repeat(list("ABC"), [20, 10, 10])
    groups = pa.table({"area": areas, "supergroup": letters})
    labels = sensitivity_labels(inputs, groups, 20, 1)
    table = variable_sensitivity(inputs, groups, labels).to_pylist()
    assert table[1]["areas_moved"] > 5
    assert table[1]["inertia_after"] < table[1]["inertia_before"]
    assert table[1]["adjusted_rand_index"] == pytest.approx(
        adjusted_rand_score(letters, labels["v1"].to_pylist())
    )


def test_of_one_variable_none_can_be_left_out(planted_supergroups):
    one = pa.table({"area": planted_supergroups["area"], "v00": np.arange(80.0)})
    with pytest.raises(ValueError, match="one variable alone"):
        sensitivity_labels(one, planted_supergroups, 5, 1)


def test_choices_of_inputs_are_scored_in_the_space_of_all_variables(
    cluster_inputs, weighting, values, planted
):
    names = ["v00", "v01", "v02", "v03"]
    kept = pa.table({"variable": names, "is_kept": [True, True, True, False]})
    proposed = pa.table({"variable": names, "is_proposed": [True, True, False, False]})
    found = selection_scores(
        cluster_inputs, weighting, kept, proposed, 3, 0.9, 2, 20, 507
    ).to_pylist()
    assert [row["inputs"] for row in found] == [4, 3, 2, 2, 2]
    first = found[0]
    groups = [values[planted == letter] for letter in "ABC"]
    within = sum(((group - group.mean(0)) ** 2).sum() for group in groups)
    total = ((values - values.mean(0)) ** 2).sum()
    assert first["explained_share"] == pytest.approx(100 * (1 - within / total))
    assert first["silhouette"] == pytest.approx(silhouette_score(values, planted))
    assert first["smallest_share"] == pytest.approx(100 * 15 / 80)
    assert [row["adjusted_rand_index"] for row in found[:2]] == [1, 1]
