"""The census job from files to exports: on the demo, and on the real data."""

import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from scipy.stats import entropy
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import (
    adjusted_rand_score,
    pairwise_distances,
    silhouette_samples,
    silhouette_score,
)
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from threadpoolctl import threadpool_limits

import pipeline
from models_py.census.cluster_features import cluster_features
from models_py.methods.kmeans import fit_drawn, fit_kmeans
from models_py.methods.label_matching import matched_names
from placetypes.compare.held_against import hold_against
from placetypes.compare.other import Question
from placetypes.database import connect_published
from placetypes.runner.project import load_project
from tests.conftest import REAL, ROOT

DEPRIVATION = REAL / "embeddings" / "Socioeconomic.csv"
LSOAS = REAL / "lookups" / "oa_to_lsoa_dz_sdz_EW.csv"
OAC = REAL / "oac" / "UK_OAC_Final.parquet"
AREA_SAMPLES = 3
# Few of each: what they amount to is computed once more from the same few.
SMALL = {
    "area_samples": AREA_SAMPLES,
    "k_largest": 6,
    "k_restarts": 2,
    "bootstrap_samples": 2,
    "gap_references": 2,
    "random_regionalisations": 1,
    "outcome": DEPRIVATION,
    "outcome_area_column": "LSOA21CD",
    "outcome_columns": "IMD_decile",
    "outcome_lookup": LSOAS,
    "published": OAC,
}


@pytest.fixture(scope="module")
def demo_output(tmp_path_factory, demo) -> Path:
    """Run the whole census job on the demo, once."""
    output = tmp_path_factory.mktemp("demo_output")
    arguments = ["run", "census", "--input", str(demo), "--output", str(output)]
    region = "region=Demo City Region (synthetic)"
    assert pipeline.main([*arguments, "--set", region, "--set", "subgroups=3"]) == 0
    return output


@pytest.fixture(scope="module")
def published(demo_output) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the demo's published database."""
    with connect_published(demo_output) as connection:
        yield connection


def test_the_planted_types_of_the_demo_are_recovered(published, demo):
    planted = pd.read_csv(demo / "demo_planted_types.csv")
    inputs = published.sql("from census.cluster_inputs order by area").df()
    fit = fit_kmeans(
        inputs.drop(columns="area").to_numpy(),
        planted["planted_type"].nunique(),
        restarts=200,
        seed=507,
        strategy="screened",
    )
    types = inputs[["area"]].merge(planted, on="area")["planted_type"]
    # The types overlap on purpose; measured: 0.765.
    assert adjusted_rand_score(types, fit.labels) > 0.7


def test_every_area_of_the_region_is_classified_or_left_out(published):
    region = published.sql("select area from census.region_areas").df()["area"]
    classified = published.sql("select area from census.classification").df()["area"]
    left_out = published.sql("select area from census.left_out").df()["area"]
    assert sorted([*classified, *left_out]) == sorted(region)
    assert len(left_out) == 5


def test_scaled_values_equal_numpys(published):
    published_values = published.sql("from census.region_variables order by area").df()
    scaled = published.sql("from census.scaled_variables order by area").df()
    values = np.arcsinh(published_values.drop(columns="area").to_numpy())
    spread = values.max(axis=0) - values.min(axis=0)
    expected = (values - values.min(axis=0)) / np.where(spread == 0, 1, spread)
    assert np.abs(scaled.drop(columns="area").to_numpy() - expected).max() < 1e-12


def test_index_scores_equal_pandas(published):
    compare_index_scores_with_pandas(published)


def compare_index_scores_with_pandas(connection: duckdb.DuckDBPyConnection) -> None:
    """Compute index scores with pandas alone and compare each."""
    values = connection.sql("from census.region_variables").df().set_index("area")
    clusters = connection.sql("from census.supergroups").df().set_index("area")
    means = values.groupby(clusters["supergroup"]).mean()
    expected = (100 * means / values.mean()).stack().dropna().rename("expected")
    scores = connection.sql("from census.index_scores where level = 'supergroup'").df()
    both = scores.merge(
        expected.reset_index(),
        left_on=["cluster", "variable"],
        right_on=["supergroup", expected.index.names[1] or "level_1"],
    )
    assert len(both) == len(scores.dropna(subset="index_score"))
    assert (both["index_score"] - both["expected"]).abs().max() < 1e-9


