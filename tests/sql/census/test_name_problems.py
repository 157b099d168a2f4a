"""census.name_problems and census.cluster_names on hand-made rows."""

import pandas as pd
import pytest

LOG = {
    "level": "supergroup",
    "snapshot": "now",
    "verdict": "named",
    "sent_at": pd.Timestamp("2026-01-01"),
}
GIVEN = {
    "level": "supergroup",
    "cluster": "A",
    "named_cluster": "A",
    "fate": "kept",
    "overlap": 1.0,
    "name": "Quiet Homes",
    "portrait": "It is a quiet place.",
    "source": "llm",
    "model": "m",
    "prompt_version": "names_v2",
    "is_approved": False,
    "note": None,
}
EMPTY_CLAIMS = """
    select null::varchar as level, null::varchar as cluster, null::varchar as variable,
        null::varchar as variable_name, null::varchar as direction,
        null::double as index_score, null::varchar as verdict limit 0
"""
EMPTY_MENTIONS = """
    select null::varchar as level, null::varchar as cluster, null::varchar as phrase,
        null::varchar as clause, null::varchar as read_as, null::double as index_score,
        null::varchar as place, null::double as share, null::varchar as commonest,
        null::double as commonest_share, null::varchar as verdict limit 0
"""


def given_table(entries):
    """Return given names as a SELECT with claims and accepted problems."""
    rows = []
    for entry in entries:
        row = GIVEN | {"claims": [1], "accepted": []} | entry
        values = []
        for key, value in row.items():
            if key == "claims":
                text = f"{value}::integer[]"
            elif isinstance(value, list):
                text = "[" + ", ".join(f"'{v}'" for v in value) + "]::varchar[]"
            elif value is None:
                text = "null::varchar"
            elif isinstance(value, str):
                escaped = value.replace("'", "''")
                text = f"'{escaped}'"
            else:
                text = str(value)
            values.append(f"{text} as {key}")
        rows.append("select " + ", ".join(values))
    return " union all ".join(rows)


def problems(
    run_model,
    *entries,
    log=(),
    claims=EMPTY_CLAIMS,
    mentions=EMPTY_MENTIONS,
    wanted="problem",
):
    """Return the problems as pairs of cluster and problem."""
    log_rows = [LOG | entry for entry in log] or [LOG | {"asked": [], "answered": []}]
    found = run_model(
        "census.name_problems",
        tables={
            "census.given_names": given_table(entries or [{"fate": "superseded"}]),
            "census.name_claims": claims,
            "census.name_mentions": mentions,
            "census.name_log": log_rows,
            "census.naming_snapshot": [{"snapshot": "now"}],
        },
    )
    return sorted(zip(found["named_cluster"], found[wanted], strict=True))


def test_a_good_name_has_none(run_model):
    assert problems(run_model, {}) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": ""}, "the name is empty"),
        ({"name": "One Two Three Four"}, "the name has more than 3 words"),
        ({"portrait": ""}, "the portrait is empty"),
        ({"portrait": None}, "the portrait is empty"),
        ({"portrait": "word " * 501}, "the portrait has more than 500 words"),
        ({"portrait": "Some 40 of it."}, "the portrait holds digits or per cent"),
        ({"portrait": "Some ٣ of it."}, "the portrait holds digits or per cent"),
        ({"portrait": "A high %."}, "the portrait holds digits or per cent"),
        ({"portrait": "Ten per cent."}, "the portrait holds digits or per cent"),
        ({"portrait": "Ten percent."}, "the portrait holds digits or per cent"),
        ({"portrait": "We live here."}, "the portrait is not in the third person"),
        ({"portrait": "Your street."}, "the portrait is not in the third person"),
        ({"claims": []}, "no claim vouches for it"),
        ({"fate": "unknown cluster"}, "there is no such cluster"),
        ({"fate": "outlived", "overlap": 0.4}, "its cluster has other areas now"),
    ],
)
def test_each_fault_is_found(entry, problem, run_model):
    assert problems(run_model, entry) == [("A", problem)]


def test_500_words_and_3_words_are_not_too_many(run_model):
    entry = {"name": "One Two-Two Three", "portrait": "word " * 500}
    assert problems(run_model, entry) == []


def test_by_hand_a_name_alone_will_do(run_model):
    entry = {"source": "analyst", "portrait": None, "claims": []}
    assert problems(run_model, entry) == []


def test_of_two_clusters_with_one_name_the_later_is_at_fault(run_model):
    twin = {"cluster": "B", "named_cluster": "B", "name": "quiet homes"}
    expected = "the name is used twice"
    assert problems(run_model, {}, twin) == [("B", expected)]
    assert problems(run_model, {}, twin | {"is_approved": True}) == [("A", expected)]


def test_claims_and_mentions_that_fail(run_model):
    claims = """
        select 'supergroup' as level, 'A' as cluster, 'v1' as variable,
            'Flats' as variable_name, 'above' as direction, 50.0 as index_score,
            unnest(['contradicted', 'supported']) as verdict
    """
    assert problems(run_model, {}, claims=claims) == [
        ("A", "claim v1 above: contradicted"),
    ]


