"""The demo region: same bytes every time, real schemas, nothing that looks real."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_score
from threadpoolctl import threadpool_limits

from data import demo

ROOT = Path(demo.__file__).parents[1]
AREA_CODE = re.compile(r"DEMO0\d{4}")
ZONE_CODE = re.compile(r"DEMO2\d{4}")
MEASURES = [
    "Percent no qualifications 16 and over",
    "Percent bad and very band health",
    "Population density per km",
    "Percent lone family household",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo files, written once for all tests here."""
    return demo.ensure_demo(tmp_path_factory.mktemp("input") / "demo")


@pytest.fixture(scope="module")
def census(folder: Path) -> pd.DataFrame:
    """Return the census table, indexed by area."""
    return pd.read_parquet(folder / "uk_census_data.parquet")


@pytest.fixture(scope="module")
def planted(folder: Path) -> pd.DataFrame:
    """Return the planted types, indexed by area."""
    return pd.read_csv(folder / "demo_planted_types.csv", index_col="area")


@pytest.fixture(scope="module")
def areas(folder: Path) -> geopandas.GeoDataFrame:
    """Return the areas' boundaries."""
    return geopandas.read_file(folder / "OA_2021_22_Boundaries.gpkg")


@pytest.fixture(scope="module")
def districts(folder: Path) -> geopandas.GeoDataFrame:
    """Return the districts' boundaries."""
    return geopandas.read_file(folder / "Local_Authority_Districts_Demo_synthetic.gpkg")


@pytest.fixture(scope="module")
def zones(folder: Path) -> geopandas.GeoDataFrame:
    """Return the zones with their embeddings."""
    return geopandas.read_file(folder / "uk_lsoa_london_embeds_2024.geojson")


@pytest.fixture(scope="module")
def socioeconomic(folder: Path) -> pd.DataFrame:
    """Return the deprivation deciles and measures."""
    return pd.read_csv(folder / "Socioeconomic.csv", index_col=0)


# --- Writing -------------------------------------------------------------------------


def test_two_runs_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """A second run, in a process of its own, repeats every file to the byte."""
    again = tmp_path / "again"
    script = ROOT / "data" / "demo.py"
    subprocess.run([sys.executable, script, again], check=True, capture_output=True)
    for name in demo.FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_nothing_but_the_files_and_their_marker_is_left(folder: Path) -> None:
    """No temporary file stays behind, in the folder or beside it."""
    written = {path.name for path in folder.iterdir()}
    assert written == {*demo.FILES, demo.MARKER}
    assert [path.name for path in folder.parent.iterdir()] == ["demo"]


def test_an_up_to_date_folder_is_left_alone(folder: Path) -> None:
    """Asking again changes no file's time of writing."""
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert demo.ensure_demo(folder) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def pretend_to_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Fill the folder with empty files, marked current; list what is rewritten."""
    for name in demo.FILES:
        (folder / name).touch()
    (folder / demo.MARKER).write_text(demo.generator_version())
    rewritten: list[Path] = []
    monkeypatch.setattr(demo, "write_demo", rewritten.append)
    return rewritten


@pytest.mark.parametrize("name", ["Socioeconomic.csv", demo.MARKER])
def test_a_missing_file_is_written_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that lacks a file, or the marker, is incomplete."""
    rewritten = pretend_to_write(tmp_path, monkeypatch)
    demo.ensure_demo(tmp_path)
    assert rewritten == []
    (tmp_path / name).unlink()
    demo.ensure_demo(tmp_path)
    assert rewritten == [tmp_path]


def test_files_of_another_version_are_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the generator or of a library makes the files stale."""
    rewritten = pretend_to_write(tmp_path, monkeypatch)
    (tmp_path / demo.MARKER).write_text("an older generator")
    demo.ensure_demo(tmp_path)
    assert rewritten == [tmp_path]


def test_a_failed_run_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files appear only when all are complete."""

    def fail_halfway(folder: Path) -> None:
        (folder / "Socioeconomic.csv").write_text("half a f")
        raise OSError("disk full")

    monkeypatch.setattr(demo, "_write_files", fail_halfway)
    target = tmp_path / "demo"
    with pytest.raises(OSError, match="disk full"):
        demo.write_demo(target)
    assert list(target.iterdir()) == []
    assert list(tmp_path.iterdir()) == [target]


