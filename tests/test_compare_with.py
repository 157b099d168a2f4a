"""compare-with: a classification held against files, runs and the other job."""

import csv
import io
import shutil

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box
from sklearn.metrics import adjusted_rand_score

from placetypes.compare.held_against import hold_against as hold_against_any
from placetypes.compare.other import Question
from placetypes.database import PUBLISHED, connect
from placetypes.errors import PlacetypesError
from placetypes.notes import META
from placetypes.runner.project import load_project

# A grid of 4 × 2 squares of one metre: A below, B above; the last fits badly.
AREAS = [(f"E{x}{y}", x, y, "AB"[y]) for x in range(4) for y in range(2)]


def hold_against(output, question):
    return hold_against_any(output, question, load_project().jobs)


@pytest.fixture
def output(tmp_path):
    """Publish a classification of eight squares, and clusters of four that cover it."""
    folder = tmp_path / "outputs"
    folder.mkdir()
    with connect(folder / PUBLISHED) as connection:
        connection.execute(META)
        connection.execute(
            "insert into meta.runs (run_id, synthetic) values ('20260101T0', true)"
        )
        connection.execute("create schema census; create schema embeddings")
        squares = ", ".join(
            f"('{area}', '{letter}', '{letter}{1 + x % 2}', {0.9 - x / 10}, "
            f"'{box(x, y, x + 1, y + 1).wkt}')"
            for area, x, y, letter in AREAS
        )
        connection.execute(
            "create table census.classification as select * replace "
            "(st_setcrs(st_geomfromtext(geometry), 'EPSG:27700') as geometry) "
            f"from (values {squares}) as t "
            "(area, supergroup, subgroup, fit, geometry)"
        )
        # Three of four metres from the left are of cluster P; both rows alike.
        zones = ", ".join(
            f"('Z{n}', '{name}', '{shape.wkt}')"
            for n, (name, shape) in enumerate(
                [
                    ("P", box(0, 0, 1.6, 2)),
                    ("P", box(1.6, 0, 2.6, 2)),
                    ("Q", box(2.6, 0, 9, 2)),
                ]
            )
        )
        connection.execute(
            "create table embeddings.classification as select * replace "
            "(st_setcrs(st_geomfromtext(geometry), 'EPSG:27700') as geometry) "
            f"from (values {zones}) as t (area, cluster, geometry)"
        )
    return folder


@pytest.fixture
def national(tmp_path):
    """Write a published classification: 1 is A, 2 is B, but E30 is in 2."""
    path = tmp_path / "national.csv"
    rows = [
        (area, "2" if letter == "B" or area == "E30" else "1")
        for area, _, _, letter in AREAS
    ]
    text = "".join(f"{area},{name}\n" for area, name in rows)
    path.write_text(f"OA,Supergroup\n{text}W99,3\n")
    return path


@pytest.fixture
def compare_with(output, command):
    """Give a function that runs the command on that result."""

    def run(*arguments):
        return command("compare-with", *arguments, "--output", output)

    return run


def columns(path) -> list[str]:
    return [str(path), "--id", "OA", "--class", "Supergroup"]


def test_a_csv_is_met_by_code_and_measured(output, national):
    question = Question("census", "", str(national), "OA", "Supergroup")
    answer = hold_against(output, question)
    assert answer.table.counts.tolist() == [[3, 1], [0, 4]]
    assert answer.matching == {"A": "1", "B": "2"}
    assert answer.measures["areas in matching classes, %"] == pytest.approx(87.5)
    assert answer.measures["adjusted Rand index"] == pytest.approx(
        adjusted_rand_score([p[1] for p in answer.pairs], [p[2] for p in answer.pairs])
    )
    assert [pair[0] for pair in answer.disagreeing] == ["E30"]


def test_it_prints_and_writes_tables_and_figures(compare_with, national, output):
    outcome = compare_with(*columns(national))
    assert outcome.code == 0, outcome.err
    assert "8 of 8 areas are in both, by code." in outcome.out
    assert "E30" in outcome.out
    folder = output / "census" / "compared" / "national"
    assert {path.name for path in folder.iterdir()} == {
        *("measures.csv", "cross_table.csv", "matching.csv", "areas.csv"),
        *("heatmap.png", "heatmap.svg", "agreement_map.png", "agreement_map.svg"),
    }
    cells = pd.read_csv(folder / "cross_table.csv")
    assert cells["areas"].sum() == 8
    assert cells.groupby("class")["share_of_class"].sum().tolist() == [100, 100]
    assert cells.groupby("other_class")["share_of_other"].sum().tolist() == [100, 100]
    matching = pd.read_csv(folder / "matching.csv").set_index("class")
    assert matching.loc["A", "areas_shared"] == 3
    assert matching.loc["B", "share_of_match"] == 80