def test_the_geopackage_opens_in_geopandas_with_its_crs(demo_output, published):
    path = demo_output / "census" / "classification.gpkg"
    assert pyogrio.list_layers(path)[0].tolist() == ["classification", "MultiPolygon"]
    areas = gpd.read_file(path, layer="classification")
    assert areas.crs == "EPSG:27700"
    assert areas.geometry.is_valid.all()
    assert "fid" not in areas.columns
    expected = published.sql(
        "select area, supergroup from census.classification order by area"
    ).df()
    pd.testing.assert_frame_equal(
        areas[["area", "supergroup"]].sort_values("area", ignore_index=True), expected
    )


def test_the_geoparquet_opens_in_geopandas_with_its_crs(demo_output):
    areas = gpd.read_parquet(demo_output / "census" / "classification.parquet")
    assert areas.crs.to_epsg() == 27700
    assert areas["supergroup"].notna().all()
    assert areas.total_bounds == pytest.approx(
        gpd.read_file(
            demo_output / "census" / "classification.gpkg", layer="classification"
        ).total_bounds
    )


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("supergroups.csv", "from census.supergroups"),
        ("subgroups.csv", "from census.subgroups"),
        (
            "index_scores.csv",
            "select * exclude level from census.index_scores "
            "where level = 'supergroup'",
        ),
        (
            "subgroup_summary.csv",
            "select parent as supergroup, cluster as subgroup, name, areas, "
            "share_of_areas, share_of_parent as share_of_supergroup, population, "
            "share_of_population, areas_with_population, areas_without_population, "
            "areas_inside, population_inside "
            "from census.cluster_summary where level = 'subgroup'",
        ),
        ("left_out.csv", "from census.left_out"),
    ],
)
def test_each_csv_equals_its_table(file, rows, demo_output, published):
    exported = pd.read_csv(demo_output / "census" / file)
    expected = published.sql(rows).df()
    expected = expected.where(expected.notna(), np.nan)
    # A CSV has four decimals.
    tolerance = {"rtol": 1e-12, "atol": 5.0001e-5}
    pd.testing.assert_frame_equal(exported, expected, check_dtype=False, **tolerance)


def test_every_table_bears_the_same_run_id(published):
    assert published.sql(
        "select count(distinct run_id) from meta.models"
    ).fetchall() == [(1,)]


def test_a_second_run_has_nothing_to_do(demo_output, demo, command):
    before = (demo_output / "placetypes.duckdb").stat().st_mtime_ns
    outcome = command(
        *["run", "census", "--input", demo, "--output", demo_output],
        *["--set", "region=Demo City Region (synthetic)", "--set", "subgroups=3"],
    )
    assert outcome.code == 0
    assert "Nothing to do" in outcome.out
    assert (demo_output / "placetypes.duckdb").stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def real_output(tmp_path_factory, real_census) -> Path:
    """Run what the numbers of the real region stand in, once."""
    output = tmp_path_factory.mktemp("real_output")
    arguments = ["--input", str(real_census), "--output", str(output)]
    tables = [
        *("index_scores", "left_out", "run_summary", "area_stability"),
        *("cluster_stability", "area_silhouettes", "k_reading", "pca_selection"),
        "external_validity",
    ]
    names = [f"census.{table}" for table in tables]
    small = [f"census.{name}={value}" for name, value in SMALL.items()]
    settings = [argument for one in small for argument in ("--set", one)]
    assert pipeline.main(["run", *names, *arguments, *settings]) == 0
    return output


@pytest.fixture(scope="module")
def real(real_output) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the real region's database."""
    with connect_published(real_output) as connection:
        yield connection


@pytest.fixture(scope="module")
def real_matrix(real) -> np.ndarray:
    """Give the real region's scaled variables, areas in order: (5039, 58)."""
    inputs = real.sql("from census.cluster_inputs order by area").df()
    return inputs.drop(columns="area").to_numpy()


def test_the_real_region_has_5039_areas_of_which_65_lie_outside(real):
    counts = real.sql(
        "select count(*), countif(not is_inside) from census.region_areas"
    ).fetchall()
    assert counts == [(5039, 65)]


def test_interior_points_choose_4974_real_areas(real_census, tmp_path, command):
    arguments = ["--input", real_census, "--output", tmp_path]
    rule = ["--set", "region_rule=interior"]
    assert command("run", "census.region_areas", *arguments, *rule).code == 0
    count = "select count(*) as areas from census.region_areas"
    assert command("sql", count, "--csv", "--output", tmp_path).out == "areas\n4974\n"