def test_a_users_own_files_in_the_folder_stay(tmp_path: Path, monkeypatch) -> None:
    """Only the generator's own files are replaced."""

    def write_empty_files(folder: Path) -> None:
        for name in demo.FILES:
            (folder / name).touch()

    monkeypatch.setattr(demo, "_write_files", write_empty_files)
    (tmp_path / "notes.txt").write_text("mine")
    demo.write_demo(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert demo.is_current(tmp_path)


def test_importing_the_generator_imports_no_heavy_library() -> None:
    """An up-to-date folder costs nobody the start of pandas."""
    code = (
        "import sys, data.demo as demo; demo.generator_version();"
        "print([name for name in demo.LIBRARIES if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "[]"


# --- Schemas -------------------------------------------------------------------------


def test_census_is_one_percentage_column_per_variable(census: pd.DataFrame) -> None:
    """Index OA; floats; every column but the density lies in 0 to 100."""
    assert census.index.name == "OA"
    assert census.index.is_unique
    assert set(census.dtypes) == {np.dtype("float64")}
    assert not census.isna().any().any()
    percentages = census.drop(columns="v01")
    assert percentages.min().min() >= 0
    assert percentages.max().max() <= 100
    assert (percentages == percentages.round(2)).all().all()
    assert census["v01"].max() > 20_000


def test_lookup_names_every_column_and_two_more(
    folder: Path, census: pd.DataFrame
) -> None:
    """The lookup lists two variables that the data lack, as the real one does."""
    lookup = pd.read_csv(folder / "census_variable_lookup.csv")
    assert list(lookup.columns) == ["No.", "Variable_Name", "Domain"]
    assert lookup["Variable_Name"].is_unique
    assert not lookup.isna().any().any()
    listed = set(lookup["No."])
    assert listed - set(census.columns) == set(demo.ABSENT)
    assert set(census.columns) <= listed


def test_every_planted_share_leaves_room_for_another_answer() -> None:
    """Shares are percentages per type: positive, together below 100."""
    for question in demo.questions():
        shares = np.array(list(question.shares.values()))
        assert shares.shape[1] == len(demo.TYPES), question
        assert (shares > 0).all(), question
        assert (shares.sum(axis=0) < 100).all(), question


def test_population_counts_the_residents_of_every_census_area(
    folder: Path, census: pd.DataFrame
) -> None:
    """One whole number per area of the census table."""
    population = pd.read_csv(folder / "oa_pop_data.csv")
    assert list(population.columns) == ["OA", "uk001001"]
    assert list(population["OA"]) == list(census.index)
    assert population["uk001001"].between(100, 1_500).all()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("OA_2021_22_Boundaries.gpkg", ["OA"]),
        ("Local_Authority_Districts_Demo_synthetic.gpkg", ["LAD22CD", "LAD22NM"]),
    ],
)
def test_boundaries_are_one_layer_on_the_national_grid(
    folder: Path, name: str, fields: list[str]
) -> None:
    """The layer bears the file's name, as the real files' layers do."""
    layers = pyogrio.list_layers(folder / name)
    assert list(layers[:, 0]) == [Path(name).stem]
    layer = pyogrio.read_info(folder / name)
    assert list(layer["fields"]) == fields
    assert layer["crs"] == "EPSG:27700"
    assert layer["geometry_name"] == "geom"


def test_embeddings_have_the_real_files_columns(folder: Path) -> None:
    """Lon/lat without a crs member; 64 dimensions of 8 decimals."""
    text = (folder / "uk_lsoa_london_embeds_2024.geojson").read_text()
    collection = json.loads(text)
    assert list(collection) == ["type", "features"]
    properties = collection["features"][0]["properties"]
    codes = ["data_zone_code", "country", "dzcode", "LSOA21CD", "LSOA21NM"]
    dimensions = [f"A{number:02d}_mean" for number in range(64)]
    assert list(properties) == codes + dimensions
    kinds = {feature["geometry"]["type"] for feature in collection["features"]}
    assert kinds == {"MultiPolygon"}


def test_embeddings_are_a_little_shorter_than_one(
    zones: geopandas.GeoDataFrame,
) -> None:
    """A mean of unit vectors is at most 1 long."""
    lengths = np.linalg.norm(zones.filter(regex=r"^A\d\d_mean$"), axis=1)
    assert lengths.min() > 0.8
    assert lengths.max() <= 1