MENTION = """
    select 'supergroup' as level, 'A' as cluster, 'flats' as phrase,
        'name' as place, 'Quiet Flats' as clause, 'mentioned' as read_as,
        150.0 as index_score, 26.0 as share, 'semis' as commonest,
        42.0 as commonest_share,
        unnest(['not the commonest', 'supported', 'unclear']) as verdict
"""


def test_what_a_text_says_fails_with_both_figures(run_model):
    assert problems(run_model, {}, mentions=MENTION) == [
        ("A", "the name has flats as mentioned: not the commonest"),
    ]
    detail = problems(run_model, {}, mentions=MENTION, wanted="detail")
    assert detail == [
        ("A", "index score 150, 26 %; semis have 42 %: “Quiet Flats”"),
    ]


def test_without_claims_the_text_itself_is_checked(run_model):
    supported = MENTION.replace("'not the commonest', ", "")
    assert problems(run_model, {"claims": []}, mentions=supported) == []


def test_clusters_left_out_and_too_many(run_model):
    log = [{"asked": ["A", "B"], "answered": ["A", "A", "Z"]}]
    assert problems(run_model, {}, log=log) == [
        ("A", "the reply named one too many"),
        ("B", "the reply left it out"),
        ("Z", "the reply named one too many"),
    ]


def test_only_the_last_reply_to_a_question_counts(run_model):
    log = [
        {"asked": ["A"], "answered": ["Z"]},
        {"asked": ["A"], "answered": ["A"], "sent_at": pd.Timestamp("2026-01-02")},
    ]
    assert problems(run_model, {}, log=log) == []


@pytest.mark.parametrize("other", [{"snapshot": "old"}, {"verdict": "refused"}])
def test_a_reply_about_other_clusters_or_none_at_all_is_no_fault(other, run_model):
    log = [{"asked": ["A", "B"], "answered": ["A"]} | other]
    assert problems(run_model, {}, log=log) == []


def cluster_names(run_model, entries, found):
    """Return cluster_names for A and B, whose rule-based names are Rule A, Rule B."""
    clusters = [{"level": "supergroup", "cluster": c} for c in "AB"]
    # As a SELECT: a column of nothing but nulls has to be one of texts.
    problem_rows = " union all ".join(
        f"select '{level}' as level, {cluster} as cluster, '{letter}' as named_cluster,"
        f" '{problem}' as problem, '' as detail"
        for level, cluster, letter, problem in [
            ("", "''", "", ""),
            *(
                ("supergroup", f"'{c}'" if c else "null::varchar", n, p)
                for c, n, p in found
            ),
        ]
    )
    return run_model(
        "census.cluster_names",
        tables={
            "census.rule_names": [
                c | {"name": f"Rule {c['cluster']}"} for c in clusters
            ],
            "census.rule_portraits": [c | {"portrait": "By rule."} for c in clusters],
            "census.runner_up_names": [
                c | {"runner_up": "Next", "is_near_tie": False} for c in clusters
            ],
            "census.given_names": given_table(entries or [{"cluster": None}]),
            "census.name_problems": problem_rows,
        },
    ).set_index("cluster")


def test_a_draft_is_shown_and_the_rest_bears_the_rules_name(run_model):
    found = cluster_names(run_model, [{}], [])
    assert found.loc["A", ["name", "source", "status"]].tolist() == [
        *["Quiet Homes", "llm", "draft"]
    ]
    assert found.loc["B", ["name", "source", "status"]].tolist() == [
        *["Rule B", "rule", "draft"]
    ]


def test_a_doubtful_name_gives_way_to_the_rules(run_model):
    found = cluster_names(run_model, [{}], [("A", "A", "bad")]).loc["A"]
    assert (found["name"], found["portrait"]) == ("Rule A", "By rule.")
    assert found["status"] == "needs_review"
    assert found["proposed_name"] == "Quiet Homes"
    assert list(found["reasons"]) == ["bad"]


def test_what_was_accepted_counts_no_more_but_what_is_new_does(run_model):
    entry = {"is_approved": True, "accepted": ["bad"], "note": "so be it"}
    found = cluster_names(run_model, [entry], [("A", "A", "bad")]).loc["A"]
    assert (found["name"], found["status"]) == ("Quiet Homes", "approved")
    more = [("A", "A", "bad"), ("A", "A", "worse")]
    assert cluster_names(run_model, [entry], more).loc["A", "status"] == "needs_review"


def test_a_name_without_a_portrait_has_the_rules(run_model):
    entry = {"portrait": None, "source": "analyst", "is_approved": True}
    found = cluster_names(run_model, [entry], []).loc["A"]
    assert (found["name"], found["portrait"]) == ("Quiet Homes", "By rule.")


def test_a_name_that_lost_its_areas_is_reviewed_where_its_letter_stands(run_model):
    gone = {"cluster": None, "fate": "outlived"}
    lost = [(None, "A", "its cluster has other areas now")]
    found = cluster_names(run_model, [gone], lost)
    assert found["status"].to_dict() == {"A": "needs_review", "B": "draft"}
    # Once A has another name, nobody is asked any more.
    found = cluster_names(run_model, [gone, {"name": "New"}], lost)
    assert found.loc["A", "status"] == "draft"
