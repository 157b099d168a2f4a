"""How far clusters by distance and by angle agree."""

import numpy as np
import pyarrow as pa
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from models_py.embeddings.clusters import fit_by_metric
from models_py.tables import area_matrix

# Of the other metric one wants to know how much changes, not the very best fit.
RESTARTS = 100


def metric_agreement(
    embeddings: pa.Table,
    clusters: pa.Table,
    embedding_metric: str,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: the other metric, and how far its clusters are those of this one."""
    values = area_matrix(embeddings).values
    labels = clusters["cluster"].to_numpy()
    other = "euclidean" if embedding_metric == "cosine" else "cosine"
    if other == "cosine":
        values = normalize(values)
    asked = min(len(np.unique(labels)), len(np.unique(values, axis=0)))

    fit = fit_by_metric(values, other, asked, RESTARTS, restart_strategy, seed)

    agreement = float(adjusted_rand_score(labels, fit.labels))
    return pa.table({"other_metric": [other], "adjusted_rand": [agreement]})
