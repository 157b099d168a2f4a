"""The steps that know distance and angle: clusters, nearest_areas, metric_agreement."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import cosine_distances
from sklearn.preprocessing import normalize

from models_py.embeddings.clusters import clusters
from models_py.embeddings.metric_agreement import metric_agreement
from models_py.embeddings.nearest_areas import nearest_areas


@pytest.fixture(scope="module")
def stretched(embeddings) -> tuple[pa.Table, pa.Table]:
    """Give the planted areas, every other one half as long; and all of length 1."""
    frame = embeddings.to_pandas().set_index("area")
    frame = frame.mul(np.where(np.arange(len(frame)) % 2, 0.3, 1.0), axis=0)
    unit = frame.copy()
    unit[:] = normalize(frame)
    return tuple(
        pa.Table.from_pandas(table.reset_index(), preserve_index=False)
        for table in (frame, unit)
    )


def test_angles_find_the_groups_that_lengths_hide(stretched, planted):
    found, unit = stretched
    by_angle = clusters(unit, "cosine", 3, 20, "screened", 42)
    assert by_angle["cluster"].to_pylist() == planted.tolist()
    by_distance = clusters(found, "euclidean", 3, 20, "screened", 42)
    assert by_distance["cluster"].to_pylist() != planted.tolist()
    agreement = metric_agreement(found, by_distance, "euclidean", "screened", 42)
    assert agreement.to_pylist() == [
        {
            "other_metric": "cosine",
            "adjusted_rand": adjusted_rand_score(
                by_distance["cluster"].to_numpy(), planted
            ),
        }
    ]


def test_neighbours_by_cosine_are_scikit_learns(stretched):
    unit = stretched[1].drop_columns("area").to_pandas().to_numpy()
    table = nearest_areas(stretched[1], "cosine", 4).to_pandas()
    apart = cosine_distances(unit)
    np.fill_diagonal(apart, np.inf)
    expected = np.sort(apart, axis=1)[:, :4]
    assert table["distance"].to_numpy().reshape(80, 4) == pytest.approx(expected)
    assert table["rank"].tolist() == [1, 2, 3, 4] * 80
