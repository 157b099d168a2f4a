"""The embeddings job from files to exports and figures, and what it refuses."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from esda import Moran
from geopandas.testing import assert_geodataframe_equal
from libpysal.weights import W
from scipy.stats import binomtest, norm
from shapely.geometry import box
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import RidgeCV
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    mean_absolute_error,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import pipeline
from models_py.embeddings.forests import feature_groups
from models_py.methods.random_forest import evaluate
from models_py.methods.spatial_folds import parts
from placetypes.database import connect_published
from placetypes.report.figures import write_figures
from placetypes.runner.project import load_project
from tests.conftest import REAL

GEOJSON = "uk_lsoa_london_embeds_2024.geojson"
US_COUNTIES = REAL / "us_counties" / "us_county_alphaearth2024_svi.gpkg"
PREDICTORS = [
    "Percent no qualifications 16 and over",
    "Percent bad and very band health",
    "Population density per km",
    "Percent lone family household",
]
# Enough to run through every step; their results are compared elsewhere.
QUICK = {
    "trees": 10,
    "fold_trees": 10,
    "permutation_repeats": 2,
    "restarts": 20,
    "clustergram_clusters": 3,
    "clustergram_restarts": 5,
    "umap_epochs": 20,
    "umap_neighbors": 5,
}


def settings(**parameters: object) -> list[str]:
    """Return `--set` arguments for parameters of the job."""
    return [
        argument
        for name, value in parameters.items()
        for argument in ("--set", f"embeddings.{name}={value}")
    ]


@pytest.fixture(scope="module")
def demo_output(tmp_path_factory, demo) -> Path:
    """Run the whole embeddings job on the demo, once."""
    output = tmp_path_factory.mktemp("demo_output")
    arguments = ["run", "embeddings", "--input", str(demo), "--output", str(output)]
    assert pipeline.main([*arguments, *settings(**QUICK)]) == 0
    return output


@pytest.fixture(scope="module")
def published(demo_output) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the demo's published database."""
    with connect_published(demo_output) as connection:
        yield connection


def test_every_area_is_classified_and_those_without_a_match_are_named(published):
    areas = published.sql("select area from embeddings.areas").df()["area"]
    classified = published.sql("select area from embeddings.classification").df()
    assert classified["area"].tolist() == areas.tolist()
    left_out = published.sql("from embeddings.left_out").df()
    assert left_out["reason"].unique() == ["no socio-economic row: not in the forests"]
    scores = published.sql("from embeddings.forest_scores").df()
    assert (scores["rows_dropped"] == len(left_out)).all()
    assert (scores["rows_used"] == len(areas) - 3).all()
    matches = published.sql("select file, unmatched from embeddings.id_matches")
    assert dict(matches.fetchall()) == {"areas": 3, "socio-economic": 30}


def test_dimensions_are_in_order_and_other_columns_left_out(published):
    columns = published.sql("from embeddings.embeddings").columns
    assert columns == ["area", *(f"A{number:02}_mean" for number in range(64))]


def test_geojson_without_a_coordinate_system_is_longitude_and_latitude(
    published, demo_output
):
    details = published.sql(
        "select details from meta.inputs where input = 'areas_path'"
    )
    messages = json.loads(details.fetchall()[0][0])["messages"]
    assert "names no coordinate system" in messages[0]
    areas = gpd.read_file(
        demo_output / "embeddings" / "classification.gpkg", layer="classification"
    )
    assert areas.crs == "EPSG:4326"
    assert areas.geometry.is_valid.all()


def test_the_exports_open_elsewhere(demo_output, published):
    folder = demo_output / "embeddings"
    layers = pyogrio.list_layers(folder / "classification.gpkg")
    assert layers[0].tolist() == ["classification", "MultiPolygon"]
    areas = gpd.read_parquet(folder / "classification.parquet")
    assert areas.crs.to_epsg() == 4326
    assert {"area", "cluster", "IMD_decile", *PREDICTORS} <= set(areas.columns)
    assert len(areas) == published.sql("from embeddings.classification").shape[0]


