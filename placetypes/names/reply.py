"""A reply: the JSON in it, wherever it stands, as names of clusters."""

import json
import re
from typing import Any, NamedTuple


class NotJsonError(ValueError):
    """A reply holds no JSON with names of clusters."""


class Named(NamedTuple):
    """What a reply says of one cluster, as it came."""

    cluster: str
    name: str
    portrait: str
    claims: list[dict[str, Any]]


def parse_reply(text: str) -> list[Named]:
    """Find the names in a reply that may be wrapped in prose or a code fence.

    Raises NotJsonError where it holds none.
    """
    for candidate in json_values(text):
        rows = candidate.get("clusters") if isinstance(candidate, dict) else candidate
        if isinstance(candidate, dict) and "cluster" in candidate:
            rows = [candidate]
        if not isinstance(rows, list):
            continue
        named = [read_row(row) for row in rows if is_row(row)]
        if named:
            return named
    raise NotJsonError("it holds no JSON with names of clusters")


def json_values(text: str) -> list[Any]:
    """Return every JSON object or list that stands in a text, outermost first."""
    decoder = json.JSONDecoder()
    values, position = [], 0
    while position < len(text):
        start = opening(text, position)
        if start is None:
            break
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        values.append(value)
        position = end
    return values


def opening(text: str, position: int) -> int | None:
    """Return where the next brace or bracket opens."""
    found = re.compile(r"[{\[]").search(text, position)
    return found.start() if found else None


def is_row(row: Any) -> bool:
    """Tell whether a value says something of a cluster."""
    return isinstance(row, dict) and isinstance(row.get("cluster"), str)


def read_row(row: dict[str, Any]) -> Named:
    """Read what is said of one cluster; what is missing is empty, for SQL to refuse."""
    claims = row.get("claims")
    return Named(
        cluster=row["cluster"].strip(),
        name=as_text(row.get("name")),
        portrait=as_text(row.get("portrait")),
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
