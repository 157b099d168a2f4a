"""Replies as models and people hand them over."""

import pytest

from placetypes.names.reply import NotJsonError, parse_reply

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
    assert [(row.cluster, row.name) for row in parse_reply(text)] == [
        ("A", "Quiet Homes")
    ]


@pytest.mark.parametrize(
    "text", ["", "I can't do that.", '{"clusters": []}', '{"clusters": "A"}', "[1, 2]"]
)
def test_a_reply_without_names_is_refused(text):
    with pytest.raises(NotJsonError):
        parse_reply(text)


def test_a_reply_that_was_cut_in_two_is_refused_or_read_as_far_as_it_goes():
    rows = parse_reply(f'{{"clusters": [{ROW}, {{"cluster": "B", "na')
    assert [row.cluster for row in rows] == ["A"]


def test_what_is_missing_is_empty_and_what_is_odd_is_kept():
    row = parse_reply('{"clusters": [{"cluster": "A", "claims": ["v1", {"x": 1}]}]}')[0]
    assert (row.name, row.portrait) == ("", "")
    assert row.claims == [
        {"variable": "v1", "direction": None},
        {"variable": "", "direction": None},
    ]


def test_many_brackets_are_read_in_a_moment():
    with pytest.raises(NotJsonError):
        parse_reply("[" * 3000)
