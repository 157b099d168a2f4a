"""census.supergroup_fit on hand-made rows and against NumPy."""

import numpy as np
import pytest


@pytest.fixture
def fit(run_model):
    """Give a function from positions, letters and centroids to the fit by area."""

    def run(positions, letters, centroids):
        areas = [f"E{n:03}" for n in range(len(positions))]

        def named(position):
            return {f"v{n:02}": float(value) for n, value in enumerate(position)}

        return run_model(
            "census.supergroup_fit",
            tables={
                "census.cluster_inputs": [
                    {"area": area, **named(position)}
                    for area, position in zip(areas, positions, strict=True)
                ],
                "census.supergroups": [
                    {"area": area, "supergroup": letter}
                    for area, letter in zip(areas, letters, strict=True)
                ],
                "census.supergroup_centroids": [
                    {"supergroup": letter, **named(centroid)}
                    for letter, centroid in centroids.items()
                ],
            },
        ).set_index("area")

    return run


def test_distances_and_fit_of_three_areas(fit):
    found = fit(
        positions=[(0, 0), (3, 4), (6, 8)],
        letters=["A", "A", "B"],
        centroids={"A": (0, 0), "B": (6, 8)},
    )
    assert list(found["distance_to_own"]) == [0, 5, 0]
    assert list(found["distance_to_next"]) == [10, 5, 10]
    assert list(found["next_supergroup"]) == ["B", "B", "A"]
    assert list(found["fit"]) == [1, 0, 1]  # E2 lies on the border


def test_an_area_nearer_to_another_centroid_fits_negatively(fit):
    found = fit([(4, 0)], ["A"], {"A": (0, 0), "B": (5, 0)})
    assert found.loc["E000", "fit"] == pytest.approx((1 - 4) / 4)


def test_with_one_supergroup_there_is_no_next(fit):
    found = fit([(1, 0), (0, 0)], ["A", "A"], {"A": (0.5, 0)})
    assert list(found["distance_to_own"]) == [0.5, 0.5]
    assert found[["next_supergroup", "distance_to_next", "fit"]].isna().all(axis=None)


def test_on_two_centroids_in_one_place_the_fit_is_missing(fit):
    found = fit([(1, 1)], ["A"], {"A": (1, 1), "B": (1, 1)})
    assert found.loc["E000", "distance_to_next"] == 0
    assert np.isnan(found.loc["E000", "fit"])


def test_the_formula_equals_numpys(fit):
    rng = np.random.default_rng(6)
    positions, centres = rng.random((80, 5)), rng.random((4, 5))
    numbers = rng.integers(0, 4, 80)
    found = fit(
        positions,
        np.array(list("ABCD"))[numbers],
        dict(zip("ABCD", centres, strict=True)),
    )
    distances = np.linalg.norm(positions[:, None] - centres, axis=2)
    rows = np.arange(80)
    own = distances[rows, numbers]
    distances[rows, numbers] = np.inf
    following = distances.min(axis=1)
    np.testing.assert_allclose(found["distance_to_own"], own, rtol=1e-12)
    np.testing.assert_allclose(found["distance_to_next"], following, rtol=1e-12)
    np.testing.assert_allclose(
        found["fit"], (following - own) / np.maximum(own, following), rtol=1e-9
    )
    assert list(found["next_supergroup"]) == [
        "ABCD"[n] for n in distances.argmin(axis=1)
    ]