def test_two_welsh_codes_that_no_district_bears_are_reported(
    real_census, tmp_path, command
):
    arguments = ["--input", real_census, "--output", tmp_path, "--set", "region=Wales"]
    assert command("run", "census.region_districts", *arguments).code == 0
    query = "select district from census.region_districts where not has_boundary"
    printed = command("sql", query, "--csv", "--output", tmp_path).out
    assert printed == "district\nW06000007\nW06000017\n"


def test_real_index_scores_equal_pandas(real):
    compare_index_scores_with_pandas(real)


def test_exhaustive_gives_scikit_learns_partition_of_the_real_region(real_matrix):
    fit = fit_kmeans(real_matrix, 5, restarts=100, seed=507, strategy="exhaustive")
    assert sorted(np.bincount(fit.labels)) == [575, 792, 1069, 1213, 1390]
    with threadpool_limits(1):  # two threads beside a busy core take ten times as long
        expected = KMeans(5, init="random", n_init=100, random_state=507)
        expected.fit(real_matrix)
    assert fit.inertia == pytest.approx(expected.inertia_, rel=1e-12)
    assert (expected.labels_ == fit.labels).all()


# What 1,000 restarts of scikit-learn come down to, in half a minute.
LEAST_INERTIA = 4391.4348


@pytest.mark.parametrize("seed", range(10))
def test_screened_comes_as_low_as_exhaustive_on_the_real_region(
    seed, real, real_matrix
):
    fit = fit_kmeans(real_matrix, 5, restarts=1000, seed=seed, strategy="screened")
    assert fit.inertia < LEAST_INERTIA * (1 + 5e-6)
    labels = real.sql("from census.supergroups order by area").df()["supergroup"]
    assert adjusted_rand_score(labels, fit.labels) >= 0.99


def test_every_column_of_every_table_is_documented(published):
    documents = load_project().jobs["census"].tables
    columns = published.sql(
        """
        select table_name, column_name from duckdb_columns()
        where schema_name = 'census'
        """
    ).fetchall()
    undocumented = [
        f"{table}.{column}"
        for table, column in columns
        if column not in documents[table]["columns"]
        and "other_columns" not in documents[table]
    ]
    assert undocumented == []


# --- The real region's numbers, computed once more by other libraries ---------------


def test_letters_follow_size_on_both_levels(real):
    """A has the most areas, and A1 the most of A's."""
    classes = real.sql("from census.subgroups").df()
    supergroups = classes["supergroup"].value_counts().sort_index()
    assert supergroups.tolist() == [1390, 1212, 1065, 797, 575]
    for letter, own in classes.groupby("supergroup"):
        sizes = own["subgroup"].value_counts().sort_index()
        assert sizes.is_monotonic_decreasing, letter


def test_no_real_area_is_nearer_to_another_centroid(real, real_matrix):
    fit = real.sql("from census.supergroup_fit order by area").df()
    letters = real.sql("from census.supergroups order by area").df()["supergroup"]
    means = pd.DataFrame(real_matrix).groupby(letters).mean()
    distances = cdist(real_matrix, means.to_numpy())
    assert means.index[distances.argmin(axis=1)].tolist() == letters.tolist()
    own, other = np.sort(distances, axis=1)[:, :2].T
    assert fit["distance_to_own"].to_numpy() == pytest.approx(own, abs=1e-9)
    assert fit["fit"].to_numpy() == pytest.approx((other - own) / other, abs=1e-9)


def test_on_the_country_exhaustive_goes_on_where_scikit_learn_stops(real_census):
    """Its tolerance leaves 53 areas of 188,880 nearer to another centroid."""
    census = pd.read_parquet(real_census / "uk_census_data.parquet")
    values = np.arcsinh(census.select_dtypes("number").to_numpy().round(2))
    matrix = MinMaxScaler().fit_transform(values)

    def nearer_elsewhere(labels: np.ndarray) -> int:
        means = pd.DataFrame(matrix).groupby(labels).mean().to_numpy()
        # One long product in place of a million distances.
        distances = (means**2).sum(axis=1) - 2 * matrix @ means.T
        return int((distances.argmin(axis=1) != labels).sum())

    with threadpool_limits(1):
        stopped = KMeans(5, init="random", n_init=1, random_state=507).fit(matrix)
    fit = fit_kmeans(matrix, 5, restarts=1, seed=507, strategy="exhaustive")
    assert nearer_elsewhere(stopped.labels_) == 53
    assert nearer_elsewhere(fit.labels) == 0
    assert fit.inertia < stopped.inertia_


