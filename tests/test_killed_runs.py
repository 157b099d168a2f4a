"""Whatever befalls a run, what is published stays whole."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from placetypes.database import connect_plain
from placetypes.publishing import (
    JOURNAL,
    MANIFEST,
    STAGING,
    refuse_mixture,
)

ROOT = Path(__file__).parents[1]
SELECTORS = ["census.index_scores", "census.cluster_summary", "census.supergroup_fit"]
KILLS = 10


def arguments(folder: Path, output: Path, clusters: int) -> list[str]:
    """Return a run of the cheaper half of the census job."""
    settings = {"region": "West", "census.clusters": clusters, "restarts": 5}
    settings["subgroups"] = 1
    sets = [f"--set={name}={value}" for name, value in settings.items()]
    return [
        *[sys.executable, str(ROOT / "pipeline.py"), "run", *SELECTORS, *sets],
        *["--input", str(folder), "--output", str(output)],
    ]


def start(folder: Path, output: Path, clusters: int) -> subprocess.Popen[str]:
    """Start a run in a process of its own."""
    return subprocess.Popen(
        arguments(folder, output, clusters),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever starts the tests in the background has them ignore Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a run that must succeed."""
    errors = process.communicate(timeout=120)[1]
    assert process.returncode == 0, errors
    return errors


def assert_whole(database: Path) -> int:
    """Check that a database is one run's whole result; return its clusters."""
    with connect_plain(database, read_only=True) as connection:
        runs = connection.sql("select distinct run_id from meta.models").fetchall()
        latest = connection.sql("select max(run_id) from meta.runs").fetchall()
        assert runs == latest
        missing = connection.sql(
            """
            select model from meta.models
            anti join duckdb_tables() as tables
            on model = schema_name || '.' || table_name
            """
        ).fetchall()
        assert missing == []
        said = connection.sql(
            "select value::integer from meta.parameters "
            "where parameter = 'census.clusters'"
        ).fetchone()[0]
        for clusters_of in (
            "supergroup) from census.supergroups",
            "cluster) from census.cluster_summary where level = 'supergroup'",
            "cluster) from census.index_scores where level = 'supergroup'",
        ):
            clusters = connection.sql(
                f"select count(distinct {clusters_of}"
            ).fetchone()[0]
            assert clusters == said
    return said


EXPORTED = {
    "supergroups": "from census.supergroups",
    "index_scores": "select * exclude level from census.index_scores "
    "where level = 'supergroup'",
    "cluster_summary": "select cluster as supergroup, name, areas, share_of_areas, "
    "population, share_of_population, areas_with_population, "
    "areas_without_population, areas_inside, population_inside "
    "from census.cluster_summary where level = 'supergroup'",
}


def assert_exports_fit(output: Path) -> None:
    """Check that all files are of one run, the tables those of the database."""
    assert refuse_mixture(output) > 3
    with connect_plain(output / "placetypes.duckdb", read_only=True) as connection:
        for table, rows in EXPORTED.items():
            exported = pd.read_csv(output / "census" / f"{table}.csv")
            expected = connection.sql(rows).df()
            expected = expected.where(expected.notna(), float("nan"))
            tolerance = {"rtol": 1e-12, "atol": 5.0001e-5}  # a CSV has four decimals
            pd.testing.assert_frame_equal(
                exported, expected, check_dtype=False, **tolerance
            )


@pytest.fixture(scope="module")
def published_once(small_city_files, tmp_path_factory) -> Path:
    """Publish a first result with two clusters, once."""
    output = tmp_path_factory.mktemp("published") / "outputs"
    finish(start(small_city_files, output, 2))
    assert assert_whole(output / "placetypes.duckdb") == 2
    return output


@pytest.fixture
def published(published_once, tmp_path) -> Path:
    """Give a copy of the first result."""
    return Path(shutil.copytree(published_once, tmp_path / "outputs"))