def test_parquet_and_geopackage_say_the_same(compare_with, national, tmp_path):
    expected = compare_with(*columns(national), "--csv").out
    frame = pd.read_csv(national)
    frame.to_parquet(tmp_path / "national.parquet")
    shapes = gpd.GeoDataFrame(frame, geometry=[box(0, 0, 1, 1)] * len(frame), crs=27700)
    shapes.to_file(tmp_path / "two.gpkg", layer="other")
    shapes.to_file(tmp_path / "two.gpkg", layer="oac")
    layer = [*columns(tmp_path / "two.gpkg"), "--layer", "oac"]
    assert (
        compare_with(*columns(tmp_path / "national.parquet"), "--csv").out == expected
    )
    assert compare_with(*layer, "--csv").out == expected
    outcome = compare_with(*layer[:-2])
    assert outcome.code == 1
    assert "holds 2 layers (other, oac); name one with --layer" in outcome.err
    rows = list(csv.DictReader(io.StringIO(expected)))
    assert [row["area"] for row in rows if row["agrees"] == "False"] == ["E30"]


def test_subgroups_can_be_held_against_it_too(compare_with, national):
    outcome = compare_with(*columns(national), "--level", "subgroup")
    assert "A1" in outcome.out


def test_of_areas_that_disagree_those_that_fit_best_come_first(output, tmp_path):
    path = tmp_path / "mixed.csv"
    names = {"E00": "2", "E20": "2", "E10": "1", "E30": "1"}
    rows = [f"{a},{names.get(a, '2' if b == 'B' else '1')}" for a, _, _, b in AREAS]
    path.write_text("OA,Supergroup\n" + "\n".join(rows) + "\n")
    question = Question("census", "", str(path), "OA", "Supergroup")
    assert [p[0] for p in hold_against(output, question).disagreeing] == ["E00", "E20"]


def test_the_other_job_is_met_by_the_largest_overlap(output):
    """E1 lies 0.6 and 0.4 in two zones of P, E2 0.6 in P and 0.4 in Q."""
    answer = hold_against(output, Question("census", "", "embeddings"))
    assert answer.met_by == "largest overlap"
    clusters = {pair[0]: pair[2] for pair in answer.pairs}
    assert clusters == {area: "Q" if x == 3 else "P" for area, x, _, _ in AREAS}


def test_or_by_a_lookup(output, tmp_path):
    lookup = tmp_path / "lookup.csv"
    lookup.write_text("OA,LSOA\nE00,Z2\nE01,Z0\n")
    question = Question("census", "", "embeddings", lookup=lookup)
    answer = hold_against(output, question)
    assert [pair[:3] for pair in answer.pairs] == [("E00", "A", "Q"), ("E01", "B", "P")]
    assert answer.met_by == "lookup lookup.csv"


def test_a_lookup_of_other_codes_says_how_they_differ(output, tmp_path):
    lookup = tmp_path / "lookup.csv"
    question = Question("census", "", "embeddings", lookup=lookup)
    for text, expected in (
        ("OA,LSOA\nE00,z2\nE01,z0\n", "column LSOA of lookup.csv (z0 and 1 more)"),
        ("OA,LSOA\nE00,z2\n", "1 would be in both in capital letters (z2 and Z2)."),
        ("OA,LSOA\ne00,Z2\n", "None of the 8 areas (E00 …) is among the 1 of lookup"),
        ("OA,LSOA\ne00,Z2\n", "1 would be in both in capital letters (E00 and e00)."),
    ):
        lookup.write_text(text)
        with pytest.raises(PlacetypesError) as raised:
            hold_against(output, question)
        assert expected in str(raised.value)


def test_na_is_no_class_and_that_is_said(compare_with, tmp_path):
    file = tmp_path / "from_r.csv"
    file.write_text("OA,Supergroup\nE00,1\nE01,2\nE10,NA\nE11,NA\nE20,\n")
    outcome = compare_with(*columns(file))
    assert "2 of 8 areas are in both" in outcome.out
    assert "from_r.csv: 2 areas have NA in column Supergroup" in outcome.err


HOSTILE = (
    """x" as area, content as other from read_text('{secret}')); """
    """copy (select 1) to '{target}'; --"""
)


@pytest.fixture
def hostile(tmp_path):
    """Give a CSV header that, taken for SQL, would read one file and write another."""
    (tmp_path / "secret.txt").write_text("E00")
    header = HOSTILE.format(secret=tmp_path / "secret.txt", target=tmp_path / "taken")
    yield header
    assert not (tmp_path / "taken").exists()


