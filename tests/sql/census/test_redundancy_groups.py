"""census.redundancy_groups on hand-made rows and against SciPy."""

import duckdb
import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components


@pytest.fixture
def groups(run_model):
    """Give a function from a matrix of correlations to the groups by variable."""

    def run(matrix, threshold=0.8, preferred=(), chosen=None):
        names = [f"v{n:02}" for n in range(len(matrix))]
        pairs = [
            {
                "variable": names[i],
                "partner": names[j],
                "correlation": float(matrix[i][j]),
            }
            for i in range(len(names))
            for j in range(len(names))
            if i != j
        ]
        named = [{"variable": name, "variable_name": name.upper()} for name in names]
        return run_model(
            "census.redundancy_groups",
            tables={
                "census.correlations": pairs,
                "census.variable_profile": named,
                "census.cluster_variables": [
                    row for row in named if chosen is None or row["variable"] in chosen
                ],
            },
            redundancy_threshold=threshold,
            preferred_variables=list(preferred),
        ).set_index("variable")

    return run


# 00–01–02 is a chain whose ends are hardly correlated; 03 stands alone.
CHAIN = [
    [1, 0.9, 0.3, 0.1],
    [0.9, 1, -0.85, 0.1],
    [0.3, -0.85, 1, 0.1],
    [0.1, 0.1, 0.1, 1],
]


def test_a_chain_is_one_group_whatever_the_sign(groups):
    found = groups(CHAIN)
    assert list(found["redundancy_group"]) == ["v00", "v00", "v00", "v03"]
    assert list(found["group_size"]) == [3, 3, 3, 1]


def test_the_one_most_like_its_group_is_kept(groups):
    found = groups(CHAIN)
    assert list(found["is_kept"]) == [False, True, False, True]
    assert list(found["kept_variable"]) == ["v01", "v01", "v01", "v03"]
    assert found.loc["v01", "mean_correlation"] == pytest.approx((0.9 + 0.85) / 2)
    assert np.isnan(found.loc["v03", "mean_correlation"])


def test_the_first_preferred_one_is_kept_before_others(groups):
    assert groups(CHAIN, preferred=["v02", "v00"]).loc["v01", "kept_variable"] == "v02"


def test_what_does_not_cluster_links_nothing(groups):
    found = groups(CHAIN, chosen=["v00", "v02", "v03"])
    assert list(found.index) == ["v00", "v02", "v03"]
    assert list(found["group_size"]) == [1, 1, 1]


def test_unknown_preferred_variables_are_refused(groups):
    with pytest.raises(duckdb.InvalidInputException, match="names v98, v99, which"):
        groups(CHAIN, preferred=["v99", "v00", "v98"])


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_scipys_connected_components(groups, seed):
    rng = np.random.default_rng(seed)
    half = np.triu(rng.uniform(-1, 1, (12, 12)), 1)
    matrix = half + half.T
    found = groups(matrix, threshold=0.85)
    _, labels = connected_components(np.abs(matrix) > 0.85, directed=False)
    expected = [f"v{int(np.flatnonzero(labels == label)[0]):02}" for label in labels]
    assert list(found["redundancy_group"]) == expected
