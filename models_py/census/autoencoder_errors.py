"""What a few features lose of each variable: an autoencoder's beside components'."""

import numpy as np
import pyarrow as pa

from models_py.methods.autoencoder import autoencode
from models_py.methods.pca import principal_components
from models_py.tables import weighted_variables


def autoencoder_errors(
    scaled_variables: pa.Table,
    variable_weighting: pa.Table,
    autoencoder_features: int,
    seed: int,
) -> pa.Table:
    """One row: one variable and how much of it an autoencoder's features lose."""
    _, variables, values = weighted_variables(scaled_variables, variable_weighting)

    restored = autoencode(values, autoencoder_features, seed).reconstructed
    axes = principal_components(values).vectors[:autoencoder_features]
    centred = values - values.mean(axis=0)
    variance = values.var(axis=0)

    return pa.table(
        {
            "variable": variables,
            "lost_share": np.square(restored - values).mean(axis=0) / variance,
            "lost_share_pca": np.square(centred - centred @ axes.T @ axes).mean(axis=0)
            / variance,
        }
    )
