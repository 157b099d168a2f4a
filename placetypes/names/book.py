"""The book of names: names.json, its log and the areas at the time of naming.

They lie in the job's output folder because they must outlive every rebuilding of the
database, and because a person may want to read or correct them. The areas are written
first and names.json last, so that no name ever refers to areas that aren't there.
"""

import csv
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError
from placetypes.names.state import Place, read_fates, read_members

NAMES = "names.json"
MEMBERS = "names_members.csv"
LOG = "names_log.jsonl"
FIELDS = ("snapshot", "level", "cluster", "area")

Entry = dict[str, Any]


def new_entry(
    level: str, cluster: str, snapshot: str, name: str | None, portrait: str | None
) -> Entry:
    """Return an entry of names.json, still without claims and approval."""
    return {
        "level": level,
        "cluster": cluster,
        "name": name,
        "portrait": portrait,
        "claims": [],
        "source": "analyst",
        "model": None,
        "prompt_version": None,
        "approved": False,
        "note": None,
        "accepted": [],
        "snapshot": snapshot,
    }


def key(entry: Entry) -> tuple[str, str, str]:
    """Return what tells an entry from the others."""
    return entry["level"], entry["cluster"], entry.get("snapshot")


def read_names(place: Place) -> list[Entry]:
    """Return the entries of names.json, none where the file isn't there."""
    path = place.folder / NAMES
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) and "cluster" in entry for entry in entries
        ):
            raise ValueError("it is no list of names")
    except (ValueError, TypeError, RecursionError) as error:
        raise PlacetypesError(
            f"{path} can't be read as JSON ({error}); undo what was last edited by "
            "hand."
        ) from error
    return entries


def record(place: Place, snapshot: str, entries: Iterable[Entry]) -> None:
    """Put names into names.json, each in the place of its cluster's former name.

    Names of clusters that are gone stay: with former parameters they come back.
    """
    fates = read_fates(place)
    new = {(entry["level"], entry["cluster"]): entry for entry in entries}
    kept = [
        entry
        for entry in read_names(place)
        if (entry["level"], fates.get(key(entry))) not in new
        and not (
            entry.get("snapshot") == snapshot
            and (entry["level"], entry["cluster"]) in new
        )
    ]
    keep_members(place, snapshot, {entry.get("snapshot") for entry in kept})
    text = json.dumps([*kept, *new.values()], indent=2, ensure_ascii=False)
    write_whole(place.folder / NAMES, text + "\n")


def keep_members(place: Place, snapshot: str, needed: set[str | None]) -> None:
    """Note the areas of each cluster now, beside those that other names refer to."""
    path = place.folder / MEMBERS
    rows: list[tuple[str, ...]] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as opened:
            rows = [tuple(row) for row in csv.reader(opened)][1:]
    if any(row[0] == snapshot for row in rows):
        return
    rows = [row for row in rows if row[0] in needed]
    rows += [(snapshot, *member) for member in read_members(place)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(rows)
    write_whole(path, text.getvalue())


def read_log(place: Place) -> list[Entry]:
    """Return the log's entries; a line cut short by a power failure is left out."""
    path = place.folder / LOG
    if not path.exists():
        return []
    entries = []
    for line in path.read_text("utf-8").splitlines():
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries


def append_log(place: Place, entries: Iterable[Entry]) -> None:
    """Add entries to the log."""
    lines = [json.dumps(e, ensure_ascii=False) for e in [*read_log(place), *entries]]
    write_whole(place.folder / LOG, "\n".join(lines) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(path)
