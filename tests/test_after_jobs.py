"""The jobs that start where a classification ends, run from the command line."""

import json

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def town(tmp_path_factory, small_city_files):
    """Classify the small city once; give its input and its output folder."""
    import pipeline

    output = tmp_path_factory.mktemp("town")
    options = ["region=West", "clusters=3", "subgroups=2", "restarts=20"]
    sets = [part for option in options for part in ("--set", option)]
    files = ["--input", str(small_city_files), "--output", str(output)]
    assert pipeline.main(["run", "census", *files, *sets]) == 0
    return small_city_files, output


def read(folder, job, name):
    """Return one of a job's exported CSV files, everything as text."""
    return pd.read_csv(folder / job / name, dtype=str)


def test_a_runs_model_gives_its_own_areas_their_classes(town, command, tmp_path):
    folder, output = town
    run = command(
        "run",
        "scored",
        "--input",
        folder,
        "--set",
        f"model={output / 'census' / 'model.json'}",
        "--set",
        f"published={output / 'census' / 'classification.parquet'}",
        "--output",
        tmp_path,
    )
    assert run.code == 0, run.err
    agreement = read(tmp_path, "scored", "agreement.csv")
    everything = agreement[agreement["margin_quarter"] == "all"]
    assert list(everything["areas"]) == ["40", "40"]
    assert list(everything["agreement"].astype(float)) == [100, 100]
    # The region's 40 areas made the model; the city's other 24 are scored by it too.
    assert len(read(tmp_path, "scored", "classes.csv")) == 64

    placements = tmp_path / "scored" / "placements.parquet"
    files = {
        "before": placements,
        "after": placements,
        "centroids": tmp_path / "scored" / "centroids.parquet",
    }
    sets = [part for file in files.items() for part in ("--set", "{}={}".format(*file))]
    run = command("run", "transition", *sets, "--output", tmp_path)
    assert run.code == 0, run.err
    assert "0 of 64 areas moved (0.0 %)" in run.out
    sheets = pd.read_excel(tmp_path / "transition" / "transition.xlsx", sheet_name=None)
    assert sheets["Matrix"].query("level == 1")["areas"].sum() == 64
    assert sheets["Moved"].empty and sheets["Unpaired"].empty


def test_the_model_holds_the_means_of_the_scaled_variables(town):
    folder, output = town
    model = json.loads((output / "census" / "model.json").read_text("utf-8"))
    assert model["schema"] == "placetypes-model/1"
    assert model["areas"] == 40
    groups = pd.read_csv(output / "census" / "supergroups.csv").set_index("area")
    data = pd.read_parquet(folder / "uk_census_data.parquet").loc[groups.index]
    z = np.arcsinh(data)
    z = (z - z.min()) / (z.max() - z.min())
    means = z.groupby(groups["supergroup"]).mean()
    order = [variable["variable"] for variable in model["variables"]]
    for entry in (e for e in model["classes"] if e["level"] == 1):
        np.testing.assert_allclose(
            entry["centroid"], means.loc[entry["class"], order], atol=1e-8
        )
    for variable in model["variables"]:
        assert variable["minimum"] == data[variable["variable"]].min()
        assert variable["maximum"] == data[variable["variable"]].max()


def test_find_ends_with_the_areas_address_on_the_page(town, command):
    _, output = town
    area = pd.read_csv(output / "census" / "supergroups.csv")["area"][0]
    (output / "report.html").touch()
    found = command("find", area, "--output", output)
    assert found.code == 0, found.err
    page = (output / "report.html").as_uri()
    assert f"{page}#area={area}&by=supergroup" in found.out


def test_a_second_run_writes_the_same_model(town, command, tmp_path):
    folder, output = town
    options = ["region=West", "clusters=3", "subgroups=2", "restarts=20", "lanes=1"]
    sets = [part for option in options for part in ("--set", option)]
    run = command("run", "census", "--input", folder, "--output", tmp_path, *sets)
    assert run.code == 0, run.err
    first, second = (f / "census" / "model.json" for f in (output, tmp_path))
    assert first.read_bytes() == second.read_bytes()


@pytest.fixture
def customers(tmp_path):
    """Write four customers, a directory of three postcodes and residents."""
    (tmp_path / "records.csv").write_text(
        "id,postcode,spent\n1,L1 8JQ,10\n2,l19zz,5\n3,L1 8JX,1\n4,,2\n"
    )
    (tmp_path / "postcodes.csv").write_text(
        "pcds,oa21cd,lad25cd\nL1 8JQ,E00,W1\nL1 9ZZ,E01,W1\nL2 2AA,E63,E1\n"
    )
    areas = [f"E{n:02}" for n in range(64)]
    pd.DataFrame({"OA": areas, "people": 100}).to_csv(
        tmp_path / "base.csv", index=False
    )
    return tmp_path


