"""The clusters that each choice of variables or features gives, held against all."""

import numpy as np
import pyarrow as pa
from sklearn.metrics import adjusted_rand_score

from models_py.methods.autoencoder import autoencode
from models_py.methods.cluster_validity import inertia, silhouettes
from models_py.methods.kmeans import fit_kmeans
from models_py.methods.pca import component_scores
from models_py.tables import weighted_variables


def selection_scores(
    scaled_variables: pa.Table,
    variable_weighting: pa.Table,
    redundancy_groups: pa.Table,
    pca_selection: pa.Table,
    clusters: int,
    pca_variance: float,
    autoencoder_features: int,
    sensitivity_restarts: int,
    seed: int,
) -> pa.Table:
    """One row: one choice of inputs and the quality of the clusters it gives."""
    _, variables, values = weighted_variables(scaled_variables, variable_weighting)

    choices = {
        "all variables": values,
        "variables without redundant ones": values[
            :, flagged(redundancy_groups, "is_kept", variables)
        ],
        "variables that PCA proposes": values[
            :, flagged(pca_selection, "is_proposed", variables)
        ],
        "principal components": component_scores(values, pca_variance),
        "autoencoder features": autoencode(values, autoencoder_features, seed).features,
    }
    options = {"restarts": sensitivity_restarts, "seed": seed}
    labels = {
        choice: fit_kmeans(inputs, clusters, **options).labels
        for choice, inputs in choices.items()
    }
    total = inertia(values, np.zeros(len(values)))
    defined = labels if 1 < clusters < len(values) else {}
    silhouette = silhouettes(values, defined, seed)

    return pa.Table.from_pylist(
        [
            {
                "place": place,
                "choice": choice,
                "inputs": choices[choice].shape[1],
                "explained_share": 100 * (1 - inertia(values, found) / total),
                "silhouette": silhouette.get(choice),
                "adjusted_rand_index": float(
                    adjusted_rand_score(labels["all variables"], found)
                ),
                "smallest_share": 100 * np.bincount(found).min() / len(found),
            }
            for place, (choice, found) in enumerate(labels.items(), start=1)
        ]
    )


def flagged(table: pa.Table, flag: str, variables: list[str]) -> list[int]:
    """Return the places among `variables` (d,) of those that a table flags."""
    rows = table.to_pydict()
    chosen = {
        v
        for v, is_flagged in zip(rows["variable"], rows[flag], strict=True)
        if is_flagged
    }
    return [place for place, variable in enumerate(variables) if variable in chosen]
