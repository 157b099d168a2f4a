"""The one exception that users see, always as a sentence."""

import errno
import re
import sqlite3
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import duckdb

# Passwords and keys as they stand in addresses, connection strings and commands.
NAMES = r"(?:[\w-]*(?:pass(?:word|wd|phrase)|pwd|secret|token|credentials?)"
NAMES += r"|(?<![a-z])(?:[\w-]*[_-])?key|(?:[?&;]|\b)(?:sig|signature|accountkey|sas))"
SECRETS = {
    # scheme://user:password@host
    r"(\w[\w+.-]*://)[^/\s@'\"]+@": r"\1***@",
    # password=…, motherduck_token=…, "api_key": "…"; a value in quotes may hold blanks
    rf"({NAMES}\\*['\"]?\s*[=:]\s*)"
    r"(?:\\*'[^']*'|\\*\"[^\"]*\"|[^\s&;,'\"]+)": r"\1***",
    r"\b(?:sk|pk|ghp|gho|hf|xox[bp])[-_][\w-]{12,}": "***",
    r"\beyJ[\w-]+\.[\w-]+\.[\w-]*": "***",  # a JSON web token
    r"(\bbearer\s+)\S+": r"\1***",
}


def redacted(text: str) -> str:
    """Return a text without passwords and keys, as all that is recorded is."""
    for pattern, instead in SECRETS.items():
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    return text


# What a terminal obeys in place of showing it: control characters but tab and line
# end, marks that turn the direction of writing, what has no width, half characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Return a text as a terminal may show it: \x1b for an escape, and the like."""
    return UNSEEN.sub(lambda m: m[0].encode("unicode_escape").decode(), text)


class PlacetypesError(Exception):
    """Something a user can put right: the message names the place and the remedy."""


def refuse_folder(path: Path) -> None:
    """Raise PlacetypesError where a folder stands in a file's place."""
    if path.is_dir():
        raise PlacetypesError(
            f"{path} is a folder where a file belongs; name the file itself."
        )


def was_interrupted(error: BaseException) -> bool:
    """Tell Ctrl-C, of which DuckDB makes an error of its own during a query."""
    return any(
        isinstance(cause, KeyboardInterrupt | duckdb.InterruptException)
        or (isinstance(cause, RuntimeError) and str(cause) == "Query interrupted")
        for cause in (error, error.__cause__)
    )


# What DuckDB and SQLite say of a full disk.
FULL = ("No space left", "too large", "quota", "disk is full")


def is_disk_full(error: BaseException | None) -> bool:
    """Tell an error that comes of a full disk, whoever met it and passed it on."""
    while error is not None:
        full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if getattr(error, "errno", None) in full:
            return True
        words = str(error) if isinstance(error, (duckdb.Error, sqlite3.Error)) else ""
        if any(part in words for part in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def disk_full(folder: object) -> PlacetypesError:
    """Return the sentence for a full disk."""
    return PlacetypesError(
        f"The disk that holds {folder} is full. Free some space, or choose another "
        "folder, and run again. What is published stays as it was."
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ' Did you mean clusters?', or the list of what is known."""
    choices = sorted(known)
    matches = get_close_matches(name, choices, n=1, cutoff=0.6)
    if matches:
        return f" Did you mean {matches[0]}?"
    return f" Known: {', '.join(choices)}."


def listed(values: Iterable[object], most: int = 3) -> str:
    """Join the first few values for a sentence and count the rest."""
    items = [str(value) for value in values]
    rest = len(items) - most
    text = ", ".join(items[:most])
    return f"{text} and {rest:,} more" if rest > 0 else text


def one_line(error: BaseException) -> str:
    """Return an exception's first line."""
    return str(error).split("\n")[0].strip()


def of_older_version(error: duckdb.Error) -> str:
    """Return what to do where a result lacks what this version reads of it."""
    if not isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        return ""
    return (
        " The result lacks it, being of an earlier version of placetypes, or of a run "
        "of single tables: `python pipeline.py run` brings it up to date."
    )


def csv_reason(error: BaseException) -> str:
    """Return why DuckDB can't read a CSV file, in other words than its own."""
    if "sniffing" in str(error):
        return "its lines end in different ways, or a quote stays open"
    return one_line(error).removeprefix("Invalid Input Error: ")
