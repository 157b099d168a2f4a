"""Fewer features in place of many variables: principal components, an autoencoder.

Sources
-------
- I. T. Jolliffe (2002), Principal Component Analysis, 2nd edition, Springer.
- Y. Liu, A. Singleton and D. Arribas-Bel (2019), A Principal Component Analysis
  (PCA)-based framework for automated variable selection in geodemographic
  classification, Geo-spatial Information Science 22(4), 251-264.
- G. E. Hinton and R. R. Salakhutdinov (2006), Reducing the dimensionality of data with
  neural networks, Science 313, 504-507; scikit-learn, MLPRegressor.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from models_py.tables import AreaMatrix

# Units of the layers before and after the features.
HIDDEN_UNITS = 64


class Components(NamedTuple):
    """Principal components of d columns, the one that explains most first."""

    eigenvalues: np.ndarray
    """Variance along each component, shape (d,)."""
    vectors: np.ndarray
    """One unit vector in each row, shape (d, d), its largest entry positive."""


class Encoding(NamedTuple):
    """What an autoencoder makes of (n, d) values."""

    features: np.ndarray
    """Shape (n, f), between -1 and 1."""
    reconstructed: np.ndarray
    """Shape (n, d), in the values' units."""


def weighted_variables(
    scaled_variables: "pa.Table", variable_weighting: "pa.Table"
) -> "AreaMatrix":
    """Return the variables that cluster, each times the root of its weight: (n, d)."""
    from models_py.tables import area_matrix

    weights = variable_weighting.to_pydict()
    weight_of = dict(zip(weights["variable"], weights["weight"], strict=True))
    names = [name for name in scaled_variables.column_names if name in weight_of]
    matrix = area_matrix(scaled_variables.select(["area", *names]))
    roots = np.sqrt([weight_of[name] for name in names])
    return matrix._replace(values=matrix.values * roots)


def principal_components(values: np.ndarray) -> Components:
    """Return the components of the covariance of (n, d) values, divided by n."""
    centred = values - values.mean(axis=0)
    eigenvalues, vectors = np.linalg.eigh(centred.T @ centred / len(values))
    vectors = vectors[:, ::-1].T
    largest = np.abs(vectors).argmax(axis=1)
    signs = np.sign(vectors[np.arange(len(vectors)), largest])
    return Components(eigenvalues[::-1].clip(min=0), vectors * signs[:, np.newaxis])


def components_for(eigenvalues: np.ndarray, share: float) -> int:
    """Return how many components explain at least a share of the variance, 0 to 1."""
    explained = np.cumsum(eigenvalues) / eigenvalues.sum()
    return int(np.searchsorted(explained, share - 1e-12) + 1)


def component_scores(values: np.ndarray, share: float) -> np.ndarray:
    """Return (n, c) scores on the components that explain a share of (n, d) values."""
    components = principal_components(values)
    kept = components.vectors[: components_for(components.eigenvalues, share)]
    return (values - values.mean(axis=0)) @ kept.T


def autoencode(values: np.ndarray, features: int, seed: int) -> Encoding:
    """Press (n, d) values through a few features and restore them from these.

    The net has layers of 64, `features` and 64 units (tanh). It learns on nine tenths
    of the areas and stops where it no longer improves on the others.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor
    from threadpoolctl import threadpool_limits

    mean, scale = values.mean(axis=0), np.sqrt(values.var(axis=0).mean())
    inputs = (values - mean) / scale
    model = MLPRegressor(
        hidden_layer_sizes=(HIDDEN_UNITS, features, HIDDEN_UNITS),
        activation="tanh",
        learning_rate_init=0.002,
        alpha=1e-5,
        # Of few areas smaller batches are taken, or it would learn in few steps.
        batch_size=int(np.clip(len(values) // 25, min(16, len(values)), 200)),
        early_stopping=True,
        n_iter_no_change=15,
        random_state=seed,
    )
    # One thread: sums of two would differ in their last digits from run to run.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 200 rounds are enough
        model.fit(inputs, inputs)
        layer = inputs
        for weights, shift in list(zip(model.coefs_, model.intercepts_, strict=True))[
            :2
        ]:
            layer = np.tanh(layer @ weights + shift)
        restored = model.predict(inputs).reshape(inputs.shape)
    return Encoding(layer, restored * scale + mean)


def cluster_features_of(
    values: np.ndarray, cluster_on: str, pca_variance: float, features: int, seed: int
) -> np.ndarray:
    """Return the features (n, f) that `cluster_on` names, pca or autoencoder."""
    if cluster_on == "pca":
        return component_scores(values, pca_variance)
    return autoencode(values, features, seed).features