def test_errors_weights_and_clear_bands_of_real_scores_equal_pandas(real, real_census):
    values = real.sql("from census.region_variables").df().set_index("area")
    classes = real.sql("from census.subgroups").df().set_index("area").loc[values.index]
    residents = pd.read_csv(real_census / "oa_pop_data.csv", index_col="OA")["uk001001"]
    scores = real.sql("from census.index_scores").df()
    scores = scores.set_index(["level", "cluster", "variable"]).sort_index()
    weights = residents[values.index]
    weighted_mean = values.mul(weights, axis=0).sum() / weights.sum()
    for level in ("supergroup", "subgroup"):
        for cluster, own in values.groupby(classes[level]):
            found = scores.loc[(level, cluster)]
            mean, error = 100 * own.mean() / values.mean(), 100 * own.sem()
            error = (error / values.mean())[found.index]
            weighted = np.average(own, axis=0, weights=weights[own.index])
            weighted = 100 * pd.Series(weighted, own.columns) / weighted_mean
            apart = np.minimum(abs(mean - 80), abs(mean - 120))[found.index]
            assert (found["areas"] == len(own)).all()
            assert found["standard_error"].to_numpy() == pytest.approx(error, rel=1e-6)
            assert found["index_score_weighted"].to_numpy() == pytest.approx(
                weighted[found.index], rel=1e-9
            )
            assert found["is_clear"].tolist() == (apart > 2 * error).tolist()
    unclear = scores.loc["supergroup"].query("not is_clear")
    assert len(unclear) == 32


def test_residents_and_areas_inside_are_those_of_geopandas(real, real_census):
    residents = pd.read_csv(real_census / "oa_pop_data.csv", index_col="OA")["uk001001"]
    regions = pd.read_csv(ROOT / "data" / "regions.csv")
    codes = regions.loc[regions["region"] == "Liverpool City Region", "district"]
    districts = gpd.read_file(next(real_census.glob("Local_Authority_Districts*.gpkg")))
    region = districts[districts["LAD22CD"].isin(codes)].union_all()
    areas = gpd.read_file(real_census / "OA_2021_22_Boundaries.gpkg").set_index("OA")
    areas = areas[areas.intersects(region)]
    inside = areas.representative_point().within(region)
    assert (len(areas), int(inside.sum())) == (5039, 4974)
    classes = real.sql("from census.subgroups").df().set_index("area")
    summary = real.sql("from census.cluster_summary").df().set_index("cluster")
    whole = residents[classes.index].sum()
    for level in ("supergroup", "subgroup"):
        for cluster, own in classes.groupby(level):
            found, within = summary.loc[cluster], own.index[inside[own.index]]
            assert found["areas_inside"] == len(within)
            assert found["population_inside"] == residents[within].sum()
            assert found["population"] == residents[own.index].sum()
            assert found["areas_with_population"] == len(own)
            share = 100 * found["population"] / whole
            assert found["share_of_population"] == pytest.approx(share)


def test_shares_of_residents_are_of_the_areas_that_have_a_figure(real, run_model):
    """Where each hundredth of the real areas has none, that is counted beside it."""
    members = real.sql("from census.cluster_members order by level, area").df()
    codes = sorted(set(members["area"]))[::100]
    is_unknown = members["area"].isin(codes)
    members.loc[is_unknown, "population"] = np.nan
    found = run_model(
        "census.cluster_summary",
        {
            "census.cluster_members": members.to_dict("records"),
            "census.region_areas": rows_of(real, "region_areas"),
            "census.cluster_names": rows_of(real, "cluster_names"),
        },
    ).set_index(["level", "cluster"])
    assert found.loc["supergroup", "areas_without_population"].sum() == len(codes) == 51
    for (level, cluster), own in members.groupby(["level", "cluster"]):
        row, same = found.loc[(level, cluster)], members[members["level"] == level]
        assert row["population"] == own["population"].sum()
        assert row["areas_with_population"] == own["population"].count()
        assert row["areas_without_population"] == own["population"].isna().sum()
        share = 100 * own["population"].sum() / same["population"].sum()
        assert row["share_of_population"] == pytest.approx(share)


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict]:
    """Return the rows of one of the job's tables, as run_model takes them."""
    return connection.sql(f"from census.{table}").df().to_dict("records")


