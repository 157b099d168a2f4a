"""Optional tables: left out of a run, built when asked, never published outdated."""

from pathlib import Path

import pytest

from placetypes.runner.plan import select
from placetypes.runner.project import load_project

# Small numbers: the city has 40 areas.
SMALL = [
    *["--set", "region=West", "--set", "clusters=2", "--set", "subgroups=2"],
    *["--set", "restarts=5", "--set", "k_largest=3", "--set", "k_restarts=5"],
    *["--set", "gap_references=2", "--set", "bootstrap_samples=2"],
    *["--set", "clustergram_clusters=3", "--set", "clustergram_restarts=5"],
    *["--set", "subgroup_clustergram_restarts=5", "--set", "umap_epochs=5"],
    *["--set", "census.umap_neighbors=5"],
]
TABLES = (
    "select table_name from duckdb_tables() where schema_name = 'census' "
    "and table_name in ('k_labels', 'k_scores', 'k_evidence', 'supergroups')"
)


@pytest.fixture
def run(small_city, tmp_path, command):
    """Give a function that runs pipeline.py on the small city."""

    def with_options(name: str, *arguments: str):
        return command(
            *[name, *arguments, "--input", small_city, "--output", tmp_path], *SMALL
        )

    return with_options


@pytest.fixture
def tables(tmp_path, command):
    """Give a function that names the published tables of the evidence."""

    def published() -> set[str]:
        printed = command("sql", TABLES, "--csv", "--output", tmp_path).out
        return set(printed.split()[1:])

    return published


def test_neither_a_job_nor_everything_selects_optional_models():
    project = load_project()
    for selectors in ([], ["census"]):
        assert "census.supergroups" in select(project, selectors)
        assert not any(map(project.is_optional, select(project, selectors)))


def test_by_name_or_over_a_plus_they_are_selected():
    project = load_project()
    assert select(project, ["census.k_labels"]) == {"census.k_labels"}
    assert select(project, ["census.k_labels+"]) >= {
        "census.k_evidence",
        "census.k_reading",
    }


def test_no_usual_model_is_made_from_an_optional_one():
    project = load_project()
    for name, model in project.models.items():
        if not project.is_optional(name):
            assert not any(map(project.is_optional, model.upstream))


def test_ls_shows_them_as_optional(command):
    printed = command("ls").out
    line = next(row for row in printed.splitlines() if "census.k_labels" in row)
    assert "(optional)" in line


def test_they_are_built_when_asked_and_stay_while_they_fit(run, tables):
    assert run("run", "census").code == 0
    assert tables() == {"supergroups"}
    assert run("run", "census.k_evidence").code == 0
    assert tables() == {"supergroups", "k_labels", "k_scores", "k_evidence"}
    # They don't depend on the restarts of the supergroups.
    outcome = run("run", "census", "--set", "restarts=6")
    assert "Dropped" not in outcome.err
    assert "k_evidence" in tables()


def test_outdated_ones_are_dropped_with_a_sentence_and_hold_nothing_up(
    run, tables, tmp_path
):
    assert run("run", "census", "census.k_reading").code == 0
    figure = Path(tmp_path) / "census" / "figures" / "k_evidence.png"
    assert figure.exists()
    outcome = run("run", "census", "--set", "drop_variables=v01")
    assert outcome.code == 0
    assert "not published" not in outcome.out
    assert "Dropped, because what they were made from has changed" in outcome.err
    assert "census.k_evidence" in outcome.err
    assert tables() == {"supergroups"}
    assert not figure.exists()
    assert "Nothing to do" in run("run", "census", "--set", "drop_variables=v01").out


def test_where_usual_tables_are_outdated_too_nothing_is_dropped(run, tables):
    assert run("run", "census", "census.k_evidence").code == 0
    outcome = run("run", "census.cluster_inputs", "--set", "drop_variables=v01")
    assert "not published" in outcome.out
    assert "Dropped" not in outcome.err
    assert "k_evidence" in tables()
