"""parameters.py: --set, pipeline.toml, defaults and what they may be."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placetypes.errors import PlacetypesError
from placetypes.parameters import (
    Specification,
    check,
    job_values,
    parse,
    read_specifications,
    read_toml,
    resolve,
    split_override,
    use_demo_values,
)
from placetypes.runner.project import load_project


def specify(job: str, name: str, kind: str, default: Any, **more: Any) -> Specification:
    """Return a parameter."""
    return Specification(job, name, kind, default, "What it is.", **more)


SPECIFICATIONS = {
    entry.full_name: entry
    for entry in [
        specify("pipeline", "threads", "integer", 0, minimum=0),
        specify("census", "region", "text", "North", demo="Demo"),
        specify("census", "rule", "choice", "touches", choices=("touches", "interior")),
        specify(
            *("census", "clusters", "integer", 5),
            minimum=1,
            maximum=99,
            taken_from={"parameter": "levels", "item": 1},
        ),
        specify("census", "threshold", "number", 0.95, minimum=0, maximum=1),
        specify("census", "quick", "boolean", False),
        specify("census", "drop_variables", "texts", []),
        specify(
            *("census", "subgroups", "counts", [3, 3]),
            minimum=1,
            demo=3,
            taken_from={"parameter": "levels", "item": 2, "missing": 1},
        ),
        specify("census", "levels", "levels", [], minimum=1),
        specify("census", "seed", "integer", 507),
        specify("embeddings", "seed", "integer", 1),
        specify("embeddings", "trees", "integer", 100),
    ]
}
CENSUS = {"census"}
COUNTS = (
    "a whole number, a list of them, or a mapping such as {A = 2, other = 3}, "
    "at least 1."
)
LEVELS = (
    "a list with, for each level, a whole number, a list of them, or a mapping such "
    "as {A = 2, other = 3}, at least 1."
)


def set_values(*overrides: str, jobs=CENSUS, toml: Path = Path("none.toml")):
    """Return the values by full name after some --set."""
    values = resolve(SPECIFICATIONS, toml, list(overrides), jobs)
    return {name: value.value for name, value in values.items()}


def refusal(*overrides: str, **more: Any) -> str:
    """Return the sentence that refuses some --set."""
    with pytest.raises(PlacetypesError) as refused:
        set_values(*overrides, **more)
    return str(refused.value)


# --- Values of every kind ---


@pytest.mark.parametrize(
    ("override", "name", "expected"),
    [
        ("census.region=Greater London", "census.region", "Greater London"),
        ("census.region=a=b", "census.region", "a=b"),
        ("census.region=", "census.region", ""),
        ("census.region=5", "census.region", "5"),
        (" census.clusters = 6 ", "census.clusters", 6),
        ("clusters=6", "census.clusters", 6),
        ("rule=interior", "census.rule", "interior"),
        ("threshold=0.9", "census.threshold", 0.9),
        ("threshold=1", "census.threshold", 1.0),
        ("threshold=1e-3", "census.threshold", 0.001),
        ("quick=true", "census.quick", True),
        ("quick=False", "census.quick", False),
        ("drop_variables=v01", "census.drop_variables", ["v01"]),
        ("drop_variables=v01, v02", "census.drop_variables", ["v01", "v02"]),
        ("drop_variables=[\"v01\", 'v02']", "census.drop_variables", ["v01", "v02"]),
        ("drop_variables=[]", "census.drop_variables", []),
        ("drop_variables=", "census.drop_variables", []),
        ("subgroups=4", "census.subgroups", 4),
        ("subgroups=3,3,4", "census.subgroups", [3, 3, 4]),
        ("subgroups=[3, 3, 4]", "census.subgroups", [3, 3, 4]),
        ("subgroups=[4]", "census.subgroups", [4]),
        ("subgroups={A = 2, other = 3}", "census.subgroups", {"A": 2, "other": 3}),
        ("subgroups={A: 2, other: 3}", "census.subgroups", {"A": 2, "other": 3}),
        ('subgroups={"A": 2}', "census.subgroups", {"A": 2}),
        ("levels=[8, 3, 3]", "census.levels", [8, 3, 3]),
        ("levels=8,3,3", "census.levels", [8, 3, 3]),
        ("levels=[8]", "census.levels", [8]),
        ("levels=", "census.levels", []),
        ("levels=[]", "census.levels", []),
        (
            "levels=[2, [3, 1], {A1 = 2, other = 4}]",
            "census.levels",
            [2, [3, 1], {"A1": 2, "other": 4}],
        ),
        (
            "levels=[2, [3, 1], {A1: 2, other: 4}]",
            "census.levels",
            [2, [3, 1], {"A1": 2, "other": 4}],
        ),
        ("threads=2", "pipeline.threads", 2),
    ],
)
def test_a_value_of_each_kind(override, name, expected):
    value = set_values(override)[name]
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("override", "takes"),
    [
        ("clusters=five", "a whole number, at least 1, at most 99."),
        ("clusters=5.5", "a whole number, at least 1, at most 99."),
        ("clusters=0", "a whole number, at least 1, at most 99."),
        ("clusters=100", "a whole number, at least 1, at most 99."),
        ("clusters=", "a whole number, at least 1, at most 99."),
        ("clusters=true", "a whole number, at least 1, at most 99."),
        ("threshold=1.01", "a number, at least 0, at most 1."),
        ("threshold=-0.1", "a number, at least 0, at most 1."),
        ("threshold=nan", "a number, at least 0, at most 1."),
        ("threshold=inf", "a number, at least 0, at most 1."),
        ("quick=yes", "true or false."),
        ("quick=1", "true or false."),
        ("rule=interor", "touches | interior. Did you mean interior?"),
        ("rule=", "touches | interior. Known: interior, touches."),
        ("subgroups=[]", COUNTS),
        ("subgroups=3,x", COUNTS),
        ("subgroups=3,0", COUNTS),
        ("subgroups=3.5", COUNTS),
        ("subgroups={}", COUNTS),
        ("subgroups={A = 0}", COUNTS),
        ("subgroups={A = 2, B = [3]}", COUNTS),
        ("subgroups={A", COUNTS),
        ("subgroups={1: 2}", COUNTS),
        ("levels=8", LEVELS),
        ("levels=[8, 0]", LEVELS),
        ("levels=[8, []]", LEVELS),
        ("levels=[8, [[3]]]", LEVELS),
        ("levels=[8, {A = 2.5}]", LEVELS),
        ("levels=[8, true]", LEVELS),
        ("levels=[8, 'three']", LEVELS),
        ("levels=&a [*a]", LEVELS),
        ("levels=[8\nx = 3]", LEVELS),
    ],
)
def test_a_value_that_the_parameter_cannot_take(override, takes):
    sentence = refusal(override)
    name = override.split("=")[0]
    assert sentence.startswith(f"--set {override}: census.{name} can't be ")
    assert sentence.endswith(f"; it takes {takes}")


@pytest.mark.parametrize("override", ["clusters", "=6", "", " = "])
def test_a_set_that_is_not_name_equals_value(override):
    assert refusal(override) == (
        f"--set {override} is not NAME=VALUE, such as --set clusters=6."
    )


def test_of_two_the_last_counts():
    assert set_values("clusters=6", "census.clusters=7")["census.clusters"] == 7


# --- Names ---


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("cluster=6", "there is no parameter cluster. Did you mean clusters?"),
        (
            "census.cluster=6",
            "there is no parameter census.cluster. Did you mean census.clusters?",
        ),
        (
            "sensus.clusters=6",
            "there is no parameter sensus.clusters. Did you mean census.clusters?",
        ),
        (
            "xyz=6",
            "there is no parameter xyz. Known: clusters, drop_variables, levels, "
            "quick, region, rule, seed, subgroups, threads, threshold, trees.",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(override, expected):
    assert refusal(override) == f"--set: {expected}"


def test_a_bare_name_means_the_job_that_runs():
    values = set_values("seed=9")
    assert (values["census.seed"], values["embeddings.seed"]) == (9, 1)
    values = set_values("seed=9", jobs={"embeddings"})
    assert (values["census.seed"], values["embeddings.seed"]) == (507, 9)


def test_a_bare_name_that_two_running_jobs_have_is_refused():
    assert refusal("seed=9", jobs={"census", "embeddings"}) == (
        "--set: more than one job has a parameter seed: "
        "write census.seed or embeddings.seed."
    )


def test_a_bare_name_that_only_a_resting_job_has_means_that_job():
    assert set_values("trees=10")["embeddings.trees"] == 10


# --- A list whose entries are other parameters ---


def test_the_entries_of_levels_stand_for_clusters_and_subgroups():
    values = resolve(
        SPECIFICATIONS, Path("none.toml"), ["levels=[8, {A = 2, other = 3}, 4]"], CENSUS
    )
    found = {
        n: (values[f"census.{n}"].value, values[f"census.{n}"].source)
        for n in ("clusters", "subgroups", "levels")
    }
    assert found == {
        "clusters": (8, "census.levels"),
        "subgroups": ({"A": 2, "other": 3}, "census.levels"),
        "levels": ([8, {"A": 2, "other": 3}, 4], "--set"),
    }


def test_an_entry_that_is_missing_has_its_own_value():
    assert set_values("levels=[8]")["census.subgroups"] == 1


def test_an_empty_list_leaves_the_others_alone():
    values = set_values("levels=[]", "clusters=6")
    assert (values["census.clusters"], values["census.subgroups"]) == (6, [3, 3])


def test_the_demo_has_no_values_over_those_of_a_list():
    values = resolve(SPECIFICATIONS, Path("none.toml"), ["levels=[4, 2]"], CENSUS)
    shown = use_demo_values(values, CENSUS)
    assert shown["census.subgroups"].value == 2
    assert shown["census.region"].value == "Demo"


def test_a_list_in_the_file_goes_over_what_the_file_says_of_its_entries(toml):
    path = toml("[census]\nclusters = 5\nlevels = [8, 3]\n")
    assert set_values(toml=path)["census.clusters"] == 8


def test_a_set_that_contradicts_a_list_is_refused(toml):
    path = toml("[census]\nlevels = [8, 3]\n")
    assert refusal("clusters=6", toml=path) == (
        "--set census.clusters says 6, but census.levels (pipeline.toml) says 8. Leave "
        "one of them out: --set census.levels=[] leaves it to census.clusters."
    )
    assert refusal("levels=[8]", "subgroups=3").startswith(
        "--set census.subgroups says 3, but census.levels (--set) says 1."
    )
    assert set_values("clusters=8", toml=path)["census.clusters"] == 8
    assert set_values("clusters=6", "levels=[]", toml=path)["census.clusters"] == 6


def test_an_entry_that_its_parameter_cannot_take_is_refused():
    assert refusal("levels=[[8, 3], 2]") == (
        "--set: entry 1 of census.levels: census.clusters can't be [8, 3]; "
        "it takes a whole number, at least 1, at most 99."
    )


# --- pipeline.toml ---


@pytest.fixture
def toml(tmp_path):
    """Give a function that writes pipeline.toml."""

    def write(text: str) -> Path:
        path = tmp_path / "pipeline.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_set_goes_over_the_file_and_the_file_over_the_default(toml):
    path = toml("[census]\nclusters = 6\nthreshold = 1\nregion = 'South'\n")
    values = resolve(SPECIFICATIONS, path, ["region=East"], CENSUS)
    found = {
        name: (values[f"census.{name}"].value, values[f"census.{name}"].source)
        for name in ("clusters", "threshold", "region", "seed")
    }
    assert found == {
        "clusters": (6, "pipeline.toml"),
        "threshold": (1.0, "pipeline.toml"),
        "region": ("East", "--set"),
        "seed": (507, "default"),
    }


def test_without_a_file_the_defaults_stand(tmp_path):
    assert read_toml(tmp_path / "pipeline.toml") == {}
    assert set_values()["census.clusters"] == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[census]\nclusters = 'five'\n",
            "pipeline.toml: census.clusters can't be 'five'; "
            "it takes a whole number, at least 1, at most 99.",
        ),
        (
            "[census]\nclusters = true\n",
            "pipeline.toml: census.clusters can't be True; "
            "it takes a whole number, at least 1, at most 99.",
        ),
        (
            "[census]\ndrop_variables = 'v01'\n",
            "pipeline.toml: census.drop_variables can't be 'v01'; "
            "it takes a list of texts.",
        ),
        (
            "[census]\ndrop_variables = [1]\n",
            "pipeline.toml: census.drop_variables can't be [1]; "
            "it takes a list of texts.",
        ),
        (
            "[census]\nthreshold = nan\n",
            "pipeline.toml: census.threshold can't be nan; "
            "it takes a number, at least 0, at most 1.",
        ),
        (
            "[census]\nrule = ['interior']\n",
            "pipeline.toml: census.rule can't be ['interior']; "
            "it takes touches | interior.",
        ),
        (
            "[census]\ncluster = 5\n",
            "pipeline.toml: there is no parameter census.cluster. "
            "Did you mean census.clusters?",
        ),
        (
            "clusters = 5\n",
            "pipeline.toml: clusters stands outside a table; "
            "put it under its job, such as [JOB].",
        ),
    ],
)
def test_mistakes_in_the_file_are_named(toml, text, expected):
    assert refusal(toml=toml(text)) == expected


@pytest.mark.parametrize("text", ["[census\n", "[census]\nclusters = \n", "[a]\n[a]\n"])
def test_a_file_that_is_no_toml_is_refused_with_the_line(toml, text):
    sentence = refusal(toml=toml(text))
    assert sentence.startswith("pipeline.toml is not valid TOML: ")
    assert "line" in sentence


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "pipeline.toml"
    path.write_bytes("[census]\nregion = 'Ynys Môn'\n".encode("latin-1"))
    assert refusal(toml=path).startswith("pipeline.toml is not valid TOML: ")


def test_a_file_that_an_editor_began_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "pipeline.toml"
    path.write_bytes(b"\xef\xbb\xbf[census]\nclusters = 7\n")
    assert set_values(toml=path)["census.clusters"] == 7


# --- The demo's values ---


def test_the_demo_has_its_values_but_not_over_set(toml):
    path = toml("[census]\nregion = 'South'\nclusters = 6\n")
    values = resolve(SPECIFICATIONS, path, ["subgroups=2"], CENSUS)
    shown = use_demo_values(values, CENSUS)
    assert (shown["census.region"].value, shown["census.region"].source) == (
        "Demo",
        "demo",
    )
    assert shown["census.subgroups"].value == 2
    assert shown["census.clusters"].value == 6  # the demo names none


def test_a_job_that_has_its_files_keeps_its_values():
    values = resolve(SPECIFICATIONS, Path("none.toml"), [], CENSUS)
    assert use_demo_values(values, {"embeddings"}) == values


def test_a_jobs_values_go_by_their_bare_names():
    values = resolve(SPECIFICATIONS, Path("none.toml"), [], CENSUS)
    assert job_values(values, "embeddings") == {"seed": 1, "trees": 100}


# --- parameters.yml ---


def test_specifications_are_read_from_what_yaml_says():
    rule = {
        "kind": "choice",
        "choices": ["a", "b"],
        "default": "a",
        "meaning": "Which.",
    }
    size = {"kind": "number", "minimum": 0.5, "default": 1, "meaning": "How large."}
    found = read_specifications("census", {"rule": rule, "size": size})
    assert found["census.rule"].takes == "a | b"
    assert found["census.size"].takes == "a number, at least 0.5"
    assert found["census.size"].demo is None


def test_whatever_costs_time_has_a_bound():
    free = {
        *("census.smallest_split", "records.smallest_count", "records.high_index"),
        *("records.low_index", "scored.why_leading", "transition.movers_leading"),
        "embeddings.block_buffer",
    }
    unbounded = {
        name
        for name, specification in load_project().specifications.items()
        if specification.kind in ("integer", "number", "counts", "levels")
        and specification.maximum is None
    }
    assert unbounded == free


def test_every_default_and_demo_value_of_the_project_is_valid():
    root = Path(__file__).parents[3]
    for path in (root / "sql").glob("**/parameters.yml"):
        for entry in read_specifications(path.parent.name, path).values():
            assert check(entry, entry.default, "default") == entry.default
            if entry.demo is not None:
                assert check(entry, entry.demo, "demo") == entry.demo


# --- Any text ---

words = st.text(st.characters(codec="utf-8", exclude_characters=",[]\"'")).map(
    str.strip
)


@given(name=words.filter(bool).filter(lambda n: "=" not in n), text=words)
def test_a_set_splits_at_the_first_equals_sign(name, text):
    assert split_override(f"{name}={text}=") == (name, f"{text}=".strip())


@given(number=st.integers(-(10**15), 10**15))
def test_any_whole_number_comes_through(number):
    assert parse(SPECIFICATIONS["census.seed"], str(number)) == number


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_comes_through(number):
    unbounded = specify("census", "size", "number", 0)
    value = check(unbounded, parse(unbounded, repr(number)), "--set")
    assert value == number
    assert isinstance(value, float)


@given(items=st.lists(words.filter(bool)), spaced=st.booleans(), brackets=st.booleans())
def test_any_list_of_texts_comes_through(items, spaced, brackets):
    text = (", " if spaced else ",").join(items)
    text = f"[{text}]" if brackets else text
    assert parse(SPECIFICATIONS["census.drop_variables"], text) == items


@given(items=st.lists(st.integers(1, 99), min_size=1), quoted=st.booleans())
def test_any_list_of_whole_numbers_comes_through(items, quoted):
    text = str(items) if quoted or len(items) == 1 else ",".join(map(str, items))
    assert parse(SPECIFICATIONS["census.subgroups"], text) == items


@given(name=st.sampled_from(sorted(SPECIFICATIONS)), text=st.text())
def test_any_text_gives_a_value_of_the_kind_or_a_sentence(name, text):
    specification = SPECIFICATIONS[name]
    try:
        value = set_values(f"{name}={text}")[name]
    except PlacetypesError as refused:
        assert str(refused).startswith("--set ")
        return
    assert check(specification, value, "again") == value
    if specification.kind == "number":
        assert math.isfinite(value)


def test_a_comma_within_quotes_belongs_to_the_text():
    text = '["Ethnicity, language and religion", "Work"]'
    assert parse(SPECIFICATIONS["census.drop_variables"], text) == [
        "Ethnicity, language and religion",
        "Work",
    ]


def test_a_number_beyond_all_floats_is_refused():
    unbounded = specify("census", "size", "number", 0)
    with pytest.raises(PlacetypesError):
        check(unbounded, parse(unbounded, "1" + "0" * 400), "--set")
