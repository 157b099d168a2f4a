"""A release, held against the validators of its formats and made twice."""

import csv
import hashlib
import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pandas as pd
import pytest
import yaml

import pipeline
from placetypes.parameters import resolve
from placetypes.runner.project import load_project

# Source: citation-file-format.github.io/1.2.0/schema.json (CC-BY-4.0).
CFF = Path(__file__).with_name("citation_file_format_1.2.0.json")
VERSION = ["release", "--version", "1.0", "--author", "Doe, Jane", "--author", "Lab"]


def contents(folder: Path) -> dict[str, bytes]:
    """Return a folder's files by their names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def folder(exported, tmp_path_factory):
    """Release the small city."""
    to = tmp_path_factory.mktemp("releases")
    arguments = ["--date", "2026-11-25", "--output", str(exported), "--to", str(to)]
    assert pipeline.main([*VERSION, *arguments]) == 0
    return to / "census-1.0"


@pytest.fixture(scope="module")
def codebook(folder):
    return pd.read_csv(folder / "codebook.csv", keep_default_na=False)


def test_frictionless_finds_the_data_package_valid(folder):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    kinds = {task.name: task.type for task in report.tasks}
    assert kinds["areas-csv"] == kinds["index_scores-csv"] == "table"


def test_frictionless_notices_a_changed_value(folder, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    shutil.copytree(folder, tmp_path / "changed")
    path = tmp_path / "changed" / "data" / "areas.csv"
    path.write_text(path.read_text().replace("100.0", "many", 1))
    assert not frictionless.validate(str(tmp_path / "changed/datapackage.json")).valid


def test_mlcroissant_finds_the_croissant_valid_and_reads_it(folder):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    read = [row["areas/area"].decode() for row in dataset.records("areas")]
    assert read == list(pd.read_csv(folder / "data" / "areas.csv").area)


def test_the_citation_keeps_to_its_schema(folder):
    jsonschema = pytest.importorskip("jsonschema")
    said = yaml.safe_load((folder / "CITATION.cff").read_text())
    schema = json.loads(CFF.read_text())
    checker = jsonschema.FormatChecker()
    jsonschema.Draft7Validator(schema, format_checker=checker).validate(said)
    assert said["authors"] == [
        {"family-names": "Doe", "given-names": "Jane"},
        {"name": "Lab"},
    ]
    assert said["title"] == "Area classification of West"


def test_the_codebook_tells_of_each_column_what_is_in_it(folder, codebook):
    for name in ("areas.csv", "index_scores.csv", "variables.parquet"):
        read = pd.read_csv if name.endswith("csv") else pd.read_parquet
        table = read(folder / "data" / name)
        said = codebook[codebook.file == name].set_index("column")
        assert list(said.index) == list(table.columns)
        assert list(said.missing) == list(table.isna().sum())
        for column in table.select_dtypes("number").dropna(axis=1):
            least, most = map(float, said.range[column].split(" to "))
            assert [least, most] == pytest.approx(
                [table[column].min(), table[column].max()], abs=5.1e-5
            )


def test_each_column_has_a_meaning_and_each_number_a_unit(codebook):
    assert (codebook.meaning != "").all()
    numbers = codebook[codebook.type.isin(["number", "integer"])]
    assert (numbers.unit != "").all(), numbers[numbers.unit == ""]
    assert set(codebook.layer) == {
        "",
        "classification",
        "variables",
        "scaled_variables",
    }


def test_checksums_hold_and_the_zip_has_the_same_files(folder):
    files = contents(folder)
    lines = files.pop("SHA256SUMS").decode().splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    assert sums == {n: hashlib.sha256(b).hexdigest() for n, b in files.items()}
    with ZipFile(f"{folder}.zip") as packed:
        read = {name: packed.read(name) for name in packed.namelist()}
    assert read == {f"census-1.0/{n}": b for n, b in contents(folder).items()}


def test_licences_name_what_was_used_and_nothing_is_told_of_the_machine(
    folder, exported
):
    said = (folder / "LICENCES.md").read_text()
    assert "OS data © Crown copyright and database right." in said
    assert "`oa_pop_data.csv`" in said
    for name, content in contents(folder).items():
        assert str(exported).encode() not in content, name


def test_the_prescribed_sentence_of_the_embeddings_stands_in_their_job():
    said = load_project().jobs["embeddings"].release["licences"]["alphaearth"]
    assert said["attribution"] == (
        "The AlphaEarth Foundations Satellite Embedding dataset is produced by Google "
        "and Google DeepMind."
    )


def test_its_parameters_are_those_of_the_run(folder):
    project = load_project()
    toml = folder / "remake" / "pipeline.toml"
    values = resolve(project.specifications, toml, [], set(project.jobs))
    assert values["census.region"].value == "West"
    assert values["census.clusters"].value == 2
    assert values["census.restarts"].value == 5
    names = json.loads((folder / "remake" / "names.json").read_text())
    assert names[0]["name"] == "=Quiet 1"


def test_the_same_result_gives_the_same_bytes(folder, exported, tmp_path, command):
    arguments = ["--date", "2026-11-25", "--output", exported, "--to", tmp_path]
    assert command(*VERSION, *arguments).code == 0
    assert contents(tmp_path / "census-1.0") == contents(folder)
    again = (tmp_path / "census-1.0.zip").read_bytes()
    assert again == Path(f"{folder}.zip").read_bytes()


def test_without_an_author_it_says_so(exported, tmp_path, command):
    outcome = command(*VERSION[:3], "--output", exported, "--to", tmp_path)
    assert outcome.code == 0
    assert "No author is named" in outcome.err
    assert "Anonymous" in (tmp_path / "census-1.0" / "CITATION.cff").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--version", "next"], "“next” is no version"),
        (["--version", "../1.0"], "“../1.0” is no version"),
        (["--version", "1.0", "--date", "25.11.2026"], "is no day"),
        (["--version", "1.0", "--job", "cencus"], "There is no job cencus."),
        (["--version", "1.0", "--job", "records"], "may be released"),
        (["--version", "1.0", "--job", "embeddings"], "`run` makes it"),
    ],
)
def test_what_cannot_be_released_is_a_sentence(
    arguments, sentence, exported, tmp_path, command
):
    more = ["--output", exported, "--to", tmp_path]
    outcome = command("release", *arguments, *more)
    assert outcome.code == 1
    assert sentence in " ".join(outcome.err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_exists_stays(folder, exported, command):
    before = contents(folder)
    outcome = command(*VERSION, "--output", exported, "--to", folder.parent)
    assert outcome.code == 1
    assert "others may cite it" in " ".join(outcome.err.split())
    assert contents(folder) == before


def test_without_a_result_it_says_what_makes_one(tmp_path, command):
    outcome = command("release", "--version", "1.0", "--output", tmp_path / "empty")
    assert outcome.code == 1
    assert "There is no result" in outcome.err


@pytest.fixture
def copy(exported, tmp_path):
    """Give a copy of the result, for a test to break."""
    return Path(shutil.copytree(exported, tmp_path / "copy"))


def test_a_file_that_was_changed_keeps_a_result_from_being_released(copy, command):
    with (copy / "census" / "areas.csv").open("a") as opened:
        csv.writer(opened).writerow(["E99"])
    outcome = command("release", "--version", "1.0", "--output", copy)
    assert outcome.code == 1
    assert "census/areas.csv" in outcome.err
    assert not (copy / "releases").exists()


def test_a_broken_check_keeps_a_result_from_being_released(copy, command):
    with duckdb.connect(str(copy / "placetypes.duckdb")) as connection:
        connection.execute(
            "insert into census.population from census.population limit 1"
        )
    outcome = command("release", "--version", "1.0", "--output", copy)
    assert outcome.code == 1
    said = " ".join(outcome.err.split())
    assert "1 checks are broken, of census.population" in said
    assert not (copy / "releases").exists()
