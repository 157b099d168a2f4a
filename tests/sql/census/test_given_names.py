"""census.given_names on hand-made files: which cluster a name belongs to now."""

import json

import pytest


def members(letters, **more):
    """Return areas E0, E1 … in supergroups of these letters and their one subgroup."""
    return [
        {"level": level, "cluster": code, "area": f"E{n}"} | more
        for n, letter in enumerate(letters)
        for level, code in (("supergroup", letter), ("subgroup", f"{letter}1"))
    ]


MEMBERS = members("AAAAABBBB", snapshot="old")


@pytest.fixture
def given(run_model, tmp_path):
    """Give a function that returns the names as they stand now."""

    def run(letters, *entries, overlap=0.8):
        path = tmp_path / "names.json"
        base = {"level": "supergroup", "snapshot": "old", "name": "N", "cluster": "A"}
        path.write_text(json.dumps([base | entry for entry in entries]))
        return run_model(
            "census.given_names",
            tables={
                "census.named_members": MEMBERS,
                "census.cluster_members": members(letters),
            },
            names_file=str(path),
            names_overlap=overlap,
        )

    return run


def test_a_name_stays_with_its_areas(given):
    found = given("AAAAABBBB", {}).loc[0]
    assert (found["fate"], found["cluster"], found["overlap"]) == ("kept", "A", 1)


def test_a_name_follows_its_areas_to_another_letter(given):
    found = given("BBBBBAAAA", {}).loc[0]
    assert (found["fate"], found["cluster"]) == ("kept", "B")


def test_a_few_areas_less_are_borne(given):
    found = given("AAAABBBBB", {}).loc[0]
    assert (found["fate"], found["overlap"]) == ("kept", 0.8)


def test_below_the_overlap_a_name_has_outlived_its_cluster(given):
    found = given("AAABBBBBB", {}).loc[0]
    assert found["fate"] == "outlived"
    assert found["cluster"] is None or found["cluster"] != found["cluster"]
    assert found["overlap"] == 0.6


def test_areas_that_are_gone_count_against_it(given):
    assert given("AAA", {}).loc[0, "overlap"] == 0.6


def test_a_subgroup_is_followed_by_its_own_areas(given):
    found = given("BBBBBAAAA", {"level": "subgroup", "cluster": "A1"}).loc[0]
    assert found["cluster"] == "B1"


def test_two_names_for_one_cluster_leave_the_approved_one(given):
    found = given("AAAAABBBB", {"name": "One"}, {"name": "Two", "approved": True})
    fates = found.set_index("name")["fate"].to_dict()
    assert fates == {"One": "superseded", "Two": "kept"}


@pytest.mark.parametrize("entry", [{"cluster": "Z"}, {"snapshot": "lost"}])
def test_a_name_without_areas_belongs_to_no_one(entry, given):
    assert given("AAAAABBBB", entry).loc[0, "fate"] == "unknown cluster"


def test_what_is_left_out_has_a_default(given):
    found = given("AAAAABBBB", {}).loc[0]
    assert found["source"] == "analyst"
    assert not found["is_approved"]
    assert list(found["claims"]) == []


def test_no_names_are_no_rows(given):
    assert given("AAAAABBBB").empty
