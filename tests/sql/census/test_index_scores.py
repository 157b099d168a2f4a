"""census.index_scores against hand and pandas."""

import numpy as np
import pandas as pd
import pytest

LOOKUP = [
    {
        "variable": "v01",
        "variable_name": "No car",
        "domain": "Transport",
        "denominator": "households",
    },
    {
        "variable": "v77",
        "variable_name": "Not in the data",
        "domain": "Other",
        "denominator": None,
    },
]


@pytest.fixture(params=["supergroup", "subgroup"])
def index_scores(request, run_model):
    """Give a function from clusters, published and scaled values to a level's scores.

    On the other level all areas are one cluster, which must not matter.
    """
    other = {"supergroup": "subgroup", "subgroup": "supergroup"}[request.param]

    def run(
        clusters,
        published,
        scaled=None,
        lookup=LOOKUP,
        residents=None,
        scaling="min_max",
    ) -> pd.DataFrame:
        areas = [f"E{n:03}" for n in range(len(clusters))]
        published = pd.DataFrame(published).assign(area=areas)
        scaled = published if scaled is None else scaled.assign(area=areas)
        scores = run_model(
            "census.index_scores",
            tables={
                "census.cluster_members": [
                    {
                        "level": level,
                        "area": area,
                        "cluster": cluster,
                        "population": people,
                    }
                    for area, own, people in zip(
                        areas, clusters, residents or [10.0] * len(areas), strict=True
                    )
                    for level, cluster in ((request.param, own), (other, "Z"))
                ],
                "census.region_variables": published.to_dict("records"),
                "census.scaled_variables": scaled.to_dict("records"),
                "census.variable_lookup": lookup,
            },
            scaling=scaling,
        )
        assert set(scores.loc[scores["level"] == other, "cluster"]) == {"Z"}
        own = scores[scores["level"] == request.param]
        return own.set_index(["cluster", "variable"])

    return run


def test_a_score_is_100_times_the_clusters_mean_over_the_regions(index_scores):
    scores = index_scores(["A", "A", "B"], {"v01": [1.0, 3.0, 8.0]})
    assert scores["cluster_mean"].to_dict() == {("A", "v01"): 2, ("B", "v01"): 8}
    assert scores["overall_mean"].to_dict() == {("A", "v01"): 4, ("B", "v01"): 4}
    assert scores["index_score"].to_dict() == {("A", "v01"): 50, ("B", "v01"): 200}


def test_the_regions_mean_counts_areas_and_not_clusters(index_scores):
    scores = index_scores(["A", "A", "A", "B"], {"v01": [0.0, 0.0, 0.0, 8.0]})
    assert scores.loc[("B", "v01"), "overall_mean"] == 2


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "<80"),
        (79.9, "<80"),
        (80, "80-120"),
        (120, "80-120"),
        (120.1, "120-200"),
        (199.9, "120-200"),
        (200, ">=200"),
    ],
)
def test_bands_at_their_borders(index_scores, score, band):
    """Two areas whose mean is 1: the first's value × 100 is its score."""
    scores = index_scores(["A", "B"], {"v01": [score / 100, 2 - score / 100]})
    assert scores.loc[("A", "v01"), "index_score"] == pytest.approx(score)
    assert scores.loc[("A", "v01"), "band"] == band


def test_a_variable_that_is_0_everywhere_has_no_score(index_scores):
    scores = index_scores(["A", "B"], {"v01": [0.0, 0.0], "v02": [1.0, 3.0]})
    zeros = scores.loc[("A", "v01")]
    assert zeros["cluster_mean"] == zeros["overall_mean"] == 0
    assert zeros[["index_score", "index_score_scaled", "band"]].isna().all()
    assert scores.loc[("A", "v02"), "index_score"] == 50


def test_a_constant_scores_100_as_published_and_nothing_scaled(index_scores):
    scores = index_scores(
        ["A", "B"], {"v01": [7.0, 7.0]}, scaled=pd.DataFrame({"v01": [0.0, 0.0]})
    )
    assert list(scores["index_score"]) == [100, 100]
    assert scores["index_score_scaled"].isna().all()
    assert list(scores["band"]) == ["80-120", "80-120"]


