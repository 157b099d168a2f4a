"""A reply: the JSON in it, wherever it stands, as names of clusters.

Models wrap it in prose and code fences, split it, think aloud before it, forget commas
and break off. What is whole is read; where it breaks off is said.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

THOUGHTS = re.compile(r"<(think|thinking|reasoning|thought)>.*?(</\1>|$)", re.S | re.I)
END_OF_THOUGHTS = re.compile(r"^.*</(think|thinking|reasoning|thought)>", re.S | re.I)
CODE = re.compile(r"(?:\w+[ _-]+)?([A-Z]+(?:\d+(?:[a-z]+\d*)*)?)")
# An escape of half a character, which no file can hold; both halves are one.
HIGH, LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
HALF = re.compile(f"{HIGH}(?!{LOW})|(?<!{HIGH}){LOW}")
KEY = re.compile(r"[\"'“]([^\"'“”]{1,40})[\"'”]\s*:\s*$")
NAMES = ("name", "title", "label")
PORTRAITS = ("portrait", "description", "pen_portrait", "summary", "text")
CODES = ("cluster", "code", "cluster_code", "id")
PAIRS = {"}": "{", "]": "["}


class NotJsonError(ValueError):
    """A reply holds no JSON with names of clusters."""


class Named(NamedTuple):
    """What a reply says of one cluster, as it came."""

    cluster: str
    name: str
    portrait: str
    claims: list[dict[str, Any]]


class Reply(NamedTuple):
    """The clusters that a reply names, and the words at which it breaks off, if so."""

    named: list[Named]
    breaks_off: str | None

    @property
    def sentence(self) -> str | None:
        """Say where it breaks off; None where it is whole."""
        if self.breaks_off is None:
            return None
        whole = ", ".join(row.cluster for row in self.named) or "nothing"
        return (
            f"The reply breaks off at “{self.breaks_off}”: {whole} was taken, and what "
            "follows is not there. Ask for the rest again."
        )


class Span(NamedTuple):
    """Where a JSON object or list stands."""

    start: int
    end: int


def parse_reply(text: str) -> Reply:
    """Find the names in a reply.

    Raises NotJsonError where it holds none.
    """
    text = THOUGHTS.sub(" ", END_OF_THOUGHTS.sub("", text)).replace("\ufeff", "")
    text = HALF.sub(r"\\ufffd", text)
    readings = [read_spans(text, strings) for strings in (True, False)]
    # Quotes that aren't escaped hide brackets; then brackets alone tell more.
    named, open_at = max(readings, key=lambda reading: len(reading[0]))
    is_cut = open_at is not None and re.match(r"[{\[]\s*[\"{\[]", text[open_at:])
    breaks_off = " ".join(text.rstrip()[-40:].split()) if is_cut else None
    if not named:
        if breaks_off:
            raise NotJsonError(f"it breaks off at “{breaks_off}”, in its first cluster")
        raise NotJsonError("it holds no JSON with names of clusters")
    return Reply(named, breaks_off)


def read_spans(text: str, strings: bool) -> tuple[list[Named], int | None]:
    """Read what stands between brackets; return it and where one is left open."""
    spans, open_at = bracketed(text, strings)
    named = []
    for span in spans:
        key = KEY.search(text[max(0, span.start - 60) : span.start])
        value = loaded(text[span.start : span.end])
        named += rows(value, key and key[1])
    return named, open_at


def bracketed(text: str, strings: bool) -> tuple[list[Span], int | None]:
    """Return the outermost closed brackets, and the first that is left open.

    With `strings`, brackets between quotes don't count.
    """
    spans: list[Span] = []
    stack: list[int] = []
    in_string = is_escaped = False
    for place, letter in enumerate(text):
        if in_string:
            in_string = is_escaped or letter != '"'
            is_escaped = letter == "\\" and not is_escaped
        elif letter == '"' and stack and strings:
            in_string = True
        elif letter in "{[":
            stack.append(place)
        elif letter in PAIRS and stack and text[stack[-1]] == PAIRS[letter]:
            start = stack.pop()
            while spans and spans[-1].start > start:
                spans.pop()
            spans.append(Span(start, place + 1))
    return spans, stack[0] if stack else None


def loaded(text: str) -> Any:
    """Read JSON, mended where that is needed; None where it is none at all."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    if '"' not in text and "'" not in text:
        return None
    from json_repair import repair_json

    try:
        return repair_json(text, return_objects=True)
    except (ValueError, RecursionError):
        return None


def rows(value: Any, key: str | None = None) -> Iterator[Named]:
    """Yield what a value says of clusters; `key` is what it stands under."""
    if isinstance(value, list):
        for entry in value:
            yield from rows(entry)
    elif isinstance(value, dict):
        code = first_of(value, CODES) or (as_code(key) if has_name(value) else None)
        if code is not None:
            yield read_row(code, value)
            return
        for name, entry in value.items():
            if isinstance(entry, str) and as_code(name) and len(entry) < 80:
                yield Named(as_code(name), entry, "", [])
            else:
                yield from rows(entry, name)


def has_name(value: dict[str, Any]) -> bool:
    """Tell whether a value names something."""
    return any(isinstance(value.get(name), str) for name in (*NAMES, *PORTRAITS))


def as_code(key: str | None) -> str | None:
    """Return the code of a cluster in a key such as A, B2 or "Cluster A"."""
    found = CODE.fullmatch((key or "").strip())
    return found[1] if found else None


def first_of(value: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first of some entries that is there."""
    lowered = {str(name).lower(): entry for name, entry in value.items()}
    return next((lowered[name] for name in names if lowered.get(name)), None)


def read_row(code: Any, row: dict[str, Any]) -> Named:
    """Read what is said of one cluster; what is missing is empty, for SQL to refuse."""
    claims = row.get("claims")
    return Named(
        cluster=as_code(as_text(code)) or as_text(code).strip(),
        name=as_text(first_of(row, NAMES)).strip(),
        portrait=as_text(first_of(row, PORTRAITS)).strip(),
        claims=[read_claim(c) for c in claims] if isinstance(claims, list) else [],
    )


def read_claim(claim: Any) -> dict[str, Any]:
    """Read a claim; one that isn't well formed keeps its text and has no direction."""
    if not isinstance(claim, dict):
        return {"variable": as_text(claim), "direction": None}
    direction = claim.get("direction")
    return {
        "variable": as_text(claim.get("variable")),
        "direction": direction if isinstance(direction, str) else None,
    }


def as_text(value: Any) -> str:
    """Return a text; what is none at all is empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