def test_runs_killed_at_any_moment_leave_all_files_of_one_run():
    """A reader holds every file against the manifest all the while, and after each."""
    script = ROOT / "benchmarks" / "kills.py"
    command = [sys.executable, str(script), "--kills", str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{KILLS} kills" in done.stdout
    assert done.stdout.endswith("no mixture.\n")


def test_the_next_run_resumes_from_the_models_that_had_finished(small_city, published):
    process = start(small_city, published, 3)
    for line in process.stderr:
        if line.startswith("census.supergroups "):
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    resumed = finish(start(small_city, published, 3))
    assert "census.supergroups " not in resumed
    assert "census.index_scores " in resumed
    assert assert_whole(published / "placetypes.duckdb") == 3


def test_a_publication_cut_off_between_two_renames_is_finished(
    small_city, published, tmp_path
):
    other = tmp_path / "other"
    finish(start(small_city, other, 3))
    staging = published / STAGING
    (staging / "census").mkdir(parents=True)
    names = [*json.loads((other / MANIFEST).read_text())["files"], MANIFEST]
    for place, name in enumerate(names):  # some had been renamed already
        (other / name).replace((published if place < 4 else staging) / name)
    (staging / JOURNAL).write_text(json.dumps({"put": names, "delete": []}))
    command = [sys.executable, str(ROOT / "pipeline.py"), "sql", "select 1"]
    subprocess.run([*command, "--output", str(published)], check=True)
    assert_exports_fit(published)
    assert not staging.exists()


def test_ctrl_c_ends_in_a_sentence_and_changes_nothing(small_city, published):
    before = (published / "placetypes.duckdb").read_bytes()
    process = start(small_city, published, 3)
    for line in process.stderr:
        if line.startswith("census.supergroups "):
            process.send_signal(signal.SIGINT)
            break
    errors = process.communicate()[1]
    assert process.returncode == 130
    assert "Stopped." in errors
    assert "Traceback" not in errors
    assert (published / "placetypes.duckdb").read_bytes() == before


def limit_files() -> None:
    """Let no file grow beyond 3 MB, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a disk of that size, or skip where that isn't allowed."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def assert_refused_as_full(folder: Path, output: Path, **limits: Any) -> None:
    """Run on a full disk: one sentence, nothing left over, the former result whole."""
    before = sorted(path.name for path in output.rglob("*"))
    database = (output / "placetypes.duckdb").read_bytes()
    command = arguments(folder, output, 3)
    process = subprocess.run(
        command, capture_output=True, text=True, check=False, **limits
    )
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("error: The disk that holds ")
    assert "Traceback" not in process.stderr
    assert sorted(path.name for path in output.rglob("*")) == before
    assert (output / "placetypes.duckdb").read_bytes() == database
    assert_exports_fit(output)


def test_a_full_disk_ends_in_a_sentence_and_leaves_nothing(small_city, published):
    assert_refused_as_full(small_city, published, preexec_fn=limit_files)
    finish(start(small_city, published, 3))
    assert_whole(published / "placetypes.duckdb")


def test_a_disk_too_small_for_two_results_keeps_the_first(
    small_city, published, tmp_path
):
    size = sum(path.stat().st_size for path in published.rglob("*")) // 1000
    for spare in (500, size):  # too little for a copy, then for what is built
        with small_disk(tmp_path / f"disk{spare}", size + spare) as disk:
            shutil.copytree(published, disk, dirs_exist_ok=True)
            assert_refused_as_full(small_city, disk)


def test_a_second_run_at_once_names_the_first_and_stops(small_city, published):
    first = start(small_city, published, 3)
    while not (published / ".run.pid").exists():
        time.sleep(0.01)
    second = start(small_city, published, 3)
    errors = second.communicate()[1]
    assert second.returncode == 1
    assert f"process {first.pid}" in errors
    finish(first)


def test_a_damaged_work_database_is_built_again(small_city, published):
    (published / ".work.duckdb").write_bytes(os.urandom(5000))
    finish(start(small_city, published, 3))
    assert assert_whole(published / "placetypes.duckdb") == 3


def test_the_last_results_are_kept_and_compared(small_city, published, command):
    for clusters in (3, 4):
        finish(start(small_city, published, clusters))
    kept = sorted(path.stem for path in (published / "history").iterdir())
    assert len(kept) == 2
    assert assert_whole(published / "history" / f"{kept[0]}.duckdb") == 2
    outcome = command("compare", kept[0], kept[1], "--output", published)
    assert "40 areas in both" in outcome.out
    with duckdb.connect() as connection:
        for name, run in (("a", kept[0]), ("b", kept[1])):
            file = published / "history" / f"{run}.duckdb"
            connection.execute(f"attach '{file}' as {name} (read_only)")
        moved = connection.sql(
            """
            select count(*) from a.census.supergroups as a
            inner join b.census.supergroups as b using (area)
            where a.supergroup <> b.supergroup
            """
        ).fetchone()[0]
    printed = command("compare", *kept, "--csv", "--output", published).out
    assert len(printed.splitlines()) == 1 + moved
