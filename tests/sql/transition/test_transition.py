"""Two times of one model: pairs, the matrix and what moved an area, beside NumPy."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from placetypes.runner.build import set_variable
from tests.conftest import enter

RNG = np.random.default_rng(17)
CENTROIDS = RNG.random((3, 6))
VARIABLES = [f"v{n:02}" for n in range(6)]


def placed(positions, areas=None):
    """Return placements of positions (n, 6), each in the class nearest to it."""
    distances = np.linalg.norm(positions[:, None] - CENTROIDS, axis=2)
    return pd.DataFrame(
        {
            "area": areas or [f"E{n:02}" for n in range(len(positions))],
            "classes": [["ABC"[n]] for n in distances.argmin(axis=1)],
            "probability": 1.0,
            "variables": ", ".join(VARIABLES),
            "position": list(positions),
            "is_known": [[1] * 6] * len(positions),
        }
    )


@pytest.fixture
def transition(connection, tmp_path):
    """Give a function that builds the job's tables of two placements."""
    order = [
        "placed_before",
        "placed_after",
        "class_centroids",
        "area_changes",
        "pairs",
        "unpaired",
        "moves",
        "matrix",
        "movers",
    ]

    def run(before, after, changes=(), leading=6):
        centroids = pd.DataFrame(
            {"level": 1, "class": list("ABC"), "centroid": list(CENTROIDS)}
        )
        files = {
            "before_file": before,
            "after_file": after,
            "centroids_file": centroids,
        }
        for name, frame in files.items():
            frame.to_parquet(tmp_path / f"{name}.parquet")
            set_variable(connection, name, str(tmp_path / f"{name}.parquet"))
        columns = ["before", "after", "weight"]
        table = pd.DataFrame(list(changes), columns=columns)
        table.to_csv(tmp_path / "changes.csv", index=False)
        set_variable(connection, "changes_file", str(tmp_path / "changes.csv"))
        set_variable(connection, "movers_leading", leading)
        for name in order:
            sql = enter(connection, f"transition.{name}")
            connection.execute(f"create or replace table {name} as {sql}")
        return lambda name: connection.sql(f"from {name} order by all").df()

    return run


def test_the_matrix_equals_pandas_crosstab(transition):
    before, after = placed(RNG.random((60, 6))), placed(RNG.random((60, 6)))
    found = transition(before, after)("matrix")
    wanted = pd.crosstab(before["classes"].str[0], after["classes"].str[0])
    table = found.pivot_table(
        index="class_before", columns="class_after", values="areas"
    )
    np.testing.assert_array_equal(table.fillna(0), wanted)
    assert found.groupby("class_before")["share_of_before"].sum().to_list() == (
        pytest.approx([100, 100, 100])
    )


@pytest.mark.parametrize("leading", [2, 6])
def test_what_moved_an_area_adds_up_to_what_changed(transition, leading):
    first, second = RNG.random((60, 6)), RNG.random((60, 6))
    before, after = placed(first), placed(second)
    found = transition(before, after, leading=leading)("movers")
    sums = found.groupby("area")["part"].sum()
    moved = before["classes"].str[0] != after["classes"].str[0]
    assert list(sums.index) == list(before["area"][moved])
    for row in np.flatnonzero(moved):
        old, new = (
            CENTROIDS["ABC".index(p["classes"][row][0])] for p in (before, after)
        )

        def nearer(z, old=old, new=new):
            return ((z - old) ** 2).sum() - ((z - new) ** 2).sum()

        change = nearer(second[row]) - nearer(first[row])
        assert sums[before["area"][row]] == pytest.approx(change)


def test_changed_codes_are_paired_by_weight(transition):
    before = placed(CENTROIDS, ["old1", "old2", "same"])
    after = placed(CENTROIDS[[0, 2]], ["new", "same"])
    read = transition(before, after, [("old1", "new", 30), ("old2", "new", 10)])
    pairs = read("pairs").set_index(["area_before", "area"])["weight"].to_dict()
    assert pairs == {("old1", "new"): 0.75, ("old2", "new"): 0.25, ("same", "same"): 1}
    matrix = (
        read("matrix").set_index(["class_before", "class_after"])["areas"].to_dict()
    )
    assert matrix == {("A", "A"): 0.75, ("B", "A"): 0.25, ("C", "C"): 1}
    assert read("unpaired").empty


def test_an_area_of_one_time_only_is_listed(transition):
    before = placed(CENTROIDS, ["gone", "E1", "E2"])
    after = placed(CENTROIDS, ["E1", "E2", "come"])
    unpaired = transition(before, after)("unpaired")
    assert unpaired.values.tolist() == [["come", "after"], ["gone", "before"]]


def test_other_variables_are_refused_by_name(transition):
    before = placed(CENTROIDS)
    after = before.assign(variables="v01, v99")
    with pytest.raises(duckdb.Error, match=r"v05 before, v01, v99 after"):
        transition(before, after)
