"""census.rule_portraits on hand-made rows."""

MEMBERS = [
    {"level": level, "family": code[0], "cluster": code, "area": f"E{n}"}
    for n, subgroup in enumerate(["A1", "A1", "A2", "B1"])
    for level, code in (("supergroup", subgroup[0]), ("subgroup", subgroup))
]
COLUMNS = {
    "level": "supergroup",
    "domain": "Homes",
    "unit": "share",
    "index_score": 150.0,
    "strength": 1.0,
    "gap_to_sibling": 0.0,
    "is_noticed": True,
}
NOTHING = """
    select null::varchar as level, null::varchar as cluster, null::varchar as phrase,
        null::varchar as whole, null::double as share, null::boolean as is_commonest
    limit 0
"""


def portraits(run_model, *rows, shares=NOTHING):
    """Return the portrait of each cluster."""
    found = run_model(
        "census.rule_portraits",
        tables={
            "census.cluster_members": MEMBERS,
            "census.distinctive_variables": [COLUMNS | row for row in rows],
            "census.cluster_shares": shares,
        },
    )
    return found.set_index("cluster")["portrait"].to_dict()


FLATS = {"cluster": "A", "phrase": "flats", "direction": "above"}
OWNED = {"cluster": "A", "phrase": "owned homes", "direction": "below"}
EXPERTS = {"cluster": "A", "phrase": "experts", "direction": "above", "domain": "Work"}


def test_size_and_domains_in_words(run_model):
    found = portraits(run_model, FLATS, OWNED, EXPERTS | {"strength": 0.5})
    assert found["A"] == (
        "This is the largest of the two supergroups, with about three quarters of the "
        "areas. Flats are more common here than across the region; owned homes are "
        "rarer. There are more experts."
    )


def test_twice_the_average_is_far_more_and_nothing_else_is(run_model):
    found = portraits(
        run_model,
        FLATS | {"index_score": 200.0},
        FLATS | {"phrase": "terraces", "index_score": 199.9},
        EXPERTS | {"strength": 0.5, "index_score": 250.0},
        EXPERTS | {"strength": 0.5, "phrase": "clerks"},
    )
    assert (
        "Flats are far more common here than across the region; terraces are more "
        "common. There are far more experts; there are more clerks."
    ) in found["A"]


def test_what_is_no_share_is_higher_or_lower(run_model):
    decile = {"phrase": "the deprivation decile", "unit": "decile"}
    found = portraits(
        run_model,
        FLATS | decile | {"index_score": 210.0},
        OWNED | decile | {"cluster": "B", "index_score": 60.0},
    )
    assert "The deprivation decile is far higher here than across" in found["A"]
    assert "The deprivation decile is lower here than across the region." in found["B"]


def test_what_one_does_not_notice_is_not_told(run_model):
    found = portraits(run_model, FLATS | {"is_noticed": False})
    assert found["A"].endswith("It differs little from the average of the region.")


def test_the_commonest_homes_and_tenure_have_their_shares(run_model):
    share = {"level": "supergroup", "cluster": "A", "is_commonest": True}
    found = portraits(
        run_model,
        FLATS,
        shares=[
            share | {"phrase": "semis", "whole": "dwelling", "share": 12.6},
            share | {"phrase": "owned homes", "whole": "tenure", "share": 94.0},
        ],
    )
    assert (
        "Semis are the commonest kind of home, about an eighth of them. Owned homes "
        "are the commonest tenure, nearly all of the homes."
    ) in found["A"]


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
    assert found["B"].endswith("It differs little from the average of the region.")
    assert found["B1"].startswith("This is the only subgroup of its supergroup.")
