"""census.name_candidates, rule_names and runner_up_names on hand-made rows."""

NO_WORDS = dict.fromkeys(("people_word", "people_word_below", "home_word", "home_noun"))
WORDS = [
    NO_WORDS | {"variable": "own", "home_word": "Owned"},
    NO_WORDS | {"variable": "pro", "people_word": "Expert"},
    NO_WORDS | {"variable": "old", "people_word": "Aged"},
    NO_WORDS | {"variable": "flat", "home_noun": "Flats"},
    NO_WORDS | {"variable": "semi", "home_noun": "Semis"},
    NO_WORDS | {"variable": "ill", "people_word_below": "Healthy"},
]
NO_NAMES = "select null::varchar as level, null::varchar as cluster, null::varchar as name limit 0"  # noqa: E501


def row(cluster, variable, strength, level="supergroup", **others):
    """Return a variable that is well above the average."""
    return {
        "level": level,
        "cluster": cluster,
        "variable": variable,
        "strength": strength,
        "contrast": strength,
        "index_score": 150.0,
        "margin": 20.0,
        "share": 30.0,
        "ahead_by": None,
        "whole": None,
        "place": None,
        "is_commonest": False,
        "next_commonest": None,
        "is_many": True,
        "is_noticed": True,
    } | others


def most(cluster, variable="flat", ahead_by=10.0, following="semi", **others):
    """Return the commonest kind of home, which need not stand out."""
    unnoticed = {"index_score": 100.0, "margin": -20.0, "is_noticed": False}
    return (
        row(cluster, variable, 0.0)
        | unnoticed
        | {
            "whole": "dwelling",
            "place": 1,
            "is_commonest": True,
            "ahead_by": ahead_by,
            "next_commonest": following,
        }
        | others
    )


def tables(run_model, rows, given=NO_NAMES):
    """Return names and runners-up by cluster."""
    clusters = sorted({(r["level"], r["cluster"]) for r in rows})
    made = {
        "census.cluster_shares": rows,
        "census.variable_words": WORDS,
        "census.nearest_siblings": [
            {"level": level, "cluster": cluster} for level, cluster in clusters
        ],
        "census.given_names": given,
    }
    candidates = run_model("census.name_candidates", made, names_near_tie=10.0)
    made["census.name_candidates"] = candidates.to_dict("records")
    chosen = run_model("census.rule_names", made)
    made["census.rule_names"] = chosen.to_dict("records")
    beside = run_model("census.runner_up_names", made, names_near_tie=10.0)
    return chosen.set_index("cluster"), beside.set_index("cluster")


def names(run_model, rows, given=NO_NAMES):
    """Return the name of each cluster."""
    return tables(run_model, rows, given)[0]["name"].to_dict()


def test_the_most_telling_word_and_the_commonest_home_make_a_name(run_model):
    rows = [row("A", "pro", 2.0), row("A", "old", 0.1), most("A")]
    assert names(run_model, rows) == {"A": "Expert Flats"}


def test_homes_that_stand_out_but_are_not_commonest_give_no_noun(run_model):
    flats = row("A", "flat", 9.0, whole="dwelling", place=2, ahead_by=-14.0)
    rows = [row("A", "pro", 2.0), flats, most("A", "semi", following="flat")]
    assert names(run_model, rows) == {"A": "Expert Semis"}


def test_a_tenure_that_is_not_commonest_gives_no_word(run_model):
    owned = row("A", "own", 9.0, whole="tenure", ahead_by=-20.0)
    rows = [row("A", "pro", 1.0), owned, most("A")]
    assert names(run_model, rows) == {"A": "Expert Flats"}
    first = owned | {"is_commonest": True, "ahead_by": 20.0}
    rows = [row("A", "pro", 1.0), first, most("A")]
    assert names(run_model, rows) == {"A": "Owned Flats"}


