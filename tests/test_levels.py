"""Hierarchies of any depth, from the command line to the exports."""

import io
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from placetypes.database import PUBLISHED, connect_published
from placetypes.report.job_page import job_page
from placetypes.runner.project import load_project

# Small numbers: the city has 40 areas.
SMALL = [
    *["--set", "region=West", "--set", "restarts=5"],
    *["--set", "clustergram_clusters=3", "--set", "clustergram_restarts=5"],
    *["--set", "subgroup_clustergram_restarts=5", "--set", "umap_epochs=5"],
    *["--set", "census.umap_neighbors=5"],
]


@pytest.fixture
def run(small_city, tmp_path, command):
    """Give a function that runs the census job on the small city."""

    def with_settings(*settings: str, output: Path = tmp_path / "outputs"):
        pairs = [part for setting in settings for part in ("--set", setting)]
        return command(
            *["run", "census", "--input", small_city, "--output", output],
            *[*SMALL, *pairs],
        )

    return with_settings


@pytest.fixture
def ask(tmp_path, command):
    """Give a function that asks the published tables."""

    def query(sql: str, output: Path = tmp_path / "outputs") -> pd.DataFrame:
        printed = command("sql", sql, "--csv", "--output", output)
        assert printed.code == 0, printed.err
        return pd.read_csv(io.StringIO(printed.out))

    return query


CLUSTERS = "select * from census.hierarchy_clusters order by level, cluster"


def test_a_number_a_list_and_a_mapping_make_four_levels(run, ask, tmp_path):
    outcome = run("levels=[2, [2, 3], {A1 = 3, other = 2}, 2]")
    assert outcome.code == 0, outcome.err
    clusters = ask(CLUSTERS)
    codes = clusters.groupby("level")["cluster"].agg(list)
    assert codes[1] == ["A", "B"]
    assert codes[2] == ["A1", "A2", "B1", "B2", "B3"]
    assert [code for code in codes[3] if code.startswith("A1")] == ["A1a", "A1b", "A1c"]
    assert clusters["level"].max() == 4
    sizes = clusters.groupby("level")["areas"].sum()
    assert sizes.to_dict() == {1: 40, 2: 40, 3: 40, 4: 40}

    folder = tmp_path / "outputs" / "census"
    exported = pd.read_csv(folder / "hierarchy.csv")
    areas = gpd.read_file(folder / "classification.gpkg", layer="classification").merge(
        exported, on="area"
    )
    assert len(areas) == 40
    assert (areas["deepest_cluster_x"] == areas["level_4"]).all()
    assert (areas["supergroup"] == areas["level_1"]).all()
    assert (areas["subgroup"] == areas["level_2"]).all()


def test_what_is_too_small_to_split_stays_whole_and_the_run_says_so(run, ask):
    outcome = run("levels=[2, 3, 12]")
    assert outcome.code == 0, outcome.err
    clusters = ask(CLUSTERS)
    whole = clusters[clusters["stays_whole"]]
    assert len(whole) > 0
    assert (whole["clusters_made"] == 1).all()
    # By other means: 40 areas in 6 subgroups, of which those below 12 can't be split.
    second = clusters[clusters["level"] == 2]
    assert set(whole["cluster"]) == set(second.loc[second["areas"] < 12, "cluster"])
    children = clusters.set_index("cluster")["areas"]
    for _, row in whole.iterrows():
        assert children[row["cluster"] + "a"] == row["areas"]
        assert row["why_whole"].endswith(", too few for 12 clusters")
        assert row["why_whole"].startswith(f"{row['areas']} area")
    said = next(line for line in outcome.out.splitlines() if "stays whole" in line)
    assert f"{len(whole)} of level 2: " in said
    assert ask("select count(*) as n from census.classification")["n"][0] == 40


def test_a_supergroup_too_small_for_its_subgroups_no_longer_stops_the_run(run, ask):
    outcome = run("clusters=2", "subgroups={A = 2, B = 2}", "smallest_split=40")
    assert outcome.code == 0, outcome.err
    assert ask("select distinct subgroup from census.subgroups order by 1")[
        "subgroup"
    ].tolist() == ["A1", "B1"]
    assert "areas, fewer than smallest_split = 40" in outcome.out


