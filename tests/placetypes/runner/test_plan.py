"""plan.py: what decides a table, and why it is built again."""

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from placetypes.inputs.find import InputFile
from placetypes.notes import MadeFrom
from placetypes.runner.plan import (
    LIBRARIES,
    fingerprint,
    made_from,
    plain,
    reason,
)
from placetypes.runner.project import Model

MODEL = Model(
    job="census",
    name="supergroups",
    path=Path("models_py/census/supergroups.py"),
    one_row="One row: one area.",
    code="select 1",
    tables=("census.cluster_inputs",),
    parameters=("clusters", "subgroups", "region"),
    inputs=("census_file",),
)
PARAMETERS = {"clusters": 5, "subgroups": [3, 3], "region": "North", "seed": 507}
FILES = {
    "census_file": InputFile("census_file", Path("c.parquet"), "aaa", {}, ""),
    "areas_file": InputFile("areas_file", Path("a.gpkg"), "ccc", {}, ""),
}
CODE_CHANGED = "supergroups.py changed, or what it imports"
PRINTS = {"census.cluster_inputs": "111", "census.areas": "333"}


def parts(
    model: Model = MODEL, files=FILES, prints=PRINTS, **parameters: object
) -> MadeFrom:
    """Return what decides the model's table, with some things changed."""
    return made_from(model, PARAMETERS | parameters, files, prints)


def test_only_what_the_model_reads_decides():
    assert parts() == {
        "code": parts()["code"],
        "parameters": {"clusters": 5, "subgroups": [3, 3], "region": "North"},
        "inputs": {"census_file": "aaa"},
        "models": {"census.cluster_inputs": "111"},
        "versions": {name: metadata.version(name) for name in LIBRARIES},
    }


def test_what_the_model_does_not_read_changes_nothing():
    other_files = FILES | {"areas_file": FILES["areas_file"]._replace(sha256="ddd")}
    other_prints = PRINTS | {"census.areas": "444"}
    assert fingerprint(parts(files=other_files, prints=other_prints, seed=1)) == (
        fingerprint(parts())
    )


CHANGED = {
    "census_file": FILES["census_file"]._replace(sha256="bbb"),
}


@pytest.mark.parametrize(
    "changed",
    [
        parts(replace(MODEL, code="select 2")),
        parts(clusters=6),
        parts(subgroups=[3, 4]),
        parts(files=CHANGED),
        parts(prints={"census.cluster_inputs": "222"}),
        parts() | {"versions": parts()["versions"] | {"duckdb": "0.1"}},
    ],
)
def test_everything_that_it_reads_changes_the_fingerprint(changed):
    assert fingerprint(changed) != fingerprint(parts())


def test_a_files_place_changes_nothing_but_its_content_does():
    moved = {
        "census_file": FILES["census_file"]._replace(path=Path("new/name.parquet"))
    }
    assert fingerprint(parts(files=moved)) == fingerprint(parts())


def test_the_order_of_what_is_recorded_changes_nothing():
    one = parts()
    assert fingerprint(dict(reversed(one.items()))) == fingerprint(one)


def test_a_table_that_is_not_there_is_not_built_yet():
    assert reason(MODEL, parts(), None, set()) == "not built yet"


def test_nothing_changed_means_no_reason():
    """What is recorded went through JSON and back."""
    recorded = json.loads(json.dumps(parts()))
    assert reason(MODEL, parts(), recorded, ["census.areas"]) == ""


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (parts(clusters=6), "parameter clusters 5 → 6"),
        (parts(subgroups=3), "parameter subgroups [3, 3] → 3"),
        (parts(region="South"), "parameter region North → South"),
        (
            parts(replace(MODEL, code="select 2")),
            CODE_CHANGED,
        ),
        (parts(files=CHANGED), "content of census_file changed"),
        (
            parts() | {"versions": parts()["versions"] | {"duckdb": "9.9"}},
            f"version of duckdb {metadata.version('duckdb')} → 9.9",
        ),
    ],
)
def test_reasons_in_words(now, words):
    assert reason(MODEL, now, parts(), set()) == words


def test_a_table_upstream_is_named_where_it_is_built_again():
    now = parts(prints={"census.cluster_inputs": "222"})
    rebuilt = ["census.areas", "census.cluster_inputs"]
    assert reason(MODEL, now, parts(), rebuilt) == (
        "census.cluster_inputs is built again"
    )
    assert reason(MODEL, now, parts(), set()) == "what it reads changed"


def test_of_several_reasons_the_nearest_is_given():
    now = parts(
        replace(MODEL, code="select 2"),
        files=CHANGED,
        prints={"census.cluster_inputs": "222"},
        clusters=6,
    )
    assert reason(MODEL, now, parts(), ["census.cluster_inputs"]) == (CODE_CHANGED)
    now = now | {"code": parts()["code"]}
    assert reason(MODEL, now, parts(), ["census.cluster_inputs"]) == (
        "parameter clusters 5 → 6"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("North", "North"), (5, "5"), ([3, 4], "[3, 4]"), (True, "true"), (None, "null")],
)
def test_values_are_written_as_a_user_would(value, text):
    assert plain(value) == text