def test_a_name_is_given_once_supergroups_first(run_model):
    rows = [
        *[row("A", "pro", 2.0), most("A")],
        *[row("A1", "pro", 9.0, "subgroup"), most("A1", level="subgroup")],
        row("B", "pro", 1.0),
    ]
    assert names(run_model, rows) == {
        "A": "Expert Flats",
        "B": "Expert Neighbourhoods",
        "A1": "Mixed Flats",
    }


def test_whoever_has_no_word_is_mixed(run_model):
    rows = [row("A", "ill", 2.0), row("B", "ill", 1.0), row("AA", "ill", 1.0)]
    assert names(run_model, rows) == {
        "A": "Mixed Neighbourhoods",
        "B": "Mixed Neighbourhoods Two",
        "AA": "Mixed Neighbourhoods Three",
    }
    rows = [row("A", "pro", 2.0), row("B", "pro", 2.0), most("A"), most("B")]
    assert names(run_model, rows) == {
        "A": "Expert Flats",
        "B": "Expert Neighbourhoods",
    }


def test_a_kind_of_home_alone_is_no_name(run_model):
    assert names(run_model, [most("A"), most("B")]) == {
        "A": "Typical Flats",
        "B": "Mixed Flats",
    }
    apart = {"is_noticed": True, "index_score": 150.0}
    nearly_all = most("A", share=80.0, **apart)
    assert names(run_model, [nearly_all]) == {"A": "Mostly Flats"}


def test_two_kinds_that_set_a_place_apart_name_it_together(run_model):
    def pair(share, **others):
        first = most("A", share=50.0, is_noticed=True, index_score=150.0)
        second = row("A", "semi", 0.0, whole="dwelling", place=2, share=share)
        return names(run_model, [first, second | others])["A"]

    assert pair(40.0) == "Flats and Semis"
    assert pair(20.0) == "Typical Flats"
    assert pair(40.0, is_noticed=False) == "Typical Flats"


def test_what_is_rare_can_name_a_cluster_too_but_counts_less(run_model):
    few_ill = row("A", "ill", -3.0, index_score=50.0)
    assert names(run_model, [few_ill, most("A")]) == {"A": "Healthy Flats"}
    rows = [few_ill, row("A", "pro", 4.0), most("A")]
    assert names(run_model, rows) == {"A": "Expert Flats"}


def test_what_one_does_not_notice_names_nothing(run_model):
    within_margin = row("A", "pro", 2.0, margin=-1.0, is_noticed=False)
    assert names(run_model, [within_margin, most("A")]) == {"A": "Typical Flats"}
    too_few = row("A", "pro", 2.0, is_many=False, is_noticed=False)
    assert names(run_model, [too_few, most("A")]) == {"A": "Typical Flats"}


def test_a_name_that_someone_gave_another_cluster_is_taken(run_model):
    rows = [row("A", "pro", 2.0), most("A")]
    given = [{"level": "supergroup", "cluster": "B", "name": "expert flats"}]
    assert names(run_model, rows, given) == {"A": "Expert Neighbourhoods"}
    own = [{"level": "supergroup", "cluster": "A", "name": "Expert Flats"}]
    assert names(run_model, rows, own) == {"A": "Expert Flats"}


def test_the_runner_up_and_near_ties(run_model):
    def tie(*rows):
        _, found = tables(run_model, rows)
        return found.loc["A", ["runner_up", "is_near_tie"]].tolist()

    expert = row("A", "pro", 2.0)
    close, far = row("A", "old", 1.95), row("A", "old", 0.5)
    assert tie(expert, close, most("A")) == ["Aged Flats", True]
    assert tie(expert, far, most("A")) == ["Expert Aged Flats", False]
    # The commonest home is ahead by little, or the word only just stands out.
    assert tie(expert, most("A", ahead_by=1.0), row("A", "semi", 0.0))[1]
    assert tie(row("A", "pro", 2.0, margin=1.0), most("A"))[1]
    failed = row("A", "old", 9.0, margin=-1.0, is_noticed=False)
    assert tie(expert, failed, most("A")) == ["Aged Flats", True]
