"""Each broken embeddings input gives one sentence, exit code 1, and loses nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

import pipeline

AREAS = "uk_lsoa_london_embeds_2024.geojson"
PEOPLE = "Socioeconomic.csv"

Break = Callable[[Path], None]


DIMENSIONS = ["--set", "embedding_dimensions=4"]
BEFORE_FORESTS = ["embeddings.forest_inputs", "embeddings.left_out"]


@pytest.fixture
def london(whole_london, tmp_path) -> Path:
    """Give a fresh copy of the input files, for a test to break."""
    return Path(shutil.copytree(whole_london, tmp_path / "input"))


@pytest.fixture(scope="module")
def former_output(whole_london, tmp_path_factory) -> Path:
    """Publish what the files give while they are whole, once."""
    output = tmp_path_factory.mktemp("former") / "outputs"
    arguments = ["--input", str(whole_london), "--output", str(output)]
    assert pipeline.main(["run", *BEFORE_FORESTS, *arguments, *DIMENSIONS]) == 0
    return output


@pytest.fixture(scope="module")
def whole_london(tmp_path_factory) -> Path:
    """Write 20 square areas with four embedding dimensions and their deciles."""
    folder = tmp_path_factory.mktemp("london")
    rng = np.random.default_rng(1)
    codes = [f"E{number:02}" for number in range(20)]
    frame = pd.DataFrame(
        rng.normal(size=(20, 4)), columns=[f"A{d:02}_mean" for d in range(4)]
    )
    frame.insert(0, "LSOA21CD", codes)
    frame.insert(
        1, "LSOA21NM", [f"Town {number // 5} {number:03}A" for number in range(20)]
    )
    squares = [box(x / 100, 51, x / 100 + 0.01, 51.01) for x in range(20)]
    gpd.GeoDataFrame(frame, geometry=squares, crs=4326).to_file(folder / AREAS)
    table = pd.DataFrame({"LSOA21CD": codes, "IMD_decile": [1, 2] * 10})
    for column in (
        "Percent no qualifications 16 and over",
        "Percent bad and very band health",
        "Population density per km",
        "Percent lone family household",
    ):
        table[column] = rng.uniform(0, 10, 20).round(2)
    table.to_csv(folder / PEOPLE)
    return folder


def features(change: Callable[[list[dict]], None]) -> Break:
    """Change the GeoJSON's list of features."""

    def apply(folder: Path) -> None:
        content = json.loads((folder / AREAS).read_text())
        change(content["features"])
        (folder / AREAS).write_text(json.dumps(content))

    return apply


def each_property(change: Callable[[dict], None]) -> Break:
    """Change the properties of every feature."""
    return features(lambda rows: [change(row["properties"]) for row in rows] and None)


def first_geometry(geometry: dict | None) -> Break:
    """Give the first feature another geometry."""
    return features(lambda rows: rows[0].update(geometry=geometry))


def property_of_first(name: str, value: object) -> Break:
    """Give the first feature another value."""
    return features(lambda rows: rows[0]["properties"].update({name: value}))


