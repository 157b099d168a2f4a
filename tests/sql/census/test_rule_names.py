"""census.rule_names on hand-made rows."""

NO_WORDS = dict.fromkeys(("people_word", "people_word_below", "home_word", "home_noun"))
WORDS = [
    NO_WORDS | {"variable": "own", "home_word": "Owned"},
    NO_WORDS | {"variable": "pro", "people_word": "Expert"},
    NO_WORDS | {"variable": "flat", "home_noun": "Flats"},
    NO_WORDS | {"variable": "ill", "people_word_below": "Healthy"},
]
NO_NAMES = "select null::varchar as level, null::varchar as cluster, null::varchar as name limit 0"  # noqa: E501


def row(cluster, variable, strength, level="supergroup"):
    """Return a row of a profile that is above the average."""
    return {
        "level": level,
        "supergroup": cluster[0],
        "cluster": cluster,
        "variable": variable,
        "strength": strength,
        "contrast": strength,
        "direction": "above",
    }


def names(run_model, rows, given=NO_NAMES):
    """Return the name of each cluster."""
    clusters = sorted({(r["level"], r["cluster"]) for r in rows})
    found = run_model(
        "census.rule_names",
        tables={
            "census.cluster_profiles": rows,
            "census.variable_words": WORDS,
            "census.nearest_siblings": [
                {"level": level, "cluster": cluster} for level, cluster in clusters
            ],
            "census.given_names": given,
        },
    )
    return found.set_index("cluster")["name"].to_dict()


def test_the_two_most_telling_words_make_a_name(run_model):
    rows = [row("A", "pro", 2.0), row("A", "flat", 1.0), row("A", "own", 0.5)]
    assert names(run_model, rows) == {"A": "Expert Flats"}


def test_a_name_is_given_once_supergroups_first(run_model):
    rows = [
        *[row("A", "pro", 2.0), row("A", "flat", 1.0)],
        *[row("A1", "pro", 9.0, "subgroup"), row("A1", "flat", 9.0, "subgroup")],
        row("B", "pro", 1.0),
    ]
    assert names(run_model, rows) == {
        "A": "Expert Flats",
        "B": "Expert Neighbourhoods",
        "A1": "Flats",
    }


def test_whoever_has_no_word_is_mixed(run_model):
    rows = [row("A", "ill", 2.0), row("B", "ill", 1.0), row("AA", "ill", 1.0)]
    assert names(run_model, rows) == {
        "A": "Mixed Neighbourhoods",
        "B": "Mixed Neighbourhoods Two",
        "AA": "Mixed Neighbourhoods Three",
    }


def test_what_is_rare_can_name_a_cluster_too_but_counts_less(run_model):
    few_ill = row("A", "ill", -3.0) | {"direction": "below"}
    assert names(run_model, [few_ill]) == {"A": "Healthy Neighbourhoods"}
    rows = [few_ill, row("A", "pro", 1.0)]
    assert names(run_model, rows) == {"A": "Healthy Expert Neighbourhoods"}
    rows = [few_ill, row("A", "pro", 4.0), row("A", "flat", 1.0)]
    assert names(run_model, rows) == {"A": "Expert Flats"}


def test_what_lies_near_the_average_names_nothing(run_model):
    rows = [row("A", "pro", 2.0) | {"direction": "near"}]
    assert names(run_model, rows) == {"A": "Mixed Neighbourhoods"}


def test_a_name_that_someone_gave_another_cluster_is_taken(run_model):
    rows = [row("A", "pro", 2.0), row("A", "flat", 1.0)]
    given = [{"level": "supergroup", "cluster": "B", "name": "expert flats"}]
    assert names(run_model, rows, given) == {"A": "Expert Neighbourhoods"}
    own = [{"level": "supergroup", "cluster": "A", "name": "Expert Flats"}]
    assert names(run_model, rows, own) == {"A": "Expert Flats"}