def test_records_are_counted_by_class_and_each_comes_out_once(town, command, customers):
    _, output = town
    classes = output / "census" / "classification.parquet"
    shared = customers / "shared.duckdb"
    options = [f"classes_file_name={classes}", "base=people", "weight_column=spent"]
    options.append(f"warehouse={shared}")
    sets = [part for option in options for part in ("--set", option)]
    run = command("run", "records", "--input", customers, "--output", customers, *sets)
    assert run.code == 0, run.err
    assert "postcode from pcds, area from oa21cd, district from lad25cd" in run.err
    summary = read(customers, "records", "record_summary.csv").set_index("outcome")
    assert summary["records"].to_dict() == {
        "all records": "4",
        "matched": "2",
        "no postcode, area or coordinates": "1",
        "unknown postcode": "1",
    }
    # What may be handed on tells no small count, and none follows from it.
    assert "fewer than 10 lie in a classified area of the region, fewer" in run.out
    sheets = pd.read_excel(customers / "records" / "records.xlsx", sheet_name=None)
    assert sheets["Summary"].empty and sheets["Profile"].empty
    assert sheets["Gains"].empty and sheets["Game plan"].empty
    assert set(sheets["Plan by district"]["plan"]) == {"too few"}
    with duckdb.connect(str(shared), read_only=True) as connection:
        tables = connection.sql("select distinct schema_name from duckdb_tables()")
        assert tables.fetchall() == [("meta",)]
        assert connection.sql("select model from meta.models").fetchall() == []
    profile = read(customers, "records", "profile.csv")
    first = profile[profile["level"] == "1"]
    assert first["records"].astype(float).sum() == 15
    assert first["base"].astype(float).sum() == 4000

    appended = command(
        "append",
        customers / "records.csv",
        "--output",
        customers,
        "-o",
        customers / "o.csv",
    )
    assert appended.code == 0, appended.err
    lines = (customers / "o.csv").read_text().splitlines()
    assert lines[0].startswith("id,postcode,spent,supergroup,supergroup_name,subgroup")
    assert lines[3].startswith("3,L1 8JX,1,,")
    assert "2 of 4 rows have a class (50.0 %)" in appended.out.replace("\n", " ")


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        (["code"], ["record_area_column=code"]),
        (["east", "north"], ["x_column=east", "y_column=north"]),
    ],
)
def test_records_without_postcodes_need_no_directory(
    town, command, tmp_path, columns, options
):
    _, output = town
    classes = output / "census" / "classification.parquet"
    areas = gpd.read_parquet(classes)
    inside = areas.representative_point()
    records = pd.DataFrame({"code": areas["area"], "east": inside.x, "north": inside.y})
    records[columns].to_csv(tmp_path / "records.csv", index=False)
    options += [f"classes_file_name={classes}", f"boundaries_file_name={classes}"]
    sets = [part for o in [*options, "within_km=0.0001"] for part in ("--set", o)]
    folders = ["--input", tmp_path, "--output", tmp_path]
    run = command("run", "records", *folders, *sets)
    assert run.code == 0, run.err
    assert "40, of which 40 (100.0 %) lie in a classified area" in run.out
    first = read(tmp_path, "records", "profile.csv").query("level == '1'")
    assert list(first["records"]) == list(first["base"])
    reached = read(tmp_path, "records", "reached.csv")
    assert set(reached["share_reached"].astype(float)) == {100}

    own = tmp_path / "mine.csv"
    areas[["area"]].to_csv(own, index=False)
    appended = command("append", own, "--areas", "--column", "area", *folders[2:])
    assert "40 of 40 rows have a class" in appended.out.replace("\n", " ")
    refused = command("append", own, "--column", "area", *folders[2:])
    assert refused.code == 1 and "no records.directory" in refused.err


def test_places_come_as_a_workbook(town, command, tmp_path):
    _, output = town
    lookup = pd.DataFrame({"area": [f"E{n:02}" for n in range(64)]})
    lookup["ward"] = [f"W{n % 4}" for n in range(64)]
    lookup.to_csv(tmp_path / "lookup.csv", index=False)
    options = [
        f"classes_file_name={output / 'census' / 'classification.parquet'}",
        f"lookup={tmp_path / 'lookup.csv'}",
        "base=areas",
    ]
    sets = [part for option in options for part in ("--set", option)]
    run = command("run", "places", "--input", tmp_path, "--output", tmp_path, *sets)
    assert run.code == 0, run.err
    sheets = pd.read_excel(tmp_path / "places" / "places.xlsx", sheet_name=None)
    expected = pd.read_csv(tmp_path / "places" / "dominant_classes.csv")
    found = sheets["Dominant classes"]
    assert list(found["place"][::2]) == ["W0", "W1", "W2", "W3"]
    assert found.sort_values(["level", "place"])["areas"].sum() == (
        expected["areas"].sum()
    )


@pytest.mark.parametrize(
    ("broken", "options", "sentence"),
    [
        ("postcodes.csv", "street\nDuke Street\n", "its columns are street"),
        (
            "postcodes.csv",
            "pcds,oa21cd\nL1 8JQ,E00\nL18JQ,E01\n",
            "2 rows for the postcode L18JQ",
        ),
        ("records.csv", "id,Post_code\n1,L1 8JQ\n", "Did you mean Post_code"),
        ("base.csv", "OA,people\nE00,-5\n", "people of E00 is no number of 0 or more"),
        ("base.csv", "OA,people\nE00,0\n", "The base is 0 in the whole region"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(
    town, command, customers, broken, options, sentence
):
    _, output = town
    (customers / broken).write_text(options)
    classes = output / "census" / "classification.parquet"
    run = command(
        *("run", "records", "--input", customers, "--output", customers),
        *("--set", f"classes_file_name={classes}", "--set", "base=people"),
    )
    assert run.code == 1
    assert sentence in run.err.replace("\n", " ")
    assert "Traceback" not in run.err


def test_a_run_of_everything_leaves_these_jobs_alone(command, small_city, tmp_path):
    plan = command("plan", "--input", small_city, "--output", tmp_path)
    assert "scored." not in plan.out and "records." not in plan.out
