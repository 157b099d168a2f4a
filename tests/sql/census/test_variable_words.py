"""census.variable_words and census.naming_words on hand-made rows."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "data" / "naming_words.csv"


def words(run_model, *names):
    """Return the words of variables v1, v2 … with these names."""
    tables = {
        "census.naming_words": run_model(
            "census.naming_words", tables={}, naming_words_file=str(WORDS)
        ).to_dict("records"),
        "census.cluster_profiles": [
            {"variable": f"v{n}", "variable_name": name}
            for n, name in enumerate(names, 1)
            for _ in "AB"
        ],
    }
    return run_model("census.variable_words", tables=tables).set_index("variable")


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Semi-detached house or bungalow", "semi-detached houses"),
        ("Detached house or bungalow", "detached houses"),
        ("Schoolchildren and students aged 5 and over", "people in school or college"),
        ("NS-SeC: L15 Full-time students", "full-time students"),
        ("Single-family household: With dependent children", "families with dependent children"),  # noqa: E501
        ("Never married and never registered a civil partnership", "people who have never married"),  # noqa: E501
        ("SOC: 3. Associate professional and technical occupations", "technical workers"),  # noqa: E501
        ("SOC: 2. Professional occupations", "professionals"),
        ("Percent lone family household", "lone-parent families"),
        ("IMD_decile", "places of low deprivation"),
    ],
)  # fmt: skip
def test_the_first_line_that_fits_counts(name, phrase, run_model):
    assert words(run_model, name).loc["v1", "phrase"] == phrase


def test_a_variable_that_no_line_fits_is_quoted_without_digits(run_model):
    found = words(run_model, "Owls heard, 25 to 107 % of nights").loc["v1"]
    assert found["phrase"] == (
        "those counted under “Owls heard, twenty-five to one zero seven  of nights”"
    )
    assert found[["people_word", "home_word", "home_noun"]].isna().all()


def test_each_phrase_is_found_by_its_own_mention(run_model, connection):
    """Else a portrait that is right could not be told from one that says nothing."""
    run_model("census.naming_words", tables={}, naming_words_file=str(WORDS))
    lost = connection.execute(
        """
        select phrase, mention from read_csv($1, header = true, all_varchar = true)
        where not regexp_matches(phrase, mention, 'i')
        """,
        [str(WORDS)],
    ).fetchall()
    assert lost == []


def test_words_for_names_are_single_words(run_model, connection):
    wrong = connection.execute(
        """
        select people_word, home_word from
        read_csv($1, header = true, all_varchar = true)
        where contains(people_word, ' ') or contains(home_word, ' ')
        or len(string_split(home_noun, ' ')) > 2
        """,
        [str(WORDS)],
    ).fetchall()
    assert wrong == []