def table(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Break:
    """Change the socio-economic table."""

    def apply(folder: Path) -> None:
        frame = pd.read_csv(folder / PEOPLE, index_col=0)
        change(frame).to_csv(folder / PEOPLE)

    return apply


def content(file: str, data: bytes) -> Break:
    """Give a file other bytes."""
    return lambda folder: (folder / file).write_bytes(data) and None


def half(file: str) -> Break:
    """Cut a file in half."""

    def apply(folder: Path) -> None:
        data = (folder / file).read_bytes()
        (folder / file).write_bytes(data[: len(data) // 2])

    return apply


POINT = Point(0, 51).__geo_interface__

CASES: dict[str, tuple[Break, list[str]]] = {
    "no areas": (lambda f: (f / AREAS).unlink(), ["embeds_2024", "is missing"]),
    "no socio-economic file": (
        lambda f: (f / PEOPLE).unlink(),
        [PEOPLE, "is missing"],
    ),
    "empty geojson": (content(AREAS, b""), [AREAS, "0 bytes"]),
    "half a geojson": (half(AREAS), [AREAS, "can't be read"]),
    "a geojson that is a page": (content(AREAS, b"<html></html>"), [AREAS, "can't be"]),
    "a geojson without features": (
        content(AREAS, b'{"type": "FeatureCollection", "features": []}'),
        [AREAS],
    ),
    "an empty csv": (content(PEOPLE, b""), [PEOPLE, "0 bytes"]),
    "a csv of another table": (content(PEOPLE, b"a,b\n1,2\n"), [PEOPLE, "LSOA21CD"]),
    "a csv with semicolons": (
        lambda f: (
            (f / PEOPLE).write_text((f / PEOPLE).read_text().replace(",", ";")) and None
        ),
        [PEOPLE],
    ),
    "no code column": (
        each_property(lambda row: row.update(code=row.pop("LSOA21CD"))),
        [AREAS, "no column LSOA21CD"],
    ),
    "no name column": (
        each_property(lambda row: row.pop("LSOA21NM")),
        [AREAS, "no column LSOA21NM"],
    ),
    "fewer dimensions than promised": (
        each_property(lambda row: row.pop("A03_mean")),
        ["3", "4"],
    ),
    "no dimension at all": (
        each_property(
            lambda row: [row.pop(name) for name in list(row) if name[0] == "A"] and None
        ),
        ["embedding"],
    ),
    "a doubled area": (features(lambda rows: rows.append(rows[3])), ["E03", "2 rows"]),
    "an area without a code": (property_of_first("LSOA21CD", None), [AREAS, "no code"]),
    "a code with a blank": (property_of_first("LSOA21CD", "E00 "), [AREAS, "blanks"]),
    "a dimension of text": (property_of_first("A01_mean", "much"), ["A01_mean"]),
    "a missing dimension": (property_of_first("A01_mean", None), ["A01_mean", "E00"]),
    "points for areas": (first_geometry(POINT), [AREAS, "E00", "Point"]),
    "no target column": (
        table(lambda frame: frame.drop(columns="IMD_decile")),
        [PEOPLE, "no column IMD_decile"],
    ),
    "no predictor column": (
        table(lambda frame: frame.drop(columns="Population density per km")),
        [PEOPLE, "no column Population density per km"],
    ),
    "a target of text": (
        table(lambda frame: frame.assign(IMD_decile="high")),
        ["IMD_decile"],
    ),
    "a target with one class": (
        table(lambda frame: frame.assign(IMD_decile=1)),
        ["IMD_decile"],
    ),
    "codes that never match": (
        table(lambda frame: frame.assign(LSOA21CD="X" + frame["LSOA21CD"])),
        ["E00", "XE00"],
    ),
    "an area twice in the table": (
        table(lambda frame: pd.concat([frame, frame.iloc[[4]]])),
        [PEOPLE, "E04", "2 rows"],
    ),
    "an infinite predictor": (
        table(lambda frame: frame.assign(**{"Population density per km": np.inf})),
        ["Population density per km"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_broken_input_ends_in_a_sentence(
    name, london, former_output, tmp_path, command
):
    break_it, expected = CASES[name]
    output = Path(shutil.copytree(former_output, tmp_path / "outputs"))
    arguments = ["--input", london, "--output", output, *DIMENSIONS]
    before = (output / "placetypes.duckdb").read_bytes()

    break_it(london)
    outcome = command("run", *BEFORE_FORESTS, "embeddings.forest_splits", *arguments)

    assert outcome.code == 1, outcome.err
    sentence = outcome.err.strip().splitlines()[-1]
    assert sentence.startswith("error: ")
    assert "Traceback" not in outcome.err
    for fragment in expected:
        assert fragment in sentence
    assert (output / "placetypes.duckdb").read_bytes() == before


def test_an_empty_geometry_is_no_reason_to_stop(london, tmp_path, command):
    first_geometry(None)(london)
    outcome = command(
        *["run", "embeddings.areas", "--input", london, "--output", tmp_path],
        *["--set", "embedding_dimensions=4"],
    )
    assert outcome.code == 0, outcome.err
    query = "select area from embeddings.areas where is_empty"
    assert command("sql", query, "--csv", "--output", tmp_path).out == "area\nE00\n"
