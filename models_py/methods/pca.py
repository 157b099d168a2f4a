"""Principal components: fewer features in place of many variables.

Source: I. T. Jolliffe (2002), Principal Component Analysis, 2nd edition, Springer;
Y. Liu, A. Singleton and D. Arribas-Bel (2019), A Principal Component Analysis
(PCA)-based framework for automated variable selection in geodemographic classification,
Geo-spatial Information Science 22(4), 251-264.
"""

from typing import NamedTuple

import numpy as np


class Components(NamedTuple):
    """Principal components of d columns, the one that explains most first."""

    eigenvalues: np.ndarray
    """Variance along each component, shape (d,)."""
    vectors: np.ndarray
    """One unit vector in each row, shape (d, d), its largest entry positive."""


def principal_components(values: np.ndarray) -> Components:
    """Return the components of the sample covariance of (n, d) values."""
    centred = values - values.mean(axis=0)
    covariance = centred.T @ centred / max(len(values) - 1, 1)
    eigenvalues, vectors = np.linalg.eigh(covariance)
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


def first_component(values: np.ndarray) -> np.ndarray:
    """Return each row's score (n,) on the first principal component of (n, d) values.

    The sign, which a decomposition leaves open, makes the largest loading positive.
    """
    centred = values - values.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    loadings = vectors[:, -1]
    return centred @ (loadings * np.sign(loadings[np.abs(loadings).argmax()]))