def test_three_variables_hold_22_per_cent_of_the_real_variance(real, real_matrix):
    variances = real_matrix.var(axis=0)
    shares = real.sql("from census.variable_weighting order by variable").df()
    columns = real.sql("from census.cluster_inputs").columns[1:]
    assert shares["variable"].tolist() == columns
    expected = 100 * variances / variances.sum()
    assert shares["variance_share"].to_numpy() == pytest.approx(expected, rel=1e-9)
    largest = shares.nlargest(3, "variance_share")
    assert largest["variable"].tolist() == ["v36", "v35", "v38"]
    assert largest["variance_share"].sum() == pytest.approx(22.5, abs=0.05)
    assert largest["is_dominant"].all()
    line = real.sql("select text from census.run_summary where topic = 'variance'")
    assert "the three largest hold 22.5 %" in line.fetchall()[0][0]


@pytest.mark.parametrize(
    ("scaling", "scaler", "three_largest"),
    [
        ("min_max", MinMaxScaler(), 22.5),
        ("z_score", StandardScaler(), 5.2),
        ("range_trimmed", MinMaxScaler(clip=True), 12.3),
    ],
)
def test_each_scaling_of_the_real_region_is_scikit_learns(
    scaling, scaler, three_largest, real, run_model
):
    published = real.sql("from census.region_variables order by area").df()
    found = run_model(
        "census.scaled_variables",
        {"census.region_variables": published.to_dict("records")},
        scaling=scaling,
    ).set_index("area")
    values = np.arcsinh(published.set_index("area"))
    learned = values
    if scaling == "range_trimmed":
        bounds = values.quantile([0.01, 0.99])
        is_flat = bounds.loc[0.01] == bounds.loc[0.99]
        bounds.loc[:, is_flat] = values.loc[:, is_flat].agg(["min", "max"]).to_numpy()
        learned = bounds
    expected = scaler.fit(learned.to_numpy()).transform(values.to_numpy())
    assert np.abs(found[values.columns].to_numpy() - expected).max() < 1e-9
    variances = np.sort(expected.var(axis=0))
    share = 100 * variances[-3:].sum() / variances.sum()
    assert share == pytest.approx(three_largest, abs=0.05)


def test_without_flats_four_of_ten_real_areas_move(real, real_matrix):
    """As census.sensitivity_labels fits and matches, beside scikit-learn."""
    columns = real.sql("from census.cluster_inputs").columns[1:]
    letters = real.sql("from census.supergroups order by area").df()["supergroup"]
    rest = np.delete(real_matrix, columns.index("v36"), axis=1)
    with threadpool_limits(1):
        expected = KMeans(5, init="random", n_init=30, random_state=1).fit(rest)
    counts = pd.crosstab(letters, expected.labels_).to_numpy()
    kept = counts[linear_sum_assignment(counts, maximize=True)].sum()
    moved = 100 * (1 - kept / len(letters))
    fit = fit_kmeans(rest, 5, restarts=50, seed=507)
    found = 100 * np.mean(matched_names(fit.labels, letters.to_numpy()) != letters)
    # The inertia hardly changes while a few areas on the borders do.
    assert fit.inertia == pytest.approx(expected.inertia_, rel=1e-5)
    assert (found, moved) == pytest.approx((39.7, 39.7), abs=0.3)


def test_principal_components_of_the_real_region_are_scikit_learns(real, real_matrix):
    """One PCA: of what is chosen from, and of what clusters under cluster_on=pca."""
    expected = PCA().fit(real_matrix)
    found = real.sql("from census.pca_components order by component").df()
    assert found["eigenvalue"].to_numpy() == pytest.approx(
        expected.explained_variance_, rel=1e-9, abs=1e-12
    )
    shares = 100 * expected.explained_variance_ratio_
    assert found["explained_share"].to_numpy() == pytest.approx(shares, abs=1e-9)
    enough = 1 + int(np.argmax(shares.cumsum() >= 80))
    assert found["is_kept"].sum() == enough == 15
    loadings = expected.components_.T * expected.explained_variance_**0.5
    communality = (loadings[:, :enough] ** 2).sum(axis=1)
    chosen = real.sql("from census.pca_selection order by variable").df()
    assert chosen["communality"].to_numpy() == pytest.approx(communality, rel=1e-6)
    features = cluster_features(
        real.sql("from census.scaled_variables order by area").to_arrow_table(),
        real.sql("from census.variable_weighting order by variable").to_arrow_table(),
        *("pca", 0.8, 8, 507),
    ).to_pandas()
    scores = expected.transform(real_matrix)[:, :enough]
    # Which way a component points is arbitrary.
    assert np.abs(features.drop(columns="area").to_numpy()) == pytest.approx(
        np.abs(scores), abs=1e-6
    )


