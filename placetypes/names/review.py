"""Decisions by a person: accept a draft, change it, write another one."""

from typing import Any, NamedTuple

import typer

from placetypes import console
from placetypes.console import say
from placetypes.names import book
from placetypes.names.sheet import Row
from placetypes.names.state import (
    Cluster,
    Place,
    State,
    read_evidence,
    read_fates,
    read_problems,
    read_state,
)

CHOICES = ("accept", "edit", "rewrite", "skip", "quit")


class Wording(NamedTuple):
    """A name and a portrait."""

    name: str
    portrait: str | None


def proposal(cluster: Cluster) -> Wording:
    """Return what waits for a decision: the proposed text, else what is shown."""
    if cluster.proposed_name is not None:
        return Wording(cluster.proposed_name, cluster.proposed_portrait)
    return Wording(cluster.name, cluster.portrait)


def waiting(state: State) -> list[Cluster]:
    """Return the clusters that no one has approved, the doubtful ones first."""
    open_ones = [c for c in state.clusters.values() if c.status != "approved"]
    return sorted(open_ones, key=lambda c: (c.status != "needs_review", c.order))


def review(place: Place) -> list[str]:
    """Walk through the drafts; return the clusters that were decided."""
    state, problems = read_state(place), read_problems(place)
    decided = []
    for cluster in waiting(state):
        show(place, cluster)
        choice = ask_choice()
        if choice == "quit":
            break
        if choice == "skip":
            continue
        change = {"edit": edit, "rewrite": rewrite, "accept": lambda text: text}
        text = change[choice](proposal(cluster))
        entry = approved(place, state, cluster, text, keep_claims=choice != "rewrite")
        if choice == "accept":
            entry["accepted"] = [p for p, _ in problems.get(cluster.cluster, [])]
        entry["note"] = ask_note(required=bool(entry["accepted"]))
        book.record(place, state.snapshot, [entry])
        decided.append(cluster.cluster)
    return decided


def show(place: Place, cluster: Cluster) -> None:
    """Print a proposal with its claims, what its text says, and what is wrong."""
    text = proposal(cluster)
    origin = cluster.source + (f" ({cluster.model})" if cluster.model else "")
    if cluster.proposed_name is not None:
        origin = "a proposal; until it is decided the rule's name is shown"
    say(f"\n{cluster.level} {cluster.cluster}: {text.name}", style="bold")
    say(f"{cluster.status}, by {origin}")
    say(text.portrait or cluster.portrait)
    evidence = [
        [kind, what, direction, None if score is None else round(score), verdict]
        for kind, what, direction, score, verdict in read_evidence(
            place, cluster.cluster
        )
    ]
    if evidence:
        console.print_table(
            ["by", "what", "direction", "index score", "verdict"], evidence
        )
    for reason in cluster.reasons:
        say(f"! {reason}", style="yellow")


def ask_choice() -> str:
    """Ask what to do."""
    options = ", ".join(f"[{word[0]}]{word[1:]}" for word in CHOICES)
    while True:
        answer = typer.prompt(options, default="s").strip().lower()[:1]
        for choice in CHOICES:
            if answer == choice[0]:
                return choice


def ask_note(*, required: bool) -> str | None:
    """Ask for a note; one is needed where something speaks against the text."""
    question = "Note (may be empty)"
    default = None if required else ""
    if required:
        question = "Note: why is it right all the same?"
    while True:
        note = typer.prompt(question, default=default).strip()
        if note or not required:
            return note or None


def edit(text: Wording) -> Wording:
    """Change name and portrait, in $EDITOR where there is a terminal."""
    written = None
    if console.output.is_terminal:
        written = typer.edit(f"{text.name}\n\n{text.portrait or ''}\n")
    if written is not None:
        name, _, portrait = written.partition("\n")
        return Wording(name.strip(), portrait.strip() or None)
    name = typer.prompt("Name", default=text.name).strip()
    portrait = typer.prompt("Portrait", default=text.portrait or "").strip()
    return Wording(name, portrait or None)


def rewrite(_: Wording) -> Wording:
    """Write name and portrait anew; without a portrait the rule's is shown."""
    name = typer.prompt("Name").strip()
    portrait = typer.prompt("Portrait (empty: the rule's)", default="").strip()
    return Wording(name, portrait or None)


def approved(
    place: Place, state: State, cluster: Cluster, text: Wording, *, keep_claims: bool
) -> book.Entry:
    """Return the entry of a name that a person approved."""
    former = former_entry(place, cluster) if keep_claims else None
    changed = text != proposal(cluster)
    entry = book.new_entry(
        cluster.level, cluster.cluster, state.snapshot, text.name, text.portrait
    )
    entry |= {"approved": True, "source": "analyst" if changed else cluster.source}
    if former:
        kept = ("claims", "model", "prompt_version")
        entry |= {name: former.get(name) for name in kept}
        if not changed:
            entry["source"] = former.get("source", "analyst")
    return entry


def former_entry(place: Place, cluster: Cluster) -> book.Entry | None:
    """Return the entry of names.json that the cluster has now, if any."""
    fates = read_fates(place)
    for entry in book.read_names(place):
        is_of_level = entry["level"] == cluster.level
        if is_of_level and fates.get(book.key(entry)) == cluster.cluster:
            return entry
    return None


def set_name(
    place: Place, code: str, name: str, portrait: str | None, note: str | None
) -> None:
    """Give a cluster a name by hand; its portrait stays unless one is given."""
    state = read_state(place)
    cluster = state.find(code)
    former: dict[str, Any] = former_entry(place, cluster) or {}
    text = Wording(name.strip(), portrait or former.get("portrait"))
    entry = approved(place, state, cluster, text, keep_claims=portrait is None)
    entry["note"] = note
    book.record(place, state.snapshot, [entry])


def take_rows(place: Place, rows: list[Row]) -> None:
    """Put the lines of a sheet into the book: approved where accepted, else drafts."""
    state = read_state(place)
    entries = []
    for row in rows:
        cluster = state.find(row.code)
        same_portrait = row.portrait in ("", proposal(cluster).portrait)
        former = former_entry(place, cluster) or {}
        portrait = former.get("portrait") if same_portrait else row.portrait
        text = Wording(row.name, portrait)
        entry = approved(place, state, cluster, text, keep_claims=same_portrait)
        entry |= {"approved": row.accepted, "note": row.note or None}
        entries.append(entry)
    book.record(place, state.snapshot, entries)


def accept_problems(place: Place, codes: list[str]) -> bool:
    """Note that a person knew what speaks against names; tell whether anything does."""
    state, found = read_state(place), read_problems(place)
    entries = []
    for code in codes:
        entry = former_entry(place, state.find(code))
        problems = [problem for problem, _ in found.get(code, [])]
        if entry and problems:
            entries.append({**entry, "accepted": problems})
    if entries:
        book.record(place, entries[0]["snapshot"], entries)
    return bool(entries)
