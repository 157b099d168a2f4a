"""Asking for all names that are missing: a few requests at a time, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from placetypes.names import book
from placetypes.names.client import Answer, AskError, Settings, ask, connect
from placetypes.names.prompt import Question, build_question, in_batches
from placetypes.names.reply import Named, NotJsonError, parse_reply
from placetypes.names.state import Cluster, Place, State, read_problems, read_state

if TYPE_CHECKING:
    import openai

NAMED = "named"


@dataclass
class Outcome:
    """What came of it."""

    named: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)  # what went wrong, each once
    is_final: bool = False  # no use to go on

    def complain(self, error: AskError) -> None:
        """Note what went wrong."""
        self.is_final |= error.is_final
        if str(error) not in self.sentences:
            self.sentences.append(str(error))


@dataclass
class Asking:
    """One use of `names llm`: where to ask, where to keep, what came so far."""

    place: Place
    settings: Settings
    key: str | None
    again: bool  # ask even where the log holds a reply
    refresh: Callable[[], None]
    progress: Callable[[int, int], None]  # requests done, requests in all
    outcome: Outcome = field(default_factory=Outcome)
    done: int = 0
    total: int = 0


def missing(state: State, *, again: bool) -> list[Cluster]:
    """Return the clusters that no one has named; with `again`, all but the approved."""
    return [
        entry
        for entry in state.clusters.values()
        if entry.status != "approved" and (again or not entry.has_given_name)
    ]


def batches(clusters: list[Cluster], settings: Settings) -> list[list[Cluster]]:
    """Return the clusters of each request."""
    return in_batches(clusters, settings.clusters_per_request)


def ask_for_names(asking: Asking) -> Outcome:
    """Ask for what is missing, check it, and ask once more for what failed."""
    state = read_state(asking.place)
    wanted = missing(state, again=asking.again)
    asking.total = len(batches(wanted, asking.settings))
    client = connect(asking.settings, asking.key)
    try:
        # Supergroups first: their names are taken when subgroups are named.
        for is_sub in (False, True):
            of_level = [e for e in wanted if (e.level == "subgroup") == is_sub]
            ask_all(client, asking, state, of_level, {})
        if asking.outcome.named:
            asking.refresh()
            retry_failures(client, asking)
    finally:
        client.close()
    return asking.outcome


def retry_failures(client: openai.OpenAI, asking: Asking) -> None:
    """Ask once more for the names that failed a check, quoting the failures."""
    state = read_state(asking.place)
    problems = read_problems(asking.place)
    failing = [
        entry
        for entry in state.clusters.values()
        if entry.cluster in asking.outcome.named
        and entry.status == "needs_review"
        and entry.cluster in problems
    ]
    if failing and not asking.outcome.is_final:
        asking.total += len(batches(failing, asking.settings))
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
        for batch in batches(clusters, asking.settings)
    ]
    waiting = [q for q in questions if not use_former(asking, state, q)]
    pool = ThreadPoolExecutor(max_workers=asking.settings.requests)
    running: dict[Future[Any], Question] = {}
    try:
        while (waiting or running) and not (asking.outcome.is_final and not running):
            while waiting and len(running) < asking.settings.requests:
                if asking.outcome.is_final:
                    break
                question = waiting.pop(0)
                future = pool.submit(timed, client, question, asking)
                running[future] = question
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                keep_answer(asking, state, running.pop(future), *future.result())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def timed(
    client: openai.OpenAI, question: Question, asking: Asking
) -> tuple[Answer | AskError, float]:
    """Send one request and say how long it took."""
    start = time.monotonic()
    try:
        result: Answer | AskError = ask(client, question, asking.settings, asking.key)
    except AskError as error:
        result = error
    return result, time.monotonic() - start


def use_former(asking: Asking, state: State, question: Question) -> bool:
    """Take a reply that the log holds to this very question, if there is one."""
    if asking.again:
        return False
    request = question.hash(asking.settings.model)
    for former in reversed(book.read_log(asking.place)):
        if former.get("request") == request and former.get("verdict") == NAMED:
            keep_names(asking, state, question, parse_reply(former["reply"]))
            step(asking)
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
    text = result.text if isinstance(result, Answer) else None
    if isinstance(result, Answer):
        try:
            named = parse_reply(result.text)
        except NotJsonError as error:
            result = AskError(
                "not JSON",
                f"The reply can't be used: {error}; run it again, or try another model "
                "with --set names.model=….",
            )
    if isinstance(result, AskError):
        asking.outcome.complain(result)
    book.append_log(
        asking.place,
        [
            log_entry(
                asking.settings.model,
                question,
                state.snapshot,
                host=asking.settings.host,
                answered=[entry.cluster for entry in named],
                reply=text,
                input_tokens=getattr(result, "input_tokens", None),
                output_tokens=getattr(result, "output_tokens", None),
                seconds=round(seconds, 3),
                verdict=result.verdict if isinstance(result, AskError) else NAMED,
                message=str(result) if isinstance(result, AskError) else None,
            )
        ],
    )
    keep_names(asking, state, question, named)
    step(asking)


def step(asking: Asking) -> None:
    """Tell that one more request is done."""
    asking.done += 1
    asking.progress(asking.done, asking.total)


def log_entry(
    model: str, question: Question, snapshot: str, **details: Any
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
    for entry in entries:
        if entry["cluster"] not in asking.outcome.named:
            asking.outcome.named.append(entry["cluster"])


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
