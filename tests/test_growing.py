"""Past one machine: a shared warehouse, and fits on a Dask cluster."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from distributed import Client

from models_py.methods.random_forest import train_forest
from placetypes.compute import computing_on
from placetypes.database import connect
from placetypes.exports.warehouse import load_extension_for

ROOT = Path(__file__).parents[1]

CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    print(cluster.scheduler_address, flush=True)
    input()
"""


@pytest.fixture
def scheduler(tmp_path) -> Iterator[str]:
    """Start a Dask cluster in processes of its own, away from the project's code."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    yield process.stdout.readline().strip().removeprefix("tcp://")
    process.communicate("stop\n", timeout=60)


def test_a_dask_cluster_gives_the_same_supergroups(
    scheduler, small_city, tmp_path, command
):
    arguments = ["run", "census.supergroups", "--input", small_city]
    arguments += ["--set", "region=West", "--set", "clusters=3"]
    arguments += ["--set", "restarts=20", "--output"]
    here, there = tmp_path / "here", tmp_path / "there"
    for strategy in ("screened", "exhaustive"):
        chosen = ["--set", f"restart_strategy={strategy}"]
        assert command(*arguments, here, *chosen).code == 0
        remote = ["--set", f"compute=dask://{scheduler}"]
        outcome = command(*arguments, there, *chosen, *remote)
        assert outcome.code == 0, outcome.err
        show = ["show", "census.supergroups", "--rows", "0", "--csv", "--output"]
        assert command(*show, here).out == command(*show, there).out
    with Client(f"tcp://{scheduler}") as client:
        worked = client.run(lambda: "models_py.kernels.tournament" in sys.modules)
    assert all(worked.values())


def test_a_dask_cluster_grows_the_same_trees(scheduler):
    random = np.random.default_rng(3)
    features, classes = random.random((200, 5)), random.integers(0, 3, 200)
    here = train_forest(features, classes, 20, 3, 42)
    with computing_on(f"dask://{scheduler}", 0, ROOT):
        there = train_forest(features, classes, 20, 3, 42)
    np.testing.assert_array_equal(
        here.predict_proba(features), there.predict_proba(features)
    )


def test_a_scheduler_that_does_not_answer_ends_in_a_sentence(
    small_city, tmp_path, command
):
    outcome = command(
        *["run", "census.supergroups", "--input", small_city, "--output", tmp_path],
        *["--set", "region=West", "--set", "compute=dask://127.0.0.1:9"],
    )
    assert outcome.code == 1
    assert "No Dask scheduler answers at dask://127.0.0.1:9" in outcome.err


def test_a_place_to_compute_that_is_not_known_is_refused(small_city, tmp_path, command):
    outcome = command(
        *["run", "census.variables", "--input", small_city, "--output", tmp_path],
        *["--set", "compute=moon"],
    )
    assert outcome.code == 1
    assert "it takes local or dask://host:port" in outcome.err


def test_a_ducklake_gets_every_table_of_what_is_published(
    small_city, tmp_path, command
):
    lake = f"ducklake:{tmp_path / 'lake.ducklake'}"
    arguments = ["run", "census.left_out", "--input", small_city]
    arguments += ["--output", tmp_path / "outputs", "--set", f"warehouse={lake}"]
    for rule, areas in (("intersects", 40), ("interior", 32)):
        sets = ["--set", "region=West", "--set", f"region_rule={rule}"]
        assert command(*arguments, *sets).code == 0
        with connect() as connection:
            load_extension_for(connection, lake)
            connection.execute(f"attach '{lake}' as lake (read_only)")
            count = connection.sql("select count(*) from lake.census.region_areas")
            assert count.fetchall() == [(areas,)]
            shape = connection.sql(
                "select st_area(geometry) from lake.census.areas where area = 'E00'"
            )
            assert shape.fetchall() == [(1.0,)]


def test_a_password_reaches_no_file(small_city, tmp_path, command, monkeypatch):
    warehouse = "warehouse=postgres:dbname=a user=b password=hunter2 host=localhost"
    arguments = ["run", "census.regions", "--set", warehouse, "--set", "region=West"]
    arguments += ["--input", str(small_city), "--output", str(tmp_path / "outputs")]
    monkeypatch.setattr(sys, "argv", ["pipeline.py", *arguments])
    outcome = command(*arguments)
    assert outcome.code == 1
    assert "password=*** host=localhost can't be opened" in outcome.err
    written = [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"hunter2" in path.read_bytes()]
    query = "select command from meta.runs"
    recorded = command("sql", query, "--csv", "--output", tmp_path / "outputs").out
    assert "password=*** host=localhost" in recorded


def test_a_warehouse_that_can_not_be_opened_loses_nothing(
    small_city, tmp_path, command
):
    arguments = ["--input", small_city, "--output", tmp_path / "outputs"]
    outcome = command(
        *["run", "census.left_out", *arguments, "--set", "region=West"],
        *["--set", f"warehouse={tmp_path / 'nowhere' / 'shared.duckdb'}"],
    )
    assert outcome.code == 1
    assert "only its copy is missing" in outcome.err
    assert (tmp_path / "outputs" / "placetypes.duckdb").exists()
