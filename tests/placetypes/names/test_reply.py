"""Replies as models and people hand them over."""

import pytest

from placetypes.names.reply import NotJsonError, parse_reply
from tests.conftest import REAL

ROW = (
    '{"cluster": "A", "name": "Quiet Homes", "portrait": "It is quiet.", "claims": []}'
)
WHOLE = f'{{"clusters": [{ROW}]}}'


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        f"Sure! Here you are:\n```json\n{WHOLE}\n```\nAnything [else]?",
        f"I weighed {{many}} things [at length]. {WHOLE}",
        f"[{ROW}]",
        ROW,
        f"\ufeff{WHOLE}",
    ],
)
def test_the_names_are_found_wherever_they_stand(text):
    assert [(row.cluster, row.name) for row in parse_reply(text).named] == [
        ("A", "Quiet Homes")
    ]


@pytest.mark.parametrize(
    "text", ["", "I can't do that.", '{"clusters": []}', '{"clusters": "A"}', "[1, 2]"]
)
def test_a_reply_without_names_is_refused(text):
    with pytest.raises(NotJsonError):
        parse_reply(text)


def test_a_reply_that_was_cut_in_two_is_refused_or_read_as_far_as_it_goes():
    reply = parse_reply(f'{{"clusters": [{ROW}, {{"cluster": "B", "na')
    assert [row.cluster for row in reply.named] == ["A"]
    assert reply.sentence == (
        'The reply breaks off at “t.", "claims": []}, {"cluster": "B", "na”: A was '
        "taken, and what follows is not there. Ask for the rest again."
    )
    with pytest.raises(NotJsonError, match=r"breaks off at .* in its first cluster"):
        parse_reply('{"clusters": [{"cluster": "B", "na')


def test_what_is_missing_is_empty_and_what_is_odd_is_kept():
    row = parse_reply(
        '{"clusters": [{"cluster": "A", "claims": ["v1", {"x": 1}]}]}'
    ).named[0]
    assert (row.name, row.portrait) == ("", "")
    assert row.claims == [
        {"variable": "v1", "direction": None},
        {"variable": "", "direction": None},
    ]


def test_many_brackets_are_read_in_a_moment():
    with pytest.raises(NotJsonError):
        parse_reply("[" * 3000)


def said(text):
    """Return cluster, name and portrait of each row of a reply."""
    return [(row.cluster, row.name, row.portrait) for row in parse_reply(text).named]


@pytest.mark.parametrize(
    "text",
    [
        '{"A": {"name": "Old Town", "description": "So it is."}}',
        '{"Cluster A": {"name": "Old Town", "description": "So it is."}}',
        '{"cluster_summaries": {"A": {"name": "Old Town", "summary": "So it is."}}}',
        '{"cluster_summaries": [{"code": "A", "title": "Old Town", "text": "So it is."}'
        ",]}",
        "{'A': {'name': 'Old Town', 'description': 'So it is.'}}",
        '[{"cluster": "A", "name": "Old Town", // it is\n "portrait": "So it is."}]',
        '<think>{"A": {"name": "Bad"}}</think>'
        '{"A": {"name": "Old Town", "text": "So it is."}}',
        'Well … </think> {"A": {"name": "Old Town", "description": "So it is."}}',
        'A 5" pipe. {"A": {"name": "Old Town", "description": "So it is."}}',
    ],
)
def test_every_faithful_form_is_read(text):
    assert said(text) == [("A", "Old Town", "So it is.")]


def test_line_breaks_and_quotes_within_texts_are_read():
    text = (
        '{"clusters": [{"cluster": "A", "name": "The "Old" Town", "portrait": "a\nb"}]}'
    )
    assert said(text) == [("A", 'The "Old" Town', "a\nb")]


def test_blocks_are_read_one_after_the_other():
    text = f"```json\n{WHOLE}\n```\nand\n```json\n{WHOLE.replace('A', 'B')}\n```"
    assert [row.cluster for row in parse_reply(text).named] == ["A", "B"]


def test_thoughts_alone_are_no_reply():
    with pytest.raises(NotJsonError):
        parse_reply(f"<think>{WHOLE}")


def test_the_cases_of_real_models_are_read():
    folder = REAL.parent / "cases" / "llm"
    if not folder.is_dir():
        pytest.skip("the cases are not there")
    found = {
        p.name: [row.name for row in parse_reply(p.read_text()).named]
        for p in folder.iterdir()
    }
    rows = ["Alpha Rows", "Beta Rows", "Gamma Rows", "Delta Rows"]
    pair = ["Social Rent Terraces", "Average Suburban Mix"]
    assert found == {
        "dict_desc.json": pair,
        "two_fences.txt": pair,
        "nl_last.json": rows,
        "think2.txt": rows,
    }


def test_half_a_character_is_shown_as_what_is_lost_and_a_whole_one_kept():
    text = r'{"A": {"name": "Quiet \ud800 \ud83d\ude00", "description": "\udc00"}}'
    (row,) = parse_reply(text).named
    assert (row.name, row.portrait) == ("Quiet \ufffd \U0001f600", "\ufffd")