def test_the_band_is_that_of_the_published_percentages(index_scores):
    scores = index_scores(
        ["A", "B"], {"v01": [0.5, 1.5]}, scaled=pd.DataFrame({"v01": [0.0, 1.0]})
    )
    assert scores.loc[("B", "v01"), "index_score_scaled"] == 200
    assert scores.loc[("B", "v01"), "band"] == "120-200"


def test_a_code_that_the_lookup_lacks_is_named_by_itself(index_scores):
    scores = index_scores(["A"], {"v01": [1.0], "v02": [1.0]})
    assert scores["variable_name"].to_dict() == {
        ("A", "v01"): "No car",
        ("A", "v02"): "v02",
    }
    assert scores["domain"].isna().to_dict() == {
        ("A", "v01"): False,
        ("A", "v02"): True,
    }


def test_every_cluster_has_a_row_for_every_variable_of_the_data(index_scores):
    scores = index_scores(["A", "B", "A"], {"v01": [1.0, 2, 3], "v02": [4.0, 5, 6]})
    assert list(scores.index) == [
        (cluster, variable) for cluster in "AB" for variable in ("v01", "v02")
    ]


def test_scores_equal_pandas(index_scores):
    rng = np.random.default_rng(7)
    names = [f"v{n:02}" for n in range(8)]
    published = pd.DataFrame(rng.gamma(1, 10, (300, 8)).round(2), columns=names)
    scaled = pd.DataFrame(rng.random((300, 8)), columns=names)
    clusters = rng.choice(list("ABCDE"), 300)
    scores = index_scores(clusters, published, scaled)
    for column, values in (("index_score", published), ("index_score_scaled", scaled)):
        expected = 100 * values.groupby(clusters).mean() / values.mean()
        np.testing.assert_allclose(
            scores[column].unstack(), expected, rtol=0, atol=1e-9
        )


def test_standard_errors_equal_pandas(index_scores):
    rng = np.random.default_rng(8)
    published = pd.DataFrame(rng.gamma(1, 10, (200, 3)).round(2), columns=list("abc"))
    clusters = rng.choice(list("AB"), 200)
    scores = index_scores(clusters, published)
    expected = 100 * published.groupby(clusters).sem() / published.mean()
    np.testing.assert_allclose(scores["standard_error"].unstack(), expected, rtol=1e-9)
    sizes = pd.Series(clusters).value_counts()
    assert scores["areas"].xs("a", level="variable").to_dict() == sizes.to_dict()


def test_a_band_is_clear_where_chance_would_not_have_moved_it(index_scores):
    # Means 13 and 7 of 10: scores 130 and 70; the errors of A are 1 and 6.
    values = {"v01": [12.9, 13.1, 6.9, 7.1], "v02": [12.4, 13.6, 6.4, 7.6]}
    scores = index_scores(["A", "A", "B", "B"], values)
    assert scores["standard_error"].tolist() == pytest.approx([1, 6, 1, 6])
    assert scores["is_clear"].tolist() == [True, False, True, False]


def test_a_single_area_has_no_error_and_nothing_clear(index_scores):
    scores = index_scores(["A", "B", "B"], {"v01": [9.0, 1.0, 2.0]})
    row = scores.loc[("A", "v01")]
    assert np.isnan(row["standard_error"])
    assert not row["is_clear"]


def test_weighted_scores_equal_numpy_and_skip_areas_without_a_figure(index_scores):
    values = pd.DataFrame({"v01": [1.0, 3.0, 8.0, 5.0]})
    scores = index_scores(list("AABB"), values, residents=[10.0, 30.0, 20.0, None])
    overall = np.average([1, 3, 8], weights=[10, 30, 20])
    expected = [100 * np.average([1, 3], weights=[10, 30]) / overall, 800 / overall]
    assert scores["index_score_weighted"].tolist() == pytest.approx(expected)


def test_z_scores_have_no_index_of_their_own(index_scores):
    scores = index_scores(["A", "B"], {"v01": [1.0, 3.0]}, scaling="z_score")
    assert scores["index_score_scaled"].isna().all()


def test_the_denominator_is_the_lookups(index_scores):
    scores = index_scores(["A", "B"], {"v01": [1.0, 3.0], "v02": [1.0, 2.0]})
    assert scores["denominator"].fillna("").tolist() == ["households", ""] * 2
