"""Two years of one product: angles, what has changed, moves, beside NumPy."""

import sqlite3
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import pipeline
from placetypes.database import connect_published
from tests.conftest import enter

CODES = [f"E{n:02}" for n in range(36)]  # six rows of six squares
DIMENSIONS = [f"A{n:02}_mean" for n in range(8)]
PAIR, LONE = ["E07", "E08"], "E28"  # neighbours that turn alike, and another one


def turned(direction: np.ndarray, degrees: float, towards: np.ndarray) -> np.ndarray:
    """Return a unit vector (d,) turned by so many degrees."""
    across = towards - (towards @ direction) * direction
    across /= np.linalg.norm(across)
    return (
        np.cos(np.radians(degrees)) * direction + np.sin(np.radians(degrees)) * across
    )


def two_years() -> dict[str, gpd.GeoDataFrame]:
    """Return areas that drift by 2 to 4 degrees, three of which turn by 40."""
    rng = np.random.default_rng(5)
    earlier = rng.normal(size=(36, 8)) + 1.5 * rng.normal(size=8)
    earlier /= np.linalg.norm(earlier, axis=1, keepdims=True)
    drifts = rng.uniform(2, 4, size=36)
    later = np.array(
        [
            turned(row, drift, rng.normal(size=8))
            for row, drift in zip(earlier, drifts, strict=True)
        ]
    )
    alike = rng.normal(size=8)
    for code, towards in [*((c, alike) for c in PAIR), (LONE, rng.normal(size=8))]:
        place = CODES.index(code)
        later[place] = turned(earlier[place], 40, towards)
    squares = [box(n % 6, n // 6, n % 6 + 1, n // 6 + 1) for n in range(36)]
    return {
        year: gpd.GeoDataFrame(
            {"LSOA21CD": CODES, "LSOA21NM": [f"Area {code}" for code in CODES]}
            | dict(zip(DIMENSIONS, (rows * lengths).T, strict=True)),
            geometry=squares,
            crs=27700,
        )
        for year, rows in {"earlier": earlier, "later": later}.items()
        for lengths in [rng.uniform(0.6, 0.95, size=(36, 1))]
    }


def run(folder: Path, files: dict[str, gpd.GeoDataFrame], *more: str) -> int:
    """Write the files as GeoPackages, run the job, return its exit code."""
    for year, frame in files.items():
        frame.to_file(folder / f"{year}.gpkg")
    settings = ("years.clusters=4", "years.change_clusters=2", *more)
    arguments = ["run", "years", "--input", folder, "--output", folder / "outputs"]
    arguments += [part for setting in settings for part in ("--set", setting)]
    return pipeline.main([str(argument) for argument in arguments])


def tables_of(folder: Path, *names: str) -> list[pd.DataFrame]:
    """Return published tables, without geometry, in the order of their rows."""
    with connect_published(folder / "outputs") as connection:
        return [
            connection.sql(f"from years.{name} order by all").df() for name in names
        ]


@pytest.fixture(scope="module")
def years(tmp_path_factory) -> Path:
    """Give the folder of a finished run."""
    folder = tmp_path_factory.mktemp("years")
    assert run(folder, two_years(), "pipeline.report=false") == 0
    return folder


def directions(year: str) -> np.ndarray:
    """Return the directions (36, 8) of a year, in extended precision."""
    rows = two_years()[year][DIMENSIONS].to_numpy(dtype=np.longdouble)
    return rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))