@pytest.fixture(scope="module")
def refits(real, real_matrix) -> tuple[np.ndarray, list[float]]:
    """Give the supergroup of each area by scikit-learn's fits to ten samples.

    The inertia of each fit comes with it.
    """
    letters = real.sql("from census.supergroups order by area").df()["supergroup"]
    names, own = np.unique(letters, return_inverse=True)
    found, inertia = [], []
    for number in range(10):
        drawn = np.random.default_rng([507, number]).integers(5039, size=5039)
        with threadpool_limits(1):
            fit = KMeans(5, init="random", n_init=10, random_state=1)
            fit.fit(real_matrix[drawn])
        labels = fit.predict(real_matrix)
        counts = pd.crosstab(labels, own).to_numpy()
        _, matched = linear_sum_assignment(counts, maximize=True)
        found.append(names[matched][labels])
        inertia.append(fit.inertia_)
    return np.array(found), inertia


def test_fits_to_drawn_areas_come_as_low_as_scikit_learns(real_matrix, refits):
    """Else areas would seem to leave their supergroup where only the fit is bad."""
    for number, inertia in enumerate(refits[1]):
        drawn = np.random.default_rng([507, number]).integers(5039, size=5039)
        fit = fit_drawn(real_matrix[drawn], 5, restarts=20, seed=507)
        assert fit.inertia <= inertia * (1 + 1e-5)


def test_areas_keep_their_supergroup_as_often_as_scikit_learn_says(real, refits):
    table = real.sql("from census.area_stability order by area").df()
    kept = refits[0] == table["supergroup"].to_numpy()
    few = kept[:AREA_SAMPLES].mean(axis=0)
    assert np.abs(table["supergroup_kept"] - few).mean() < 0.01
    support = real.sql("from census.area_support where level = 1 order by area").df()
    assert np.abs(support["support"] - kept.mean(axis=0)).mean() < 0.01
    # As likely as areas of this margin: twenty bands of as many areas by fit.
    ordered = table.assign(kept=kept.mean(axis=0)).sort_values(["fit", "area"])
    for rows in np.array_split(np.arange(len(ordered)), 20):
        band = ordered.iloc[rows]
        assert band["keep_probability"].nunique() == 1
        assert band["keep_probability"].iloc[0] == pytest.approx(
            band["kept"].mean(), abs=0.02
        )
    assert ordered["keep_probability"].iloc[0] < 0.8
    assert ordered["keep_probability"].iloc[-1] == 1


def test_hennigs_jaccard_of_each_real_cluster_is_that_of_pandas(real):
    labels = real.sql("from census.bootstrap_labels").df()
    found = real.sql("from census.cluster_stability").df().set_index("cluster")
    assert len(found) == 5 + 16
    samples = []
    for _, level in labels.groupby("level"):
        memberships = np.array(level["memberships"].tolist()).T
        drawn = np.array(level["drawn"].tolist()).T
        for names, rows in zip(memberships, drawn, strict=True):
            shared = pd.crosstab(level["cluster"].to_numpy()[rows], names[rows])
            either = np.add.outer(*(shared.sum(axis=n).to_numpy() for n in (1, 0)))
            samples.append((shared / (either - shared)).max(axis=1))
    best = pd.concat(samples).groupby(level=0)
    for column, expected in {
        "jaccard": best.mean(),
        "smallest_jaccard": best.min(),
        "times_dissolved": best.agg(lambda shares: (shares <= 0.5).sum()),
    }.items():
        assert found[column].to_dict() == pytest.approx(expected.to_dict())