@pytest.mark.parametrize(
    "file",
    [
        file
        for file in load_project().jobs["embeddings"].exports
        if file.endswith(".csv") and file != "left_out.csv"
    ],
)
def test_each_csv_equals_its_table(file, demo_output, published):
    exported = pd.read_csv(demo_output / "embeddings" / file, dtype={"label": str})
    expected = published.sql(f"from embeddings.{Path(file).stem}").df()
    expected = expected.where(expected.notna(), np.nan)
    # A CSV has four decimals.
    tolerance = {"rtol": 1e-12, "atol": 5.0001e-5}
    pd.testing.assert_frame_equal(exported, expected, check_dtype=False, **tolerance)


def test_a_second_run_has_nothing_to_do_and_trees_concern_the_forests_alone(
    demo_output, demo, command
):
    arguments = ["--input", demo, "--output", demo_output]
    outcome = command("run", "embeddings", *arguments, *settings(**QUICK))
    assert outcome.code == 0
    assert "Nothing to do" in outcome.out
    plan = command("plan", "embeddings", *arguments, *settings(**QUICK | {"trees": 11}))
    planned = [line.split(":")[0] for line in plan.out.splitlines() if ": " in line]
    assert planned[0] == "embeddings.forests"
    assert set(planned[1:]) == {
        *(f"embeddings.forest_{name}" for name in ("predictions", "importances")),
        "embeddings.forest_group_importances",
        *(f"embeddings.forest_{name}" for name in ("confusion", "fold_scores")),
        *(f"embeddings.forest_{name}" for name in ("scores", "differences")),
        *(f"embeddings.{name}" for name in ("forest_leakage", "run_summary")),
        *(f"embeddings.forest_{name}" for name in ("evidence", "district_scores")),
        *(f"embeddings.applicability{name}" for name in ("", "_scores")),
        *(f"embeddings.conformal_{name}" for name in ("sets", "coverage")),
        *(f"embeddings.{name}" for name in ("forest_verdict", "mapped_values")),
        *(f"embeddings.{name}" for name in ("strongest_dimensions", "natural_breaks")),
        *(f"embeddings.{name}" for name in ("class_breaks", "map_classes")),
        "embeddings.residual_autocorrelation",
    }
    # A further map trains nothing again.
    chosen = settings(**QUICK, map_variables="A00_mean,IMD_decile")
    plan = command("plan", "embeddings", *arguments, *chosen)
    assert "embeddings.map_classes" in plan.out
    assert "embeddings.forests:" not in plan.out


def test_every_column_of_every_table_is_documented(published):
    documents = load_project().jobs["embeddings"].tables
    columns = published.sql(
        """
        select table_name, column_name from duckdb_columns()
        where schema_name = 'embeddings'
        """
    ).fetchall()
    undocumented = [
        f"{table}.{column}"
        for table, column in columns
        if column not in documents[table]["columns"]
        and "other_columns" not in documents[table]
    ]
    assert undocumented == []


def test_every_figure_is_written(published, tmp_path):
    job = load_project().jobs["embeddings"]
    files = write_figures(published, job, tmp_path / "figures", synthetic=True)
    expected = {
        "class_schemes",
        "cluster_map",
        "clustergram",
        "confusion",
        "forest_scores",
        "importances_both",
        "importances_embeddings",
        "importances_socioeconomic",
        "representative_areas",
        "representative_map",
        "umap",
    }
    assert {file.name for file in files} == {
        f"{name}.{ending}" for name in expected for ending in ("png", "svg")
    }
    for file in files:
        start = b"\x89PNG\r\n\x1a\n" if file.suffix == ".png" else b"<?xml"
        assert file.read_bytes().startswith(start)


# --- Another country: counties by GEOID, unpadded dimensions, their own target --------

COUNTIES = {
    "areas_file": "counties.gpkg",
    "socioeconomic_file": "poverty.csv",
    "id_column": "GEOID",
    "name_column": "NAMELSAD",
    "embedding_pattern": r"^b\d+$",
    "embedding_dimensions": 12,
    "target": "poverty_class",
    # Two of them are called as columns of our own tables, or of a GeoPackage.
    "predictors": "income,area,fid",
    "clusters": 3,
    "folds": 3,
    "location_blocks": 6,
}


