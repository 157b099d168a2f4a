"""The census job from files to exports: on the demo, and on the real data."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

import pipeline
from models_py.methods.kmeans import fit_kmeans
from placetypes.database import connect_published
from placetypes.runner.project import load_project


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
    """Run the job on the real region up to its index scores, once."""
    output = tmp_path_factory.mktemp("real_output")
    arguments = ["--input", str(real_census), "--output", str(output)]
    tables = ["census.index_scores", "census.left_out", "census.supergroup_fit"]
    assert pipeline.main(["run", *tables, *arguments]) == 0
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
    fit = fit_kmeans(real_matrix, 5, restarts=1000, seed=507, strategy="exhaustive")
    assert sorted(np.bincount(fit.labels)) == [575, 797, 1064, 1212, 1391]
    with threadpool_limits(1):  # two threads beside a busy core take ten times as long
        expected = KMeans(5, init="random", n_init=1000, random_state=507)
        expected.fit(real_matrix)
    assert expected.inertia_ == pytest.approx(4391.4348, abs=5e-5)
    assert adjusted_rand_score(expected.labels_, fit.labels) == 1


@pytest.mark.parametrize("seed", range(10))
def test_screened_comes_as_low_as_exhaustive_on_the_real_region(
    seed, real, real_matrix
):
    fit = fit_kmeans(real_matrix, 5, restarts=1000, seed=seed, strategy="screened")
    assert fit.inertia < 4391.4348 * (1 + 5e-6)
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
