"""Two lanes: tables are built side by side, each as soon as those that it needs are.

A small table takes DuckDB a few milliseconds, mostly on one core, and a step leaves
cores idle between its loops; another table fills these gaps. The main lane prefers
steps, the one beside it SELECTs, which tell soonest what is wrong with the data; of
either kind, first what most other tables wait for.
"""

import re
from collections.abc import Callable
from threading import Condition, Thread

from placetypes.errors import was_interrupted
from placetypes.runner.plan import Planned, model_checks
from placetypes.runner.project import Project

MAIN, BESIDE = 0, 1


def build_in_lanes(
    todo: list[Planned],
    needs: dict[str, set[str]],
    build: Callable[[Planned, int], None],
    *,
    lanes: int,
    announce: Callable[[list[str]], None],
    tell: Callable[[str], None],
    interrupt: Callable[[], None],
) -> None:
    """Build each table once those that it `needs` are built, in one lane or two.

    `build` is given a table and the number of its lane, `announce` the names of those
    that are being built. With one lane they are built in the order of `todo`.

    What fails is raised when the table in the other lane is finished, which would be
    lost else; meanwhile `tell` says so. Ctrl-C waits for queries only: `interrupt` ends
    the one beside, and a step there ends with the process.
    """
    done = set[str]()
    waiting = list(todo)
    if lanes == 2:
        after = followers(needs)
        waiting.sort(key=lambda entry: -len(after[entry.name]))
    running: dict[int, Planned] = {}
    failures: list[BaseException] = []
    changed = Condition()

    def take(lane: int) -> Planned | None:
        """Wait for a table to build in this lane; None where there is none left."""
        with changed:
            while waiting and not failures:
                ready = [entry for entry in waiting if needs[entry.name] <= done]
                if lanes == 2:
                    ready.sort(key=lambda entry: entry.model.is_sql == (lane == MAIN))
                if ready:
                    waiting.remove(ready[0])
                    running[lane] = ready[0]
                    announce([entry.name for entry in running.values()])
                    return ready[0]
                changed.wait()
        return None

    def build_lane(lane: int) -> None:
        while (entry := take(lane)) is not None:
            try:
                build(entry, lane)
                done.add(entry.name)
            except BaseException as error:
                if lane == MAIN and was_interrupted(error):
                    raise KeyboardInterrupt from error
                failures.append(error)
            finally:
                with changed:
                    del running[lane]
                    changed.notify_all()
                    if failures and running:
                        other = ", ".join(entry.name for entry in running.values())
                        tell(f"A table failed. Finishing {other}; Ctrl-C ends it.")

    beside = Thread(target=build_lane, args=(BESIDE,), name="beside", daemon=True)
    try:
        if lanes == 2:
            beside.start()
        build_lane(MAIN)
        if lanes == 2:
            beside.join()
    except KeyboardInterrupt:
        waiting.clear()
        while BESIDE in running and running[BESIDE].model.is_sql:
            interrupt()  # again and again, since it can fall between two queries
            beside.join(0.1)
        raise
    if failures:
        raise failures[0]


def followers(needs: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return for each table which others have to wait for it, however far down."""
    waiting: dict[str, set[str]] = {name: set() for name in needs}
    for name in reversed(needs):  # each comes after those that it needs
        for parent in needs[name]:
            waiting[parent] |= {name} | waiting[name]
    return waiting


def needed_tables(todo: list[Planned], project: Project) -> dict[str, set[str]]:
    """Return for each table which others of `todo` come first.

    Those that it is made from, and those before it that its checks ask.
    """
    needs: dict[str, set[str]] = {}
    for entry in todo:
        queries = [check.query for check in model_checks(project, entry.model)]
        asked = re.findall(r"\w+\.\w+", " ".join(queries).lower().replace('"', ""))
        needs[entry.name] = needs.keys() & {*entry.model.upstream, *asked}
    return needs
