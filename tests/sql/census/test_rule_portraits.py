"""census.rule_portraits on hand-made rows."""

MEMBERS = [
    {"level": level, "family": code[0], "cluster": code, "area": f"E{n}"}
    for n, subgroup in enumerate(["A1", "A1", "A2", "B1"])
    for level, code in (("supergroup", subgroup[0]), ("subgroup", subgroup))
]
COLUMNS = {
    "level": "supergroup",
    "domain": "Homes",
    "index_score": 150.0,
    "strength": 1.0,
    "rank": 1,
    "gap_to_sibling": 0.0,
}
WORDS = [
    {"variable": "flat", "phrase": "flats"},
    {"variable": "own", "phrase": "owned homes"},
    {"variable": "pro", "phrase": "professionals"},
]


def portraits(run_model, *rows):
    """Return the portrait of each cluster."""
    found = run_model(
        "census.rule_portraits",
        tables={
            "census.cluster_members": MEMBERS,
            "census.distinctive_variables": [COLUMNS | row for row in rows],
            "census.variable_words": WORDS,
        },
    )
    return found.set_index("cluster")["portrait"].to_dict()


FLATS = {"cluster": "A", "variable": "flat", "direction": "above"}
OWNED = {"cluster": "A", "variable": "own", "direction": "below"}
EXPERTS = {"cluster": "A", "variable": "pro", "direction": "above", "domain": "Work"}


def test_size_and_domains_in_words(run_model):
    found = portraits(run_model, FLATS, OWNED, EXPERTS | {"strength": 0.5})
    assert found["A"] == (
        "This is the largest of the two supergroups, with about three quarters of the "
        "areas. Flats are more common here than across the region, while owned homes "
        "are rarer. There are also more professionals."
    )


def test_twice_the_average_is_far_more(run_model):
    found = portraits(run_model, FLATS | {"index_score": 200.0})
    assert "Flats are far more common here" in found["A"]


def test_what_sets_it_apart_from_its_sibling(run_model):
    found = portraits(
        run_model,
        FLATS | {"gap_to_sibling": 0.5},
        OWNED | {"gap_to_sibling": -0.5},
        EXPERTS | {"gap_to_sibling": -0.5},  # less than the sibling's, yet above
    )
    assert found["A"].endswith(
        "Set beside the supergroup most like it, it has more flats, but fewer owned "
        "homes."
    )


def test_a_cluster_like_the_average_says_so(run_model):
    found = portraits(run_model, FLATS)
    assert found["B"].endswith(
        "It lies close to the average of the region in every respect."
    )
    assert found["B1"].startswith("This is the only subgroup of its supergroup.")