def angles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return degrees between the rows (n, d) of two matrices."""
    return np.degrees(np.arccos((one * other).sum(axis=1))).astype(float)


def test_angles_and_mixes_are_numpys(years):
    (found,) = tables_of(years, "year_angles")
    assert list(found["area"]) == CODES
    expected = angles(directions("earlier"), directions("later"))
    np.testing.assert_allclose(found["angle"], expected, rtol=0, atol=1e-12)
    for column, year in (("mix_before", "earlier"), ("mix", "later")):
        lengths = np.linalg.norm(two_years()[year][DIMENSIONS], axis=1)
        np.testing.assert_allclose(found[column], lengths, rtol=1e-14)


def test_changed_are_the_areas_that_turned(years):
    changes, pairs = tables_of(years, "changes", "pair_angles")
    assert list(changes["area"][changes["has_changed"]]) == [*PAIR, LONE]

    angle = angles(directions("earlier"), directions("later"))
    rows, columns = np.divmod(np.arange(36), 6)
    apart = np.maximum(
        abs(rows[:, None] - rows), abs(columns[:, None] - columns)
    )  # by a king's moves
    around = np.array([np.median(angle[apart[n] == 1]) for n in range(36)])
    beyond = angle - around
    spread = 1.4826 * np.median(abs(beyond - np.median(beyond)))
    np.testing.assert_allclose(changes["neighbour_angle"], around, atol=1e-12)
    np.testing.assert_allclose(changes["z"], (beyond - np.median(beyond)) / spread)

    before = directions("earlier")
    drawn = [pairs[column].map(CODES.index) for column in ("area", "other_area")]
    assert len(pairs) == 10_000
    assert (drawn[0] != drawn[1]).all()
    np.testing.assert_allclose(
        pairs["angle"], angles(before[drawn[0]], before[drawn[1]]), atol=1e-12
    )
    nearer = (pairs["angle"].to_numpy() < changes["angle"].to_numpy()[:, None]).mean(1)
    np.testing.assert_allclose(changes["share_of_pairs_nearer"], nearer, rtol=1e-12)


def test_areas_that_turned_alike_are_one_cluster_of_change(years):
    clusters, summary = tables_of(years, "change_clusters", "change_summary")
    assert dict(clusters.to_numpy()) == {"E07": "A", "E08": "A", "E28": "B"}

    moved = (directions("later") - directions("earlier")).astype(float)
    mean = (moved - moved.mean(axis=0))[[CODES.index(code) for code in PAIR]].mean(0)
    most = abs(mean).argsort()[::-1][:5]
    told = ", ".join(f"{DIMENSIONS[n]} {mean[n]:+.2f}" for n in most)
    assert summary["moved_most"][0] == told


def test_both_years_are_scored_by_the_centroids_of_the_earlier(years):
    frozen, placements, moves = tables_of(
        years, "frozen_clusters", "placements", "cluster_moves"
    )
    centroids = np.stack(frozen["centroid"])
    letters = frozen["cluster"].to_numpy()
    before, after = (
        letters[(directions(year) @ centroids.T).argmax(axis=1)]
        for year in ("earlier", "later")
    )
    assert list(placements["cluster_before"]) == list(before)
    assert list(placements["cluster"]) == list(after)
    assert list(frozen["areas"]) == [(before == letter).sum() for letter in letters]
    counted = pd.crosstab(before, after).stack()
    assert {(a, b): n for (a, b), n in counted.items() if n} == {
        (row.cluster_before, row.cluster): row.areas for row in moves.itertuples()
    }


def test_the_map_is_a_geopackage_with_styles(years):
    path = years / "outputs" / "years" / "changes.gpkg"
    layer = gpd.read_file(path, layer="changes")
    assert layer.crs.to_epsg() == 27700
    assert layer["change"].dropna().tolist() == ["A", "A", "B"]
    with sqlite3.connect(path) as package:
        styles = package.execute("select styleName, useAsDefault from layer_styles")
        assert styles.fetchall() == [("change", 1), ("cluster", 0)]


def test_the_same_file_twice_is_said(tmp_path):
    same = two_years()["earlier"]
    files = {"earlier": same, "later": same}
    assert run(tmp_path, files, "pipeline.report=false") == 0
    lines, changes = tables_of(tmp_path, "run_summary", "changes")
    assert (changes["angle"] == 0).all()
    texts = " ".join(lines["text"])
    assert "the two files hold the same embeddings: no area differs" in texts
    assert "not clustered: 0 changed areas are fewer than change_clusters" in texts


def test_years_without_a_common_code_are_refused(tmp_path, capsys):
    files = two_years()
    files["later"]["LSOA21CD"] = [f"W{n:02}" for n in range(36)]
    assert run(tmp_path, files) == 1
    printed = " ".join(capsys.readouterr().err.split())
    assert "LSOA21CD" in printed
    assert "Traceback" not in printed


@pytest.fixture
def embeddings_of(run_model, connection, tmp_path):
    """Give a function that reads two years as the job does, past the door."""

    def read(files: dict[str, gpd.GeoDataFrame], missing_values: str) -> pd.DataFrame:
        paths = {f"{year}_path": str(tmp_path / f"{year}.parquet") for year in files}
        for year, frame in files.items():
            pd.DataFrame(frame.drop(columns="geometry")).to_parquet(
                paths[f"{year}_path"]
            )
        said = {"id_column": "LSOA21CD", "missing_values": missing_values}
        said["embedding_pattern"] = r"^A\d+_mean$"
        dimensions = run_model("years.dimensions", {}, **paths, **said)
        names = list(dimensions["column_name"])
        rows = {"years.dimensions": dimensions.to_dict("records")}
        return run_model("years.embeddings", rows, dimensions=names)

    return read


def without_a_dimension(files: dict[str, gpd.GeoDataFrame]) -> None:
    files["later"] = files["later"].drop(columns="A07_mean")


def without_dimensions(files: dict[str, gpd.GeoDataFrame]) -> None:
    files["later"] = files["later"].rename(columns=lambda c: c.replace("A0", "emb"))


def with_an_empty_embedding(files: dict[str, gpd.GeoDataFrame]) -> None:
    files["later"].loc[3, DIMENSIONS] = 0.0


def without_a_value(files: dict[str, gpd.GeoDataFrame]) -> None:
    files["earlier"].loc[3, "A02_mean"] = np.nan


def with_a_code(files: dict[str, gpd.GeoDataFrame]) -> None:
    files["earlier"].loc[3, "A02_mean"] = -999


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (without_a_dimension, "8 of the earlier file fit .* only one .* has A07_mean"),
        (without_dimensions, "No column of the later file fits embedding_pattern = "),
        (with_an_empty_embedding, "Area E03 has an embedding of zeros in the later"),
        (without_a_value, "Area E03 has no value in column A02_mean of the earlier"),
        (with_a_code, 'Area E03 has "-999.0" in column A02_mean of the earlier file'),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(broken, said, embeddings_of):
    files = two_years()
    broken(files)
    with pytest.raises(duckdb.Error, match=said):
        embeddings_of(files, "refuse")


def test_areas_without_an_angle_are_listed(embeddings_of, connection):
    files = two_years()
    files["earlier"] = files["earlier"].drop(index=0)
    files["later"].loc[3, "A02_mean"] = np.nan
    files["later"] = files["later"].drop(index=35)
    embeddings = embeddings_of(files, "leave_out")  # noqa: F841 - DuckDB finds it
    connection.execute("create table years.embeddings as from embeddings")
    unpaired = connection.sql(
        f"from ({enter(connection, 'years.unpaired')}) order by 1"
    )
    assert unpaired.fetchall() == [
        ("E00", "only in the later file"),
        ("E03", "a dimension has no value in the later file"),
        ("E35", "only in the earlier file"),
    ]