def test_silhouettes_of_the_real_region_are_scikit_learns(real, real_matrix):
    distances = pairwise_distances(real_matrix)
    letters = real.sql("from census.supergroups order by area").df()["supergroup"]
    expected = silhouette_samples(distances, letters, metric="precomputed")
    found = real.sql("from census.area_silhouettes order by area").df()["silhouette"]
    assert found.to_numpy() == pytest.approx(expected, abs=1e-6)
    labels = real.sql("from census.k_labels order by area").df()
    evidence = real.sql("from census.k_evidence").df().set_index("k")
    for k, silhouette in evidence["silhouette"].items():
        assert silhouette == pytest.approx(
            silhouette_score(distances, labels[f"k{k}"], metric="precomputed"), abs=1e-6
        )
    assert evidence.loc[5, "silhouette"] == pytest.approx(0.111, abs=5e-4)
    sentence = real.sql("select text from census.k_reading where line = 6").fetchall()
    assert sentence[0][0].startswith("A silhouette of 0.11 means no substantial")


def test_a_peak_of_k_is_beyond_one_error_over_samples_as_pandas_has_it(real):
    samples = real.sql("from census.k_stability").df().sort_values(["sample", "k"])
    evidence = real.sql("from census.k_evidence order by k").df().set_index("k")
    by_sample = samples.groupby("sample")["inertia"]
    samples["fall"] = 100 * (1 - samples["inertia"] / by_sample.shift())
    samples["bend"] = samples["fall"] - samples.groupby("sample")["fall"].shift(-1)
    spread = samples.groupby("k").std()
    rand_error = spread["adjusted_rand_index"] / samples["sample"].nunique() ** 0.5
    errors = {
        "silhouette": spread["silhouette"],
        "calinski_harabasz": spread["calinski_harabasz"],
        "davies_bouldin": spread["davies_bouldin"],
        "bend": spread["bend"],
        "stability": rand_error,
    }
    for measure, error in errors.items():
        found = evidence[f"{measure}_error"].dropna()
        assert found.to_numpy() == pytest.approx(error.dropna().to_numpy())
    fall = evidence["inertia_fall"]
    values = evidence.assign(
        bend=fall - fall.shift(-1), davies_bouldin=-evidence["davies_bouldin"]
    )
    peaks = sum(
        (values[name] - error > values[name].shift())
        & (values[name] - error > values[name].shift(-1))
        for name, error in errors.items()
    )
    told = real.sql("select text from census.k_reading where line = 1").fetchall()[0][0]
    named = re.findall(r"(\d+) by ", told)
    assert [int(k) for k in named] == peaks[peaks >= 2].index.tolist()


@pytest.mark.parametrize("k", [3, 6])
def test_samples_agree_with_real_clusters_as_scikit_learns_do(k, real, real_matrix):
    labels = real.sql("from census.k_labels order by area").df()[f"k{k}"]
    found = real.sql(f"from census.k_stability where k = {k} order by sample").df()
    random = np.random.default_rng(507)
    for row in found.itertuples():
        sample = real_matrix[random.integers(5039, size=5039)]
        with threadpool_limits(1):
            fit = KMeans(k, init="random", n_init=10, random_state=1).fit(sample)
        assert row.inertia <= fit.inertia_ * (1 + 1e-5)
        assert row.inertia == pytest.approx(fit.inertia_, rel=1e-4)
        agreement = adjusted_rand_score(labels, fit.predict(real_matrix))
        assert row.adjusted_rand_index == pytest.approx(agreement, abs=0.03)


def test_five_real_classes_against_the_eight_published_ones(real, real_output):
    """Homogeneity and completeness by pandas; the most a matching reaches, by trial."""
    published = pd.read_parquet(OAC)
    question = Question("census", "", str(OAC), "Geography_Code", "Supergroup")
    answer = hold_against(real_output, question, load_project().jobs)
    ours = real.sql("from census.supergroups").df().set_index("area")["supergroup"]
    theirs = published.set_index("Geography_Code")["Supergroup"][ours.index]
    counts = pd.crosstab(ours, theirs).to_numpy()
    assert answer.table.counts.tolist() == counts.tolist()
    assert counts.shape == (5, 8)
    shares = counts / counts.sum()
    mutual = (
        entropy(shares.sum(axis=0))
        + entropy(shares.sum(axis=1))
        - entropy(shares.ravel())
    )
    measures = answer.measures
    assert measures["homogeneity"] == pytest.approx(
        mutual / entropy(shares.sum(axis=0))
    )
    assert measures["completeness"] == pytest.approx(
        mutual / entropy(shares.sum(axis=1))
    )
    assert measures["homogeneity"] == pytest.approx(0.476, abs=5e-4)
    assert measures["completeness"] == pytest.approx(0.531, abs=5e-4)
    pairs = np.array(list(permutations(range(8), 5)))
    most = np.minimum.outer(shares.sum(axis=1), shares.sum(axis=0))
    ceiling = 100 * most[np.arange(5), pairs].sum(axis=1).max()
    assert measures["of which their sizes allow, %"] == pytest.approx(ceiling)
    matched = 100 * shares[np.arange(5), pairs].sum(axis=1).max()
    assert measures["areas in matching classes, %"] == pytest.approx(matched)
    assert (matched, ceiling) == pytest.approx((59.7, 89.8), abs=0.05)


