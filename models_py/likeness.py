"""UMAP: areas drawn in two dimensions so that similar ones lie together.

Source: McInnes, Healy and Melville (2018), UMAP, arXiv:1802.03426; umap-learn.
"""

import warnings

import numpy as np

# Up to this many areas all distances are compared; beyond, neighbours are approximate.
EXACT_AREAS = 25_000


def likeness_map(
    values: np.ndarray, neighbors: int, min_dist: float, epochs: int, seed: int
) -> np.ndarray:
    """Return places (n, 2) for (n, d) values, by cosine distance.

    Raises ValueError where there are no more areas than neighbours.
    """
    if len(values) <= neighbors:
        raise ValueError(
            f"umap_neighbors is {neighbors}, but there are only {len(values)} areas; "
            "ask for fewer with --set umap_neighbors=…"
        )
    from umap import UMAP

    known = {}
    if len(values) <= EXACT_AREAS:
        # UMAP's own neighbour search compiles for 20 s before it starts.
        known["precomputed_knn"] = nearest_neighbors(values, neighbors)
    with warnings.catch_warnings():
        # umap-learn says that a seed means one thread, and that a given neighbour
        # graph can't place new areas later: both are meant.
        warnings.filterwarnings("ignore", module="umap")
        model = UMAP(
            n_neighbors=neighbors,
            min_dist=min_dist,
            metric="cosine",
            init="random",
            n_epochs=epochs,
            random_state=seed,
            n_jobs=1,
            **known,
        )
        return model.fit_transform(values).astype(float)


def nearest_neighbors(
    values: np.ndarray, neighbors: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact neighbours (n, k) and cosine distances (n, k), itself first."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=neighbors, metric="cosine").fit(values)
    distances, indices = search.kneighbors(values)
    # Of areas alike to the last digit, any can come first; UMAP expects each itself.
    own = np.arange(len(values))
    for row in np.flatnonzero(indices[:, 0] != own):
        place = np.flatnonzero(indices[row] == row)
        swap = place[0] if len(place) else neighbors - 1
        indices[row, swap], indices[row, 0] = indices[row, 0], row
        distances[row, 0] = 0.0
    return indices, distances.astype(np.float32)
