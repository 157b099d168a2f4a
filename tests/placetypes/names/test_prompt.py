"""The prompt and how clusters are shared out to requests."""

import pytest

from placetypes.errors import PlacetypesError
from placetypes.names.prompt import build_question, in_batches, read_template
from placetypes.names.state import Place, read_state


def test_the_prompt_holds_the_definition_the_data_and_no_area(city, query):
    state = read_state(Place(city, "census"))
    clusters = list(state.clusters.values())
    text = build_question(state, clusters, "names_v2", ["Old Town"]).text
    assert "average (not the country's)" in text
    assert "West" in text
    assert "Old Town" in text
    for code in state.clusters:
        assert f"group {code}: " in text
    assert "What sets it apart from its nearest sibling B" in text
    assert "$" not in text
    for (area,) in query("select area from census.subgroups"):
        assert area not in text


def test_siblings_stay_together_up_to_the_limit(city):
    clusters = list(read_state(Place(city, "census")).clusters.values())
    batches = [[c.cluster for c in batch] for batch in in_batches(clusters, 5)]
    assert batches == [["A", "B"], ["A1", "A2"], ["B1", "B2"]]
    assert len(in_batches(clusters, 1)) == 6


def test_the_hash_changes_with_model_prompt_and_data(city):
    state = read_state(Place(city, "census"))
    clusters = list(state.clusters.values())
    question = build_question(state, clusters, "names_v2", [])
    hashes = {
        question.hash("a"),
        question.hash("b"),
        question._replace(prompt_version="names_v3").hash("a"),
        build_question(state, clusters[:1], "names_v2", []).hash("a"),
        build_question(state, clusters, "names_v2", ["X"]).hash("a"),
    }
    assert len(hashes) == 5


@pytest.mark.parametrize("version", ["names_v9", "../README", ""])
def test_an_unknown_prompt_is_refused(version):
    with pytest.raises(PlacetypesError, match="there is no prompt"):
        read_template(version)