def test_socioeconomic_covers_other_places_and_misses_three(
    folder: Path, socioeconomic: pd.DataFrame, zones: geopandas.GeoDataFrame
) -> None:
    """30 codes from elsewhere, 3 zones without a row, as a join has to face."""
    assert (folder / "Socioeconomic.csv").read_text().startswith(",LSOA21CD,IMD_decile")
    assert list(socioeconomic.columns) == ["LSOA21CD", "IMD_decile", *MEASURES]
    listed, mapped = set(socioeconomic["LSOA21CD"]), set(zones["LSOA21CD"])
    assert len(listed - mapped) == 30
    assert len(mapped - listed) == 3
    here = socioeconomic[socioeconomic["LSOA21CD"].isin(mapped)]
    assert sorted(here["IMD_decile"].unique()) == list(range(1, 11))
    assert here["IMD_decile"].value_counts().min() >= 20


# --- Geometry ------------------------------------------------------------------------


def test_areas_tessellate_without_gap_or_overlap(
    areas: geopandas.GeoDataFrame,
) -> None:
    """Valid polygons that share their edges; their union is as large as their sum."""
    polygons = areas.geometry.to_numpy()
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    union = shapely.union_all(polygons)
    assert shapely.area(union) == pytest.approx(shapely.area(polygons).sum())
    assert not any(part.interiors for part in shapely.get_parts(union))


def test_districts_are_the_unions_of_their_areas(
    areas: geopandas.GeoDataFrame,
    districts: geopandas.GeoDataFrame,
    planted: pd.DataFrame,
) -> None:
    """Borders match to the last digit, also between districts."""
    district_of = areas["OA"].map(planted["district"])
    for code, outline in zip(districts["LAD22CD"], districts.geometry, strict=True):
        union = shapely.union_all(areas.geometry[district_of == code].to_numpy())
        assert shapely.equals(union, outline), code
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    neighbours = shapely.intersection(*districts.geometry[:2])
    assert shapely.length(neighbours) > 0


def test_a_few_areas_have_two_pieces(areas: geopandas.GeoDataFrame) -> None:
    """Both kinds of polygon occur, as in the real file."""
    kinds = areas.geom_type.value_counts()
    assert set(kinds.index) == {"Polygon", "MultiPolygon"}
    assert 2 <= kinds["MultiPolygon"] <= 6


def test_zones_cover_the_same_ground_as_the_areas(
    areas: geopandas.GeoDataFrame, zones: geopandas.GeoDataFrame
) -> None:
    """About four areas make a zone; lon/lat has 6 decimals, about 0.1 m."""
    assert 3.5 < len(areas) / len(zones) < 4.5
    assert zones.geometry.is_valid.all()
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    ground = zones.to_crs("EPSG:27700").area.sum()
    assert ground == pytest.approx(areas.area.sum(), rel=1e-4)


def test_the_region_lies_in_the_irish_sea(areas: geopandas.GeoDataFrame) -> None:
    """Well west of the English coast, east of Ireland, between Man and Anglesey."""
    west, south, east, north = areas.total_bounds
    assert west > 250_000
    assert east < 300_000
    assert south > 405_000
    assert north < 450_000


# --- What is planted -----------------------------------------------------------------


def test_six_areas_have_a_boundary_but_no_census_row(
    areas: geopandas.GeoDataFrame, census: pd.DataFrame, planted: pd.DataFrame
) -> None:
    """Five of them in the demo region, which takes the first three districts."""
    without = set(areas["OA"]) - set(census.index)
    assert len(without) == 6
    assert set(census.index) < set(areas["OA"])
    assert (planted.loc[list(without), "district"] != "DEMOLAD4").sum() == 5


def test_one_variable_is_constant(census: pd.DataFrame) -> None:
    """Nothing can scale it; a run has to report it."""
    assert list(census.columns[census.nunique() == 1]) == ["v75"]


def test_a_pair_of_variables_nearly_repeats(census: pd.DataFrame) -> None:
    """Full-time students, and those of them who are economically inactive."""
    assert census["v50"].corr(census["v74"]) > 0.95