def test_what_real_classes_tell_of_deprivation_is_what_pandas_says(real):
    """The Index of Multiple Deprivation's deciles, which no classification saw."""
    table = real.sql("from census.external_validity").df()
    table = table.set_index(["classification", "level"])
    outcome = pd.read_csv(DEPRIVATION, index_col="LSOA21CD")["IMD_decile"]
    lsoas = pd.read_csv(LSOAS, index_col="OA")["geography_code"]
    classes = published_and_ours(real)
    regions = real.sql("from census.random_regions").df()
    regions = regions.set_index(["classification", "level", "area"])["regions"]
    assert len(table) == len(classes) == 5
    for place, own in classes.items():
        found, measured_on = table.loc[place], lsoas[own.index]
        values = outcome[measured_on].set_axis(own.index)
        shares = eta_squared(values, own)
        drawn = pd.DataFrame(regions.loc[place].loc[own.index].tolist(), own.index)
        random = [eta_squared(values, drawn[column]) for column in drawn]
        assert found["eta_squared"] == pytest.approx(shares)
        assert found["random"] == pytest.approx(np.mean(random))
        assert found["random_most"] == pytest.approx(max(random))
        assert found["beyond_random"] == pytest.approx(shares - np.mean(random))
        assert drawn.nunique().tolist() == [own.nunique()] * len(drawn.columns)
        sizes = sorted(own.value_counts())
        assert sorted(drawn[0].value_counts()) == sizes
    assert table.loc[("ours", "supergroup"), "eta_squared"] == pytest.approx(
        0.602, abs=5e-4
    )
    assert table.loc[("published", "supergroup"), "eta_squared"] == pytest.approx(
        0.610, abs=5e-4
    )


def published_and_ours(connection: duckdb.DuckDBPyConnection) -> dict:
    """Return the class of each area, by classification and level, from their files."""
    own = connection.sql("from census.subgroups order by area").df().set_index("area")
    other = pd.read_parquet(OAC).set_index("Geography_Code").loc[own.index]
    ours = {("ours", level): own[level] for level in ("supergroup", "subgroup")}
    return ours | {("published", name.lower()): other[name] for name in other.columns}


def eta_squared(values: pd.Series, classes: pd.Series) -> float:
    """Return the share of the variance between classes, by pandas alone."""
    return values.groupby(classes).transform("mean").var() / values.var()


def test_the_interval_of_what_real_classes_tell_is_that_of_drawn_lsoas(real):
    row = real.sql(
        "from census.external_validity "
        "where classification = 'ours' and level = 'supergroup'"
    ).df()
    own = published_and_ours(real)[("ours", "supergroup")]
    measured_on = pd.read_csv(LSOAS, index_col="OA")["geography_code"][own.index]
    outcome = pd.read_csv(DEPRIVATION, index_col="LSOA21CD")["IMD_decile"]
    numbers, codes = pd.factorize(measured_on, sort=True)
    values, (classes, _) = outcome[measured_on].to_numpy(float), pd.factorize(own)
    times = np.random.default_rng(507).multinomial(
        len(codes), np.full(len(codes), 1 / len(codes)), size=1000
    )
    draws = []
    for counts in times:
        weights = counts[numbers]
        sizes = np.bincount(classes, weights)
        means = np.bincount(classes, weights * values) / sizes
        mean, total = np.average(values, weights=weights), weights.sum()
        between = (sizes * (means - mean) ** 2).sum()
        within = (weights * (values - mean) ** 2).sum()
        draws.append(between / within)
        assert sizes.sum() == total
    bias = np.mean(draws) - row["eta_squared"][0]
    low, high = np.quantile(np.array(draws) - bias, [0.025, 0.975])
    assert row["eta_squared_lower"][0] == pytest.approx(low)
    assert row["eta_squared_upper"][0] == pytest.approx(high)
    assert low < row["eta_squared"][0] < high
