"""census.variable_words, naming_words and variable_families: which line fits what."""

import csv
import re
from pathlib import Path

import pytest

from tests.conftest import REAL

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "data" / "naming_words.csv"
FAMILIES = ROOT / "data" / "variable_families.csv"


def words(run_model, *variables):
    """Return the words of variables, given as codes and names."""
    profiles = [
        {"variable": code, "variable_name": name}
        for code, name in variables
        for _ in "AB"
    ]
    tables = {
        "census.naming_words": run_model(
            "census.naming_words", tables={}, naming_words_file=str(WORDS)
        ).to_dict("records"),
        "census.variable_families": run_model(
            "census.variable_families", tables={}, variable_families_file=str(FAMILIES)
        ).to_dict("records"),
        "census.cluster_profiles": profiles,
    }
    return run_model("census.variable_words", tables=tables).set_index("variable")


@pytest.mark.parametrize(
    ("code", "name", "phrase"),
    [
        ("x1", "Semi-detached house or bungalow", "semi-detached houses"),
        ("x1", "DETACHED house  or bungalow", "detached houses"),
        ("x1", "Aged 45 - 64 years", "people in middle age"),
        ("x1", "Age: 45 to 64 years", "people in middle age"),
        ("v05", "Aged 45 to 64", "people in middle age"),
        (" V33 ", " V33 ", "detached houses"),
        ("v42", "Standardised illness ratio", "the illness ratio"),
        ("v23", "Other religion", "followers of religions other than Christianity"),
        ("IMD_decile", "IMD_decile", "the deprivation decile"),
    ],
)
def test_a_line_is_found_by_full_name_or_code(code, name, phrase, run_model):
    assert words(run_model, (code, name)).loc[code, "phrase"] == phrase


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("x1", "Aged 4"),  # a part of a name is none
        ("v33", "Owls heard"),  # the code means something else here
        ("v02", "Aged 7 - 14"),  # and so it does here
    ],
)
def test_a_likeness_is_not_enough(code, name, run_model):
    found = words(run_model, (code, name)).loc[code]
    assert found["phrase"].startswith("the figure for “")


def test_a_variable_without_a_line_is_called_by_its_name_without_digits(run_model):
    found = words(run_model, ("x", "Owls heard,\n25 to 107 % of nights")).loc["x"]
    assert found["phrase"] == (
        "the figure for “Owls heard, twenty-five to one zero seven of nights”"
    )
    assert found["unit"] == "unknown"
    assert found[["people_word", "home_word", "home_noun"]].isna().all()


def test_every_variable_of_the_real_data_has_words_and_a_unit(run_model):
    lookups = sorted(REAL.glob("*/input_data/census_variable_lookup.csv"))
    if not lookups:
        pytest.skip("the real data are not there")
    rows = {
        (row["No."], row["Variable_Name"])
        for path in lookups
        for row in csv.DictReader(path.open(encoding="utf-8-sig"))
    }
    definitions = REAL / "oac" / "oac_variable_definitions.csv"
    rows |= {
        (f"oac {row['workshop_code']}", row["name"])
        for row in csv.DictReader(definitions.open(encoding="utf-8-sig"))
    }
    codes = [(f"{code} {n}", name) for n, (code, name) in enumerate(sorted(rows))]
    found = words(run_model, *codes)
    assert found[found["line"].isna()]["variable_name"].tolist() == []
    assert found[found["unit"] == "unknown"]["variable_name"].tolist() == []


def lines(path):
    """Return the lines of a list of the project's own."""
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_each_phrase_is_found_by_its_own_mention():
    """Else a portrait that is right could not be told from one that says nothing."""
    lost = [
        line["phrase"]
        for line in lines(WORDS)
        if not re.search(line["mention"], line["phrase"], re.IGNORECASE)
    ]
    assert lost == []


def test_no_name_and_no_code_stands_twice():
    names = [
        n.strip().lower() for e in lines(WORDS) for n in e["variable_name"].split("|")
    ]
    codes = [entry["variable"].lower() for entry in lines(WORDS)]
    assert len(names) == len(set(names))
    assert len(codes) == len(set(codes))
    assert codes == [entry["variable"].lower() for entry in lines(FAMILIES)]


def test_words_for_names_are_single_words():
    for entry in lines(WORDS):
        assert " " not in entry["people_word"] + entry["people_word_below"]
        assert " " not in entry["home_word"]
        assert len(entry["home_noun"].split()) <= 2


def test_the_run_says_which_variables_lack_words(run_model):
    rows = [{"variable": "v1", "line": 1}, {"variable": "v2", "line": None}]
    found = run_model("census.words_notice", tables={"census.variable_words": rows})
    assert found["text"].to_list() == [
        "none for v2, so portraits quote its own name; add a line to naming_words.csv, "
        "and one to variable_families.csv for a share"
    ]
    rows = rows[:1]
    found = run_model("census.words_notice", tables={"census.variable_words": rows})
    assert found.empty