class Counties:
    """60 square counties in EPSG:5070, a table with two more, and a place for results.

    The dimensions stand in no order: b3 … b11, b0, b1, b2.
    """

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(8)
        codes = [f"{number:05}" for number in range(1001, 1061)]
        group = np.arange(60) % 3
        names = [f"b{number}" for number in (*range(3, 12), 0, 1, 2)]
        corners = [(n % 10 * 10_000, n // 10 * 10_000) for n in range(60)]
        self.areas = gpd.GeoDataFrame(
            {
                "GEOID": codes,
                "NAMELSAD": [f"Place {code} County" for code in codes],
                **{name: group * 0.1 + rng.normal(0, 0.05, 60) for name in names},
                "b_other": "text",
            },
            geometry=[box(x, y, x + 10_000, y + 10_000) for x, y in corners],
            crs=5070,
        )
        self.table = pd.DataFrame(
            {
                "GEOID": [*codes, "99001", "99002"],
                "poverty_class": [*(group + 1), 1, 2],
                "income": rng.normal(50_000, 9_000, 62),
                "area": rng.uniform(1, 9, 62),
                "fid": rng.uniform(1, 9, 62),
            }
        )
        self.input, self.output = folder / "input", folder / "output"

    def arguments(self, select: str = "embeddings", **parameters: object) -> list:
        """Write the files and return the arguments of a run."""
        self.input.mkdir(exist_ok=True)
        self.areas.to_file(self.input / "counties.gpkg")
        self.table.to_csv(self.input / "poverty.csv", index=False)
        folders = ["--input", self.input, "--output", self.output]
        return ["run", select, *folders, *settings(**QUICK | COUNTIES | parameters)]


@pytest.fixture
def counties(tmp_path) -> Counties:
    """Give another country's files, for a test to change."""
    return Counties(tmp_path)


def test_another_countrys_areas_run_without_a_change_of_code(counties, command):
    outcome = command(*counties.arguments())
    assert outcome.code == 0, outcome.err
    with connect_published(counties.output) as connection:
        embeddings = connection.sql("from embeddings.embeddings").df()
        assert embeddings.columns[1:].tolist() == [f"b{n:02}" for n in range(12)]
        assert embeddings["area"][0] == "01001"
        expected = counties.areas.set_index("GEOID").loc["01001", "b3"]
        assert embeddings["b03"][0] == expected
        sizes = connection.sql("select areas from embeddings.cluster_summary")
        assert sizes.df()["areas"].sum() == 60
        job = load_project().jobs["embeddings"]
        files = write_figures(connection, job, counties.output / "figures")
    assert len(files) == 22
    areas = gpd.read_file(
        counties.output / "embeddings" / "classification.gpkg", layer="classification"
    )
    assert areas.crs == "EPSG:5070"
    own = {"area (socio-economic)", "fid (socio-economic)"}
    assert {"poverty_class", "income", *own} <= set(areas.columns)


def test_what_the_job_writes_of_its_areas_it_reads_again(counties, command):
    outputs = [counties.output, counties.output.with_name("again")]
    files = [output / "embeddings" / "embeddings.parquet" for output in outputs]
    table = "embeddings.embedded_areas"
    assert command(*counties.arguments(table)).code == 0
    shutil.copy(files[0], counties.input)
    counties.output = outputs[1]
    own = {"areas_file": files[0].name, "id_column": "area", "name_column": "area_name"}
    outcome = command(
        *counties.arguments(table, **own, socioeconomic_id_column="GEOID")
    )
    assert outcome.code == 0, outcome.err
    first, again = map(gpd.read_parquet, files)
    assert first.columns[2:-1].tolist() == [f"b{n:02}" for n in range(12)]
    assert_geodataframe_equal(again, first)


def test_the_geopackage_is_taken_where_there_is_no_geojson(demo, tmp_path, command):
    folder = tmp_path / "input"
    folder.mkdir()
    path = (folder / GEOJSON).with_suffix(".gpkg")
    gpd.read_file(demo / GEOJSON).to_crs(27700).to_file(path)
    (folder / "Socioeconomic.csv").write_bytes(
        (demo / "Socioeconomic.csv").read_bytes()
    )
    output = tmp_path / "output"
    arguments = ["--input", folder, "--output", output]
    assert command("run", "embeddings.centroids", *arguments).code == 0
    with connect_published(output) as connection:
        east = connection.sql("select avg(x) from embeddings.centroids").fetchone()[0]
    assert east > 1000  # metres


# --- What is refused ------------------------------------------------------------------


def without_dimensions(counties: Counties) -> None:
    """Name the dimensions otherwise than the pattern says."""
    names = {f"b{number}": f"c{number}" for number in range(12)}
    counties.areas = counties.areas.rename(columns=names)


def with_eleven_dimensions(counties: Counties) -> None:
    """Take one dimension away."""
    counties.areas = counties.areas.drop(columns="b7")


def with_other_codes(counties: Counties) -> None:
    """Write one file's codes otherwise."""
    counties.table["GEOID"] = counties.table["GEOID"].str.lstrip("0") + "x"


def with_one_class(counties: Counties) -> None:
    """Give every area the same class."""
    counties.table["poverty_class"] = 2


def with_a_small_class(counties: Counties) -> None:
    """Give two areas a class of their own."""
    counties.table.loc[:1, "poverty_class"] = 9


def with_a_missing_dimension(counties: Counties) -> None:
    """Take one area's value away."""
    counties.areas.loc[4, "b5"] = np.nan


def with_text_for_a_number(counties: Counties) -> None:
    """Write n/a in a cell."""
    counties.table["income"] = counties.table["income"].astype(object)
    counties.table.loc[3, "income"] = "n/a"


@pytest.mark.parametrize(
    ("change", "parts_of_the_sentence"),
    [
        (
            without_dimensions,
            ["No column of the areas file fits", r"^b\d+$", "b_other"],
        ),
        (with_eleven_dimensions, ["11 columns", "promises 12"]),
        (
            with_other_codes,
            ["None of the 60 codes", "(01001, 01002, 01003 …)", "62", "1001x, 1002x"],
        ),
        (with_one_class, ["poverty_class is 2 for all 60 areas", "one class"]),
        (with_a_small_class, ["class 9 of poverty_class has 2 areas", "3 folds"]),
        (
            with_a_missing_dimension,
            ["Area 01005 has no value in column b5", "missing_values=leave_out"],
        ),
        (with_text_for_a_number, ["GEOID 01004", '"n/a"', "column income"]),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    change, parts_of_the_sentence, counties, command
):
    change(counties)
    outcome = command(*counties.arguments("embeddings.forest_splits"))
    assert outcome.code == 1
    for part in parts_of_the_sentence:
        assert part in outcome.err
    assert "Traceback" not in outcome.err


def test_missing_values_drop_out_by_name_where_that_is_asked_for(counties, command):
    with_a_missing_dimension(counties)
    counties.table.loc[7, "income"] = np.nan
    counties.table = counties.table.drop(index=0)
    outcome = command(*counties.arguments(missing_values="leave_out"))
    assert outcome.code == 0, outcome.err
    with connect_published(counties.output) as connection:
        left_out = connection.sql("from embeddings.left_out").fetchall()
        scores = connection.sql("from embeddings.forest_scores").df()
    assert left_out == [
        ("01001", "no socio-economic row: not in the forests"),
        ("01005", "an embedding dimension has no value: not classified"),
        ("01008", "a socio-economic value is missing: not in the forests"),
    ]
    assert scores["rows_used"].unique() == [57]
    assert scores["rows_dropped"].unique() == [3]


# --- The real London areas ------------------------------------------------------------

TREES, FOLD_TREES, REPEATS = 10, 5, 3
LEARNING = {"class_weight": "balanced", "min_samples_leaf": 4, "random_state": 42}


@pytest.fixture(scope="module")
def london(tmp_path_factory, real_embeddings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build what the forests need and say from the real files, and the mapped classes.

    The forests need be no good ones: what they say is computed once more from as many
    trees.
    """
    output = tmp_path_factory.mktemp("london")
    tables = [
        *("fold_contacts", "dimensions", "map_classes", "similar_areas"),
        *("forest_leakage", "forest_group_importances", "residual_autocorrelation"),
    ]
    names = [f"embeddings.{table}" for table in tables]
    arguments = ["--input", str(real_embeddings), "--output", str(output)]
    few = settings(
        trees=TREES,
        fold_trees=FOLD_TREES,
        smallest_leaf=LEARNING["min_samples_leaf"],
        permutation_repeats=REPEATS,
    )
    assert pipeline.main(["run", *names, *arguments, *few]) == 0
    with connect_published(output) as connection:
        yield connection


@pytest.fixture(scope="module")
def london_rows(real_embeddings) -> pd.DataFrame:
    """Give all columns of both files by code, read by pandas alone."""
    files = json.loads((real_embeddings / GEOJSON).read_text())["features"]
    areas = pd.DataFrame([feature["properties"] for feature in files])
    rows = areas.merge(
        pd.read_csv(real_embeddings / "Socioeconomic.csv"), on="LSOA21CD"
    )
    return rows.sort_values("LSOA21CD").set_index("LSOA21CD")


@pytest.fixture(scope="module")
def london_contacts(real_embeddings) -> pd.DataFrame:
    """Give the pairs of areas that touch, as geopandas finds them."""
    return pairs_that_touch(gpd.read_file(real_embeddings / GEOJSON), "LSOA21CD")


def pairs_that_touch(areas: gpd.GeoDataFrame, code: str) -> pd.DataFrame:
    """Return the codes of each two areas that touch, both ways round."""
    one, other = areas.sindex.query(areas.geometry, predicate="intersects")
    codes = areas[code].to_numpy()
    pairs = pd.DataFrame({"one": codes[one], "other": codes[other]})
    return pairs[pairs["one"] != pairs["other"]].sort_values(["one", "other"])


def compare_contacts_with_geopandas(
    connection: duckdb.DuckDBPyConnection, pairs: pd.DataFrame
) -> dict[str, float]:
    """Count what touches the training; return its share in per cent by validation."""
    splits = connection.sql("from embeddings.forest_splits").df().set_index("area")
    found = connection.sql("from embeddings.fold_contacts").df()
    shares = {}
    for validation, column in (("blocked", "fold"), ("random", "random_fold")):
        fold = splits[column]
        parted = fold[pairs["one"]].to_numpy() != fold[pairs["other"]].to_numpy()
        touching = fold[pairs["one"][parted].unique()].value_counts().sort_index()
        rows = found[found["validation"] == validation].sort_values("fold")
        assert rows["areas_touching"].tolist() == touching.tolist()
        share = 100 * touching.sum() / len(fold)
        assert rows["is_unseen"].unique() == [validation == "blocked" and share <= 25]
        shares[validation] = share
    return shares


def test_areas_that_touch_the_training_are_those_that_geopandas_finds(
    london, london_contacts
):
    shares = compare_contacts_with_geopandas(london, london_contacts)
    assert shares["blocked"] < 25 < shares["random"]


@pytest.mark.parametrize(
    ("block_by", "blocks", "alone", "touching"),
    [("name", 1752, 1293, 99.3), ("location", 31, 1, 20.0)],
)
def test_blocks_by_name_of_us_counties_are_no_blocks(
    block_by, blocks, alone, touching, us_counties, command
):
    """Most hold one county, which touches others: nothing calls them unseen.

    By location one county has no place, for it has no boundary.
    """
    columns = {
        "areas_file": US_COUNTIES.name,
        "id_column": "GEOID",
        "name_column": "name",
        "target": "SVI_decile",
        "predictors": "EP_POV",
        "block_by": block_by,
    }
    arguments = [
        "--input",
        us_counties,
        "--output",
        us_counties.with_name("us_counties_output"),
    ]
    outcome = command(
        "run", "embeddings.fold_contacts", *arguments, *settings(**columns)
    )
    assert outcome.code == 0, outcome.err
    counties = gpd.read_file(US_COUNTIES, columns=["GEOID", "name"])
    with connect_published(us_counties.with_name("us_counties_output")) as connection:
        sizes = connection.sql("from embeddings.blocks").df()["block"].value_counts()
        pairs = pairs_that_touch(counties, "GEOID")
        shares = compare_contacts_with_geopandas(connection, pairs)
    assert (len(sizes), (sizes == 1).sum()) == (blocks, alone)
    assert shares["blocked"] == pytest.approx(touching, abs=0.05)
    if block_by == "name":
        names = counties["name"].str.replace(r"\s+\S+$", "", regex=True)
        assert sorted(sizes) == sorted(names.value_counts())


@pytest.fixture(scope="module")
def us_counties(tmp_path_factory) -> Path:
    """Give a folder of the real US counties and their table, or skip without them."""
    if not US_COUNTIES.exists():
        pytest.skip("the real US counties are not there (shared/data beside the clone)")
    folder = tmp_path_factory.mktemp("us_counties")
    (folder / US_COUNTIES.name).symlink_to(US_COUNTIES)
    table = pyogrio.read_dataframe(US_COUNTIES, read_geometry=False)
    table[["GEOID", "SVI_decile", "EP_POV"]].to_csv(
        folder / "Socioeconomic.csv", index=False
    )
    return folder


def test_scores_of_londons_folds_are_those_of_scikit_learn(london):
    """Random and blocked folds of the same sizes: the gap between them is the leak."""
    predictions = london.sql("from embeddings.forest_predictions").df()
    splits = london.sql("from embeddings.forest_splits").df().set_index("area")
    scores = london.sql("from embeddings.forest_scores").df()
    scores = scores.set_index(["feature_set", "validation"])
    for place, own in predictions.groupby(["feature_set", "validation"]):
        by_fold = pd.DataFrame([scored(fold) for _, fold in own.groupby("fold")])
        for measure, mean in by_fold.mean().items():
            assert scores.loc[place, measure] == pytest.approx(mean), measure
        if place[1] != "single_split":
            assert scores.loc[place, "accuracy_spread"] == pytest.approx(
                by_fold["accuracy"].std()
            )
    columns = {"blocked": "fold", "random": "random_fold"}
    for validation, column in columns.items():
        floors = []
        for number in range(1, 6):
            tested = splits[column] == number
            known, asked = splits.loc[~tested, "class"], splits.loc[tested, "class"]
            floor = DummyClassifier(strategy="most_frequent").fit(known, known)
            floors.append(floor.score(asked, asked))
        found = scores.xs(validation, level="validation")["floor_accuracy"]
        assert found.tolist() == pytest.approx([np.mean(floors)] * 3)
    assert splits["fold"].value_counts().equals(splits["random_fold"].value_counts())
    for row in london.sql("from embeddings.forest_leakage").df().itertuples():
        own = scores["accuracy"].loc[row.feature_set]
        assert row.leakage == pytest.approx(own["random"] - own["blocked"])
        assert row.luck == pytest.approx(own["single_split"] - own["random"])


def scored(fold: pd.DataFrame) -> dict[str, float]:
    """Return scikit-learn's scores of one forest's predictions."""
    actual, predicted = fold["actual"], fold["predicted"]
    return {
        "accuracy": accuracy_score(actual, predicted),
        "label_error": mean_absolute_error(actual, predicted),
        "macro_f1": f1_score(actual, predicted, average="macro"),
        "quadratic_weighted_kappa": cohen_kappa_score(
            actual, predicted, weights="quadratic"
        ),
        "median_label_error": mean_absolute_error(actual, fold["predicted_median"]),
        "ordinal_accuracy": accuracy_score(actual, fold["predicted_ordinal"]),
        "ordinal_label_error": mean_absolute_error(actual, fold["predicted_ordinal"]),
    }


@pytest.mark.parametrize(
    ("validation", "column"), [("random", "random_fold"), ("blocked", "fold")]
)
def test_a_fold_of_london_is_predicted_as_by_scikit_learn(
    validation, column, london, london_rows
):
    """The forest, the median of its votes, and the straight line it has to beat."""
    splits = london.sql("from embeddings.forest_splits").df().set_index("area")
    is_test = (splits[column] == 1).loc[london_rows.index]
    known, asked = london_rows[~is_test], london_rows[is_test]
    forest = RandomForestClassifier(FOLD_TREES, **LEARNING)
    forest.fit(known[PREDICTORS], known["IMD_decile"])
    line = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 7)))
    line.fit(known[PREDICTORS], known["IMD_decile"])
    found = london.sql(
        "from embeddings.forest_predictions where feature_set = 'socioeconomic' "
        f"and validation = '{validation}' and fold = 1 order by area"
    ).df()
    assert found["area"].tolist() == asked.index.tolist()
    assert found["predicted"].tolist() == forest.predict(asked[PREDICTORS]).tolist()
    ordinal = np.rint(line.predict(asked[PREDICTORS])).clip(1, 10)
    assert found["predicted_ordinal"].tolist() == ordinal.tolist()
    # Of all classes the median has the least expected label error.
    votes, classes = forest.predict_proba(asked[PREDICTORS]), forest.classes_
    errors = votes @ np.abs(classes[:, np.newaxis] - classes)
    of_median = errors[np.arange(len(found)), found["predicted_median"] - 1]
    assert of_median == pytest.approx(errors.min(axis=1))


def test_londons_single_split_has_the_intervals_of_scipy(london):
    predictions = london.sql(
        "from embeddings.forest_predictions where validation = 'single_split'"
    ).df()
    scores = london.sql(
        "from embeddings.forest_scores where validation = 'single_split'"
    ).df()
    for row in scores.set_index("feature_set").itertuples():
        own = predictions[predictions["feature_set"] == row.Index]
        hits = int((own["actual"] == own["predicted"]).sum())
        wilson = binomtest(hits, len(own)).proportion_ci(method="wilson")
        assert (row.accuracy_low, row.accuracy_high) == pytest.approx(tuple(wilson))
        errors = (own["actual"] - own["predicted"]).abs()
        normal = norm.interval(0.95, errors.mean(), errors.sem())
        assert (row.label_error_low, row.label_error_high) == pytest.approx(normal)


def test_errors_lie_together_on_londons_map_as_esda_has_it(london, london_contacts):
    predictions = london.sql("from embeddings.forest_predictions order by area").df()
    found = london.sql("from embeddings.residual_autocorrelation").df()
    near = london_contacts.groupby("one")["other"].agg(list).to_dict()
    weights = W(near, id_order=sorted(near), silence_warnings=True)
    assert len(found) == 6
    for row in found.itertuples():
        own = predictions[
            (predictions["feature_set"] == row.feature_set)
            & (predictions["validation"] == row.validation)
        ]
        errors = (own["actual"] - own["predicted_median"]).to_numpy()
        expected = Moran(errors, weights, transformation="r", permutations=0)
        assert row.areas == len(near) == len(errors)
        assert row.morans_i == pytest.approx(expected.I)
        assert row.z_score == pytest.approx(expected.z_rand)
        assert row.p_value == pytest.approx(expected.p_rand)


def test_what_londons_forest_owes_groups_is_what_scikit_learn_measures(
    london, london_rows
):
    """A group is shuffled as one column would be: that of its rows' numbers."""
    dimensions = [f"A{number:02}_mean" for number in range(64)]
    train, test = train_test_split(
        london_rows, test_size=0.2, stratify=london_rows["IMD_decile"], random_state=42
    )
    features = [*PREDICTORS, *dimensions]
    forest = RandomForestClassifier(TREES, **LEARNING)
    forest.fit(train[features].to_numpy(), train["IMD_decile"])
    tested = test[features].to_numpy()

    def measured(columns: list[str]) -> tuple[float, float]:
        places = [features.index(column) for column in columns]

        def accuracy(model: RandomForestClassifier, rows: np.ndarray, actual) -> float:
            shuffled = tested.copy()
            shuffled[:, places] = tested[rows[:, 0]][:, places]
            return accuracy_score(actual, model.predict(shuffled))

        numbers = np.arange(len(test))[:, np.newaxis]
        falls = permutation_importance(
            *(forest, numbers, test["IMD_decile"]),
            scoring=accuracy,
            n_repeats=REPEATS,
            random_state=42,
        )
        return falls.importances_mean[0], falls.importances_std[0]

    groups = {"socioeconomic": PREDICTORS, "embeddings": dimensions}
    groups |= {name: [name] for name in PREDICTORS}
    found = london.sql(
        "from embeddings.forest_group_importances where feature_set = 'both'"
    ).df()
    assert set(found["feature_group"]) == set(groups)
    for row in found.itertuples():
        fall, spread = measured(groups[row.feature_group])
        assert (row.permutation, row.permutation_spread) == pytest.approx(
            (fall, spread)
        )
        # Within two spreads of nothing is marked as nothing.
        assert row.is_clear == (abs(fall) > 2 * spread)
    assert set(found["is_clear"]) == {True, False}


def test_the_folds_of_london_keep_blocks_whole(london):
    splits = london.sql("from embeddings.forest_splits").df()
    assert splits["block"].nunique() == 30
    assert splits.groupby("block")["fold"].nunique().max() == 1
    assert splits["fold"].value_counts().min() > 900


@pytest.mark.parametrize(
    ("feature_set", "accuracy"),
    [("socioeconomic", 0.232), ("both", 0.388)],
)
def test_single_split_predictions_equal_scikit_learns_on_the_same_rows(
    feature_set, accuracy, london, london_rows
):
    rows = london_rows
    dimensions = [f"A{number:02}_mean" for number in range(64)]
    groups = feature_groups(PREDICTORS, dimensions)[feature_set]
    features = [name for group in groups.values() for name in group]
    train, test, actual_train, actual = train_test_split(
        rows[features],
        rows["IMD_decile"],
        test_size=0.2,
        stratify=rows["IMD_decile"],
        random_state=42,
    )
    forest = RandomForestClassifier(
        100, class_weight="balanced", random_state=42, n_jobs=-1
    )
    expected = forest.fit(train, actual_train).predict(test)

    splits = london.sql("from embeddings.forest_splits order by area").to_arrow_table()
    inputs = london.sql("from embeddings.forest_inputs order by area").to_arrow_table()
    buffers = london.sql("from embeddings.fold_buffers").to_arrow_table()
    found = evaluate(
        inputs,
        splits["class"].to_numpy(),
        groups,
        next(parts(splits, buffers)),
        trees=100,
        smallest_leaf=1,
        repeats=1,
        seed=42,
    )["predictions"]
    assert [entry["area"] for entry in found] == test.index.tolist()
    assert [entry["predicted"] for entry in found] == expected.tolist()
    assert (expected == actual).mean() == pytest.approx(accuracy, abs=5e-4)


def test_quantiles_of_london_equal_mapclassifys(london):
    import mapclassify

    table = london.sql(
        "from embeddings.map_classes where scheme <> 'natural_breaks' order by area"
    ).df()
    schemes = {
        "quantile": mapclassify.Quantiles,
        "equal_interval": mapclassify.EqualInterval,
    }
    for (variable, scheme), group in table.groupby(["variable", "scheme"]):
        if variable != "IMD_decile":
            expected = schemes[scheme](group["value"].to_numpy(), k=10).yb + 1
            assert (group["class"].to_numpy() == expected).all()


def test_a_decile_is_its_own_class_under_each_scheme(london):
    rows = london.sql(
        "select distinct scheme, value, class, label from embeddings.map_classes "
        "where variable = 'IMD_decile'"
    ).fetchall()
    assert len(rows) == 30
    assert all(value == number == float(label) for _, value, number, label in rows)
