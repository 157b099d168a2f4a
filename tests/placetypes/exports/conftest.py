"""A result to export: the small city, one of whose clusters has a given name."""

import pytest

import pipeline

TABLES = ["classification", "cluster_descriptions", "index_scores", "variable_profile"]
NAMING = ["portraits", "naming_briefs", "run_summary"]  # what `names set` reads
SETTINGS = {"region": "West", "clusters": 2, "subgroups": 2, "restarts": 5}


@pytest.fixture(scope="session")
def output(small_city_files, tmp_path_factory):
    """Run the small city as far as its exports, then give a cluster a name."""
    output = tmp_path_factory.mktemp("exports")
    arguments = ["--input", str(small_city_files), "--output", str(output)]
    for name, value in SETTINGS.items():
        arguments += ["--set", f"census.{name}={value}"]
    tables = [f"census.{table}" for table in TABLES + NAMING]
    assert pipeline.main(["run", *tables, *arguments]) == 0
    named = ["names", "set", "A", "=Quiet 1", "--note", "x", "--output", str(output)]
    assert pipeline.main(named) == 0
    return output
