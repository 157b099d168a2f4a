"""similar.py: the nearest areas and what sets one apart, for both jobs."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from placetypes.compare.similar import find_job, find_similar
from placetypes.runner.project import load_project

JOBS = load_project().jobs
AREAS = [f"Z{n:02}" for n in range(30)]


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    """Give 30 areas with 6 dimensions; the first is high in A0 and low in A5."""
    table = np.random.default_rng(4).normal(size=(30, 6))
    table[0] = [6, 0, 0, 0, 0, -6]
    return pd.DataFrame(table, index=AREAS, columns=[f"A{n}" for n in range(6)])


@pytest.fixture(scope="module")
def clusters(values) -> pd.Series:
    return pd.Series(np.where(values["A0"] > 0, "A", "B"), index=AREAS)


@pytest.fixture(scope="module")
def connection(values, clusters):
    """Give a database with the tables of the embeddings job that are read."""
    social = pd.DataFrame({"area": AREAS, "area_name": AREAS, "decile": range(30)})
    tables = {
        "cluster_inputs": values.rename_axis("area").reset_index(),
        "described": social,
        "classification": pd.DataFrame(
            {"area": AREAS, "area_name": AREAS, "cluster": clusters.to_numpy()}
        ),
    }
    with duckdb.connect() as opened:
        opened.execute("create schema embeddings")
        for name, frame in tables.items():
            opened.register("frame", frame)
            opened.execute(f"create table embeddings.{name} as from frame")
        yield opened


@pytest.fixture(scope="module")
def found(connection):
    return find_similar(connection, JOBS["embeddings"], "Z00", 5)


def test_the_job_is_found_by_the_areas_code(connection):
    assert find_job(connection, "Z00", "", JOBS).name == "embeddings"


def test_the_nearest_are_those_of_numpy(found, values):
    distances = np.linalg.norm(values.to_numpy() - values.to_numpy()[0], axis=1)
    expected = [AREAS[place] for place in np.argsort(distances)[:6]]
    assert [row[0] for row in found.rows] == expected
    assert [row[1] for row in found.rows] == pytest.approx(np.sort(distances)[:6])


def test_the_most_unlike_are_those_of_numpy(connection, values):
    found = find_similar(connection, JOBS["embeddings"], "Z00", 5, unlike=True)
    distances = np.linalg.norm(values.to_numpy() - values.to_numpy()[0], axis=1)
    expected = [AREAS[place] for place in np.argsort(-distances)[:5]]
    assert [row[0] for row in found.rows] == ["Z00", *expected]


def test_an_embeddings_area_has_its_fit(found, values, clusters):
    own = values.groupby(clusters).mean()
    here = values.loc["Z00"]
    distances = {name: np.linalg.norm(here - own.loc[name]) for name in "AB"}
    expected = (distances["B"] - distances["A"]) / max(distances.values())
    assert found.columns[-1] == "fit"
    assert found.rows[0][-1] == pytest.approx(expected)


def test_it_stands_out_in_standard_deviations(found, values):
    rows = {row[0]: row for row in found.standing_out}
    assert found.measure == "standard deviations"
    assert list(rows) == ["decile", "A0", "A5"]
    spread = np.std(np.arange(30))
    assert rows["decile"][1:] == pytest.approx((0, 14.5, -14.5 / spread))
    assert rows["A0"][3] == pytest.approx(
        (6 - values["A0"].mean()) / values["A0"].std(ddof=0)
    )