def write_csv(path, *rows):
    """Write rows as a CSV file."""
    with path.open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    return path


def test_a_lookups_header_is_never_sql(output, tmp_path, hostile):
    for header in ([hostile, "LSOA"], ["OA", hostile], [hostile, f"{hostile} too"]):
        lookup = write_csv(tmp_path / "lookup.csv", header, ["E00", "Z2"])
        question = Question("census", "", "embeddings", lookup=lookup)
        assert [p[:3] for p in hold_against(output, question).pairs] == [
            ("E00", "A", "Q")
        ]


@pytest.mark.parametrize("kind", ["csv", "parquet", "gpkg"])
def test_nor_is_a_files(kind, output, tmp_path, hostile):
    path = write_csv(tmp_path / "other.csv", [hostile, "a'b"], ["E00", "1"])
    if kind == "parquet":
        path = path.with_suffix(".parquet")
        pd.DataFrame({hostile: ["E00"], "a'b": ["1"]}).to_parquet(path)
    elif kind == "gpkg":
        path = path.with_suffix(".gpkg")
        columns = {hostile: ["E00"], "a'b": ["1"]}
        gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1)], crs=27700).to_file(path)
    pairs = hold_against(
        output, Question("census", "", str(path), hostile, "a'b")
    ).pairs
    assert [pair[:3] for pair in pairs] == [("E00", "A", "1")]


def test_nor_is_a_files_name(output, tmp_path, hostile):
    name = "x'); copy (select 1) to 'taken.csv'; --.csv"
    path = write_csv(tmp_path / name, ["OA", "S"], ["E00", "1"])
    question = Question("census", "", str(path), "OA", "S")
    assert len(hold_against(output, question).pairs) == 1


def test_a_run_is_held_against_the_latest(compare_with):
    outcome = compare_with("20260101")
    assert outcome.code == 0, outcome.err
    assert "adjusted Rand index" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.csv"], "There is no file nothing.csv."),
        (["20990101"], "no kept run is called 20990101"),
        (["census", "--job", "census"], "census would be held against itself"),
        (["embeddings", "--job", "sensus"], "There is no job sensus."),
        (["embeddings", "--level", "cluster"], "census has no level cluster."),
        (["embeddings", "--lookup", "no.csv"], "There is no file no.csv."),
    ],
)
def test_what_can_not_be_found_is_said(compare_with, arguments, sentence):
    outcome = compare_with(*arguments)
    assert outcome.code == 1
    assert sentence in outcome.err


def test_what_is_wrong_with_a_file_is_said(compare_with, national, tmp_path):
    assert "--id OA --class Supergroup" in compare_with(national).err
    wrong = compare_with(national, "--id", "OB", "--class", "Supergroup")
    assert "has no column OB. Known: OA, Supergroup." in wrong.err
    twice = tmp_path / "twice.csv"
    twice.write_text("OA,Supergroup\nE00,1\nE00,2\n")
    assert "holds E00 2 times" in compare_with(*columns(twice)).err
    foreign = tmp_path / "foreign.csv"
    foreign.write_text("OA,Supergroup\nW1,1\n")
    assert "None of the 8 areas (E00 …) is among the 1" in (
        compare_with(*columns(foreign)).err
    )
    broken = tmp_path / "broken.gpkg"
    broken.write_text("not a GeoPackage")
    outcome = compare_with(*columns(broken))
    assert outcome.code == 1
    assert "broken.gpkg can't be read" in outcome.err


def test_jobs_that_lie_apart_say_so(output, compare_with):
    with connect(output / PUBLISHED) as connection:
        connection.execute(
            "create or replace table embeddings.classification as select 'Z' as area, "
            "'P' as cluster, st_setcrs(st_geomfromtext("
            "'POLYGON ((90 90, 91 90, 91 91, 90 90))'), 'EPSG:27700') as geometry"
        )
    assert "they lie in different places" in compare_with("embeddings").err


def test_a_run_of_before_that_lacks_the_level_says_so(output):
    (output / "history").mkdir()
    former = output / "history" / "20250101T0.duckdb"
    shutil.copy(output / PUBLISHED, former)
    with connect(output / PUBLISHED) as connection:
        connection.execute(
            "alter table census.classification add column deepest_cluster varchar"
        )
    with pytest.raises(PlacetypesError) as refused:
        hold_against(output, Question("census", "deepest_cluster", "20250101T0"))
    assert str(refused.value) == (
        "The run 20250101T0 holds no deepest_cluster in its census.classification."
    )
