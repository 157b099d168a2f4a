"""The step clusters on planted groups."""

import pyarrow as pa
import pytest

from models_py.embeddings.clusters import clusters


@pytest.mark.parametrize("strategy", ["screened", "exhaustive"])
def test_planted_groups_are_found_and_lettered_by_size(strategy, embeddings, planted):
    table = clusters(embeddings, "euclidean", 3, 20, strategy, 42)
    assert table.column_names == ["area", "cluster"]
    assert table["area"].to_pylist() == embeddings["area"].to_pylist()
    assert table["cluster"].to_pylist() == planted.tolist()


def test_the_same_seed_gives_the_same_clusters(embeddings):
    first = clusters(embeddings, "euclidean", 5, 10, "screened", 7)
    assert first.equals(clusters(embeddings, "euclidean", 5, 10, "screened", 7))


def test_more_clusters_than_areas_are_refused(embeddings):
    with pytest.raises(ValueError, match="areas"):
        clusters(embeddings.slice(0, 3), "euclidean", 4, 10, "screened", 42)


def test_a_missing_value_is_refused(embeddings):
    broken = embeddings.set_column(1, "A00", pa.array([None, *[0.1] * 79]))
    with pytest.raises(ValueError, match="1 areas have no value of A00"):
        clusters(broken, "euclidean", 3, 10, "screened", 42)