def test_one_level_is_supergroups_alone_and_the_page_shows_them(run, ask, tmp_path):
    outcome = run("levels=[3]")
    assert outcome.code == 0, outcome.err
    assert "3 clusters on one level" in outcome.out
    assert "stays whole" not in outcome.out
    assert ask(CLUSTERS)["cluster"].tolist() == ["A", "B", "C"]
    with connect_published(tmp_path / "outputs") as connection:
        page = job_page(connection, load_project().jobs["census"], "workshop", [])
    assert page["layer"]["categories"]["supergroup"]["labels"] == ["A", "B", "C"]


def test_levels_give_what_clusters_and_subgroups_give(run, ask, tmp_path):
    by_levels, by_name = tmp_path / "levels", tmp_path / "name"
    assert run("levels=[3, 2]", output=by_levels).code == 0
    assert run("clusters=3", "subgroups=2", output=by_name).code == 0
    for table in ("classification", "hierarchy_clusters", "index_scores"):
        query = f"select * exclude geometry from census.{table} order by all"
        query = (
            query
            if table == "classification"
            else query.replace(" exclude geometry", "")
        )
        pd.testing.assert_frame_equal(ask(query, by_levels), ask(query, by_name))


def test_one_thread_gives_what_two_give(run, ask, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("levels=[2, 2, 3]", "threads=1", output=one).code == 0
    assert run("levels=[2, 2, 3]", "threads=2", output=two).code == 0
    query = "from census.hierarchy order by area"
    pd.testing.assert_frame_equal(ask(query, one), ask(query, two))


def test_one_table_at_a_time_gives_what_two_give_to_the_last_digit(run, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("levels=[2, 2, 3]", "lanes=1", output=one).code == 0
    assert run("levels=[2, 2, 3]", "lanes=2", output=two).code == 0
    with connect_published(one) as connection:
        connection.execute(f"attach '{two / PUBLISHED}' as other (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() "
            "where schema_name = 'census' and database_name = 'other'"
        ).fetchall()
        assert len(tables) > 60
        for (table,) in tables:
            differing = connection.execute(
                f"from census.{table} except all from other.census.{table}"
            ).fetchall()
            assert (table, differing) == (table, [])


def test_another_third_level_fits_no_supergroups_again(run):
    assert run("levels=[2, 2, 2]").code == 0
    outcome = run("levels=[2, 2, 3]")
    assert "census.hierarchy " in outcome.err
    for table in ("supergroups", "subgroups", "umap", "index_scores"):
        assert f"census.{table} " not in outcome.err


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            ["levels=[2, [3, 3, 3]]"],
            "census.subgroups (census.levels) lists 3 numbers, but census.clusters "
            "(census.levels) is 2; give one for each, or one number for all.",
        ),
        (
            ["levels=[2, 2, {A1 = 2}]"],
            "census.hierarchy: entry 3 of levels gives no number for A2, B1, B2; "
            "name them, or add other = … for all that aren't named",
        ),
        (
            ["levels=[2, 2, {C1 = 2, other = 2}]"],
            "census.hierarchy: entry 3 of levels names C1, but the clusters of level 2 "
            "are A1, A2, B1, B2",
        ),
        (
            ["levels=[2, 2]", "clusters=3"],
            "--set census.clusters says 3, but census.levels (--set) says 2. Leave one "
            "of them out: --set census.levels=[] leaves it to census.clusters.",
        ),
        (
            ["levels=8"],
            "--set levels=8: census.levels can't be 8; it takes a list with, for each "
            "level, a whole number, a list of them, or a mapping such as "
            "{A = 2, other = 3}, at least 1, at most 100.",
        ),
    ],
)
def test_levels_that_do_not_fit_are_refused_in_a_sentence(run, settings, sentence):
    outcome = run(*settings)
    assert outcome.code == 1
    assert outcome.err.strip().endswith(f"error: {sentence}")
