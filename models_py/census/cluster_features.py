"""Features that cluster in place of the variables, where cluster_on asks for them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def cluster_features(
    scaled_variables: "pa.Table",
    variable_weighting: "pa.Table",
    cluster_on: str,
    pca_variance: float,
    autoencoder_features: int,
    seed: int,
) -> "pa.Table":
    """One row: one area and its features; none where the variables cluster."""
    import pyarrow as pa

    if cluster_on == "variables":
        return scaled_variables.select(["area"]).slice(0, 0)

    from models_py.features import cluster_features_of, weighted_variables

    areas, _, values = weighted_variables(scaled_variables, variable_weighting)

    features = cluster_features_of(
        values, cluster_on, pca_variance, autoencoder_features, seed
    )

    columns = {f"feature_{n:02}": column for n, column in enumerate(features.T, 1)}
    return pa.table({"area": areas, **columns})
