"""Features that cluster in place of the variables, where cluster_on asks for them."""

import pyarrow as pa

from models_py.methods.autoencoder import autoencode
from models_py.methods.pca import component_scores
from models_py.tables import weighted_variables


def cluster_features(
    scaled_variables: pa.Table,
    variable_weighting: pa.Table,
    cluster_on: str,
    pca_variance: float,
    autoencoder_features: int,
    seed: int,
) -> pa.Table:
    """One row: one area and its features; none where the variables cluster."""
    if cluster_on == "variables":
        return scaled_variables.select(["area"]).slice(0, 0)

    areas, _, values = weighted_variables(scaled_variables, variable_weighting)

    if cluster_on == "pca":
        features = component_scores(values, pca_variance)
    else:
        features = autoencode(values, autoencoder_features, seed).features

    columns = {f"feature_{n:02}": column for n, column in enumerate(features.T, 1)}
    return pa.table({"area": areas, **columns})
