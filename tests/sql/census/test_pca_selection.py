"""census.pca_components and census.pca_selection on hand-made rows."""

import pytest

# Two components of three variables; the third component explains nothing.
LOADINGS = [
    {"component": c, "variable": v, "eigenvalue": e, "loading": x}
    for c, e, row in [
        (1, 1.8, [0.9, 0.9, 0.4242640687]),
        (2, 1.2, [0.3, -0.3, 0.9055385138]),
        (3, 0.0, [0.0, 0.0, 0.0]),
    ]
    for v, x in zip(["v01", "v02", "v03"], row, strict=True)
]


@pytest.fixture
def components(run_model):
    def run(share: float):
        return run_model(
            "census.pca_components",
            {"census.pca_loadings": LOADINGS},
            pca_variance=share,
        ).set_index("component")

    return run


@pytest.mark.parametrize(("share", "kept"), [(0.5, 1), (0.6, 1), (0.61, 2), (1.0, 2)])
def test_as_many_components_are_kept_as_reach_the_share(components, share, kept):
    assert components(share)["is_kept"].sum() == kept


def test_shares_are_of_all_components(components):
    found = components(0.8)
    assert list(found["explained_share"]) == pytest.approx([60, 40, 0])
    assert list(found["cumulative_share"]) == pytest.approx([60, 100, 100])
    assert list(found["strongest_variable"])[:2] == ["v01", "v03"]


def test_a_contribution_is_the_share_of_the_kept_variance(run_model, components):
    rows = components(0.6).reset_index().to_dict("records")
    found = run_model(
        "census.pca_selection",
        {"census.pca_loadings": LOADINGS, "census.pca_components": rows},
    ).set_index("variable")
    assert list(found["communality"]) == pytest.approx([0.81, 0.81, 0.18])
    assert list(found["contribution"]) == pytest.approx([45, 45, 10])
    assert list(found["is_proposed"]) == [True, True, False]
    assert list(found["even_contribution"]) == pytest.approx([100 / 3] * 3)
