"""An autoencoder: areas pressed through a few features and restored from these.

Source: G. E. Hinton and R. R. Salakhutdinov (2006), Reducing the dimensionality of data
with neural networks, Science 313, 504-507; scikit-learn, MLPRegressor.
"""

import warnings
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

# Units of the layers before and after the features.
HIDDEN_UNITS = 64


class Encoding(NamedTuple):
    """What an autoencoder makes of (n, d) values."""

    features: np.ndarray
    """Shape (n, f), between -1 and 1."""
    reconstructed: np.ndarray
    """Shape (n, d), in the values' units."""


def autoencode(values: np.ndarray, features: int, seed: int) -> Encoding:
    """Press (n, d) values through a few features and restore them from these.

    The net has layers of 64, `features` and 64 units (tanh). It learns on nine tenths
    of the areas and stops where it no longer improves on the others.
    """
    # A step that rarely comes here is part of every run, and this takes a second.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

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
