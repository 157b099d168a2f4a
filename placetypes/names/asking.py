"""Asking for all names that are missing: a few requests at a time, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from placetypes.names import book
from placetypes.names.client import Answer, AskError, ask, connect, trouble
from placetypes.names.prompt import Question, build_question, in_batches
from placetypes.names.reply import Named, NotJsonError, Reply, parse_reply
from placetypes.names.settings import Settings
from placetypes.names.state import Cluster, Place, State, read_problems, read_state

if TYPE_CHECKING:
    import openai

NAMED = "named"


@dataclass
class Asking:
    """One use of `names llm`: where to ask, where to keep, what came so far."""

    place: Place
    settings: Settings
    key: str | None
    again: bool  # ask even where the log holds a reply
    refresh: Callable[[], None]
    progress: Callable[[int, int], None]  # requests done, requests in all
    named: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)  # what went wrong, each once
    is_final: bool = False  # no use to go on
    done: int = 0
    total: int = 0

    def batches(self, clusters: list[Cluster]) -> list[list[Cluster]]:
        """Return the clusters of each request."""
        return in_batches(clusters, self.settings.clusters_per_request)


def missing(state: State, *, again: bool) -> list[Cluster]:
    """Return the clusters that no one has named; with `again`, all but the approved."""
    return [
        entry
        for entry in state.clusters.values()
        if entry.status != "approved" and (again or not entry.has_given_name)
    ]


def ask_for_names(asking: Asking) -> None:
    """Ask for what is missing, check it, and ask once more for what failed."""
    state = read_state(asking.place)
    wanted = missing(state, again=asking.again)
    asking.total = len(asking.batches(wanted))
    client = connect(asking.settings, asking.key)
    try:
        # The coarsest level first: its names are taken when its parts are named.
        for is_part in (False, True):
            of_level = [entry for entry in wanted if entry.is_part == is_part]
            ask_all(client, asking, state, of_level, {})
        if asking.named:
            asking.refresh()
            retry_failures(client, asking)
    finally:
        client.close()


def retry_failures(client: openai.OpenAI, asking: Asking) -> None:
    """Ask once more for the names that failed a check, quoting the failures."""
    state, problems = read_state(asking.place), read_problems(asking.place)
    failing = [
        entry
        for entry in state.clusters.values()
        if entry.cluster in asking.named
        and entry.status == "needs_review"
        and entry.cluster in problems
    ]
    if failing and not asking.is_final:
        asking.total += len(asking.batches(failing))
        ask_all(client, asking, state, failing, problems)
        asking.refresh()


def ask_all(
    client: openai.OpenAI,
    asking: Asking,
    state: State,
    clusters: list[Cluster],
    failures: dict[str, list[tuple[str, str]]],
) -> None:
    """Send the requests for some clusters, a few at a time; keep each reply at once."""
    taken = taken_names(asking.place, state, clusters)
    questions = [
        build_question(state, batch, asking.settings.prompt, taken, failures)
        for batch in asking.batches(clusters)
    ]
    waiting = [q for q in questions if not use_former(asking, state, q)]
    pool = ThreadPoolExecutor(max_workers=asking.settings.requests)
    try:
        asked = {pool.submit(send, client, q, asking): q for q in waiting}
        for future in as_completed(asked):
            if future.result() is not None:
                keep_answer(asking, state, asked[future], *future.result())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def send(
    client: openai.OpenAI, question: Question, asking: Asking
) -> tuple[Answer | AskError, float] | None:
    """Send one request, unless it is no use; say how many seconds it took."""
    if asking.is_final:
        return None
    start = time.monotonic()
    try:
        result: Answer | AskError = ask(client, question, asking.settings, asking.key)
    except AskError as error:
        asking.is_final |= error.is_final
        result = error
    return result, time.monotonic() - start


def use_former(asking: Asking, state: State, question: Question) -> bool:
    """Take a reply that the log holds to this very question, if there is one."""
    if asking.again:
        return False
    request = question.hash(asking.settings.model)
    for former in reversed(book.read_log(asking.place)):
        if former.get("request") == request and former.get("verdict") == NAMED:
            keep_names(asking, state, question, parse_reply(former["reply"]).named)
            return True
    return False


def keep_answer(
    asking: Asking,
    state: State,
    question: Question,
    result: Answer | AskError,
    seconds: float,
) -> None:
    """Log what came back and keep the names in it."""
    named: list[Named] = []
    details: dict[str, Any] = {"reply": None, "verdict": NAMED, "message": None}
    if isinstance(result, Answer):
        details |= {"reply": result.text}
        details |= {name: getattr(result, name) for name in Answer._fields[1:]}
        try:
            reply = parse_reply(result.text)
            named, details["message"] = reply.named, reply.sentence
            if reply.sentence:
                details["asked"] = asked_of(reply, question.clusters)
                asking.sentences.append(reply.sentence)
        except NotJsonError as error:
            result = trouble("not JSON", asking.settings, error)
    if isinstance(result, AskError):
        details |= {"verdict": result.verdict, "message": str(result)}
        if str(result) not in asking.sentences:
            asking.sentences.append(str(result))
    details |= {"host": asking.settings.host, "seconds": round(seconds, 3)}
    details |= {"answered": [entry.cluster for entry in named]}
    entry = log_entry(asking.settings.model, question, state.snapshot, **details)
    book.append_log(asking.place, [entry])
    keep_names(asking, state, question, named)


def asked_of(reply: Reply, clusters: list[str]) -> list[str]:
    """Return what a reply can be said to leave out: nothing where it breaks off."""
    read = {entry.cluster for entry in reply.named}
    return [code for code in clusters if reply.breaks_off is None or code in read]


def log_entry(
    model: str | None, question: Question, snapshot: str, **details: Any
) -> book.Entry:
    """Return a line of the log."""
    return {
        "sent_at": datetime.now(UTC).isoformat(),
        "request": question.hash(model),
        "level": question.level,
        "asked": question.clusters,
        "snapshot": snapshot,
        "model": model,
        "prompt_version": question.prompt_version,
        "prompt": question.text,
        **details,
    }


def keep_names(
    asking: Asking, state: State, question: Question, named: list[Named]
) -> None:
    """Write the names that were asked for into the book, as drafts."""
    entries = draft_entries(
        state,
        [entry for entry in named if entry.cluster in question.clusters],
        source="llm",
        model=asking.settings.model,
        prompt_version=question.prompt_version,
    )
    if entries:
        book.record(asking.place, state.snapshot, entries)
    new = [e["cluster"] for e in entries if e["cluster"] not in asking.named]
    asking.named += new
    asking.done += 1
    asking.progress(asking.done, asking.total)


def keep_reply(
    place: Place, state: State, question: Question, text: str, model: str | None
) -> tuple[list[str], str | None]:
    """Keep the names of a reply that a person saved.

    Returns their clusters, and where the reply breaks off, if so. Raises NotJsonError
    where it holds none.
    """
    reply = parse_reply(text)
    named = reply.named
    asked = asked_of(reply, question.clusters)
    entries = draft_entries(
        state,
        named,
        source="reply",
        model=model,
        prompt_version=question.prompt_version,
    )
    level_of = {entry.cluster: entry.level for entry in state.clusters.values()}
    levels = list(dict.fromkeys(level_of.values()))
    log = [
        log_entry(
            model,
            question,
            state.snapshot,
            level=level,
            asked=[c for c in asked if level_of[c] == level],
            # A code that no cluster has counts as one too many of the coarsest level.
            answered=[
                n.cluster for n in named if level_of.get(n.cluster, levels[0]) == level
            ],
            reply=text,
            verdict=NAMED,
        )
        for level in levels
    ]
    book.append_log(place, log)
    book.record(place, state.snapshot, entries)
    return [entry["cluster"] for entry in entries], reply.sentence


def draft_entries(state: State, named: list[Named], **details: Any) -> list[book.Entry]:
    """Return entries for clusters that are there and not approved, each once."""
    entries: dict[str, book.Entry] = {}
    for row in named:
        cluster = state.clusters.get(row.cluster)
        if cluster is None or cluster.status == "approved" or row.cluster in entries:
            continue
        entry = book.new_entry(
            cluster.level, row.cluster, state.snapshot, row.name, row.portrait
        )
        entries[row.cluster] = entry | {"claims": row.claims} | details
    return list(entries.values())


def taken_names(place: Place, state: State, clusters: list[Cluster]) -> list[str]:
    """Return the names that other clusters bear, those of the last minute included."""
    asked = {entry.cluster for entry in clusters}
    names = {
        entry.name
        for entry in state.clusters.values()
        if entry.cluster not in asked and entry.source != "rule"
    }
    names |= {
        entry["name"]
        for entry in book.read_names(place)
        if entry.get("snapshot") == state.snapshot
        and entry["cluster"] not in asked
        and entry["name"]
    }
    return sorted(names)
