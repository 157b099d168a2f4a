"""The page of what is checked is the rules, and every rule is used."""

import re

from placetypes.inputs.rules import (
    PAGE,
    PROMISES,
    SECURITY,
    VERDICTS,
    page,
    rules,
    security,
)
from placetypes.yaml_files import read_yaml
from tests.conftest import ROOT

CODE = "".join(
    path.read_text("utf-8")
    for path in sorted((ROOT / "placetypes" / "inputs").glob("*.py"))
)


def test_the_page_is_written_from_the_rules():
    assert (ROOT / PAGE).read_text("utf-8") == page(), "run `make docs`"


def test_what_is_defended_is_written_from_the_rules():
    text = (ROOT / SECURITY).read_text("utf-8")
    assert text == security(text), "run `make docs`"
    assert "A zip member whose path leads outside" in text
    kept = {rule.get("promise") for rule in rules().values()} - {None}
    assert kept < read_yaml(PROMISES).keys()


def test_every_rule_is_used():
    assert [name for name in rules() if f'"{name}"' not in CODE] == []


def test_every_refusal_is_a_rule():
    used = re.findall(r'(?:refusal|sentence|Broken)\(\s*"(\w+)"', CODE)
    assert len(used) > 40
    assert set(used) <= rules().keys()


def test_a_rule_says_what_it_looks_for_and_what_happens():
    for name, rule in rules().items():
        keys = rule.keys() - {"promise"}
        assert keys == {"topic", "what", "verdict", "sentence"}, name
        assert rule["verdict"] in VERDICTS, name
        assert "{file}" in rule["sentence"], name


def test_no_rule_is_cut_short_by_what_yaml_takes_for_a_comment():
    for name, rule in rules().items():
        for text in rule.values():
            assert text.count("(") == text.count(")"), name
            assert text[-1] not in ",(", name