def test_variables_are_skewed_as_real_ones_are(census: pd.DataFrame) -> None:
    """Some have many zeros and a long tail; some crowd near 100."""
    skew = census.drop(columns="v75").skew()
    assert (skew > 1).sum() >= 10
    assert (skew < -1).sum() >= 2
    assert (census["v31"] == 0).mean() > 0.3
    assert census["v32"].median() > 85


def test_tenures_add_up_to_nearly_100(census: pd.DataFrame) -> None:
    """What is left lives rent free."""
    total = census[["v37", "v38", "v39"]].sum(axis=1)
    assert total.max() < 100.02
    assert (total > 90).mean() > 0.97
    assert total.mean() > 97


def test_types_are_of_unequal_size(planted: pd.DataFrame) -> None:
    """Seven types; the largest has several times the areas of the smallest."""
    sizes = planted["planted_type"].value_counts()
    assert sizes.sum() == len(planted)
    assert set(sizes.index) == {planted_type.name for planted_type in demo.TYPES}
    assert sizes.max() > 3 * sizes.min()


def test_types_cluster_in_space(
    areas: geopandas.GeoDataFrame, planted: pd.DataFrame
) -> None:
    """Most neighbours are of one type; chance alone would give about one in six."""
    polygons = areas.geometry.to_numpy()
    types = areas["OA"].map(planted["planted_type"]).to_numpy()
    left, right = shapely.STRtree(polygons).query(polygons, predicate="touches")
    assert (types[left] == types[right]).mean() > 0.6


def recovered(census: pd.DataFrame, planted: pd.DataFrame) -> float:
    """Return the agreement (ARI) of k-means on scaled values with the planted types."""
    values = np.arcsinh(census)
    spread = values.max() - values.min()
    scaled = (values - values.min()) / spread.where(spread > 0, 1)
    with threadpool_limits(1):
        labels = KMeans(len(demo.TYPES), n_init=5, random_state=0).fit_predict(scaled)
    return adjusted_rand_score(planted.loc[census.index, "planted_type"], labels)


def test_k_means_recovers_most_of_the_plan(
    census: pd.DataFrame, planted: pd.DataFrame
) -> None:
    """Measured 0.76, for all areas and for the region alone: good, not perfect."""
    region = census[planted.loc[census.index, "district"] != "DEMOLAD4"]
    assert 0.6 < recovered(census, planted) < 0.85
    assert 0.6 < recovered(region, planted) < 0.85


def test_embeddings_and_measures_predict_deprivation_better_together(
    zones: geopandas.GeoDataFrame, socioeconomic: pd.DataFrame
) -> None:
    """Measured 0.41 from embeddings, 0.42 from measures, 0.47 from both."""
    known = zones.merge(socioeconomic, on="LSOA21CD")
    dimensions = [f"A{number:02d}_mean" for number in range(64)]

    def accuracy(columns: list[str]) -> float:
        forest = RandomForestClassifier(100, random_state=0)
        return cross_val_score(forest, known[columns], known["IMD_decile"]).mean()

    from_embeddings, from_measures = accuracy(dimensions), accuracy(MEASURES)
    # Always guessing the largest decile would be right for 0.14.
    assert from_embeddings > 0.3
    assert from_measures > 0.3
    assert accuracy(dimensions + MEASURES) > max(from_embeddings, from_measures)


# --- Nothing that could be taken for real --------------------------------------------


def test_no_code_or_name_could_be_taken_for_real(
    areas: geopandas.GeoDataFrame,
    districts: geopandas.GeoDataFrame,
    zones: geopandas.GeoDataFrame,
    socioeconomic: pd.DataFrame,
) -> None:
    """Codes begin with DEMO, where real ones have a letter and eight digits."""
    assert all(AREA_CODE.fullmatch(code) for code in areas["OA"])
    assert all(ZONE_CODE.fullmatch(code) for code in zones["LSOA21CD"])
    assert all(ZONE_CODE.fullmatch(code) for code in socioeconomic["LSOA21CD"])
    assert list(districts["LAD22CD"]) == [f"DEMOLAD{number}" for number in range(1, 5)]
    assert districts["LAD22NM"].str.fullmatch(r"Synthetic [A-Z][a-z]+").all()
    assert zones["LSOA21NM"].str.fullmatch(r"Synthetic [A-Z][a-z]+ \d{3}[A-E]").all()
    assert zones["LSOA21NM"].is_unique
