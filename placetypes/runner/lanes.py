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


class Lanes:
    """Tables under way: those that wait, those that are built, and what failed.

    `build` is given a table and the number of its lane, `announce` the names of those
    that are being built. What fails is raised when the table in the other lane is
    finished, which would be lost else; meanwhile `tell` says so. Ctrl-C waits for
    queries only: `interrupt` ends the one beside; a step there ends with the process.
    """

    def __init__(
        self,
        todo: list[Planned],
        needs: dict[str, set[str]],
        build: Callable[[Planned, int], None],
        announce: Callable[[list[str]], None],
        tell: Callable[[str], None],
        interrupt: Callable[[], None],
    ) -> None:
        self.waiting, self.needs = list(todo), needs
        self.build, self.announce, self.tell = build, announce, tell
        self.interrupt = interrupt
        self.done: set[str] = set()
        self.running: dict[int, Planned] = {}
        self.failures: list[BaseException] = []
        self.changed = Condition()
        self.lanes = 1

    def run(self, lanes: int) -> None:
        """Build each table once those that it needs are, in one lane or two.

        With one lane they are built in the order in which they were given.
        """
        self.lanes = lanes
        if lanes == 1:
            self.build_lane(MAIN)
        else:
            after = followers(self.needs)
            self.waiting.sort(key=lambda entry: -len(after[entry.name]))
            self.run_two()
        if self.failures:
            raise self.failures[0]

    def run_two(self) -> None:
        """Build in the main thread and in one beside it."""
        beside = Thread(target=self.build_lane, args=(BESIDE,), daemon=True)
        beside.start()
        try:
            self.build_lane(MAIN)
            beside.join()
        except KeyboardInterrupt:
            self.waiting.clear()
            while BESIDE in self.running and self.running[BESIDE].model.is_sql:
                self.interrupt()  # again, since it can fall between two queries
                beside.join(0.1)
            raise

    def take(self, lane: int) -> Planned | None:
        """Wait for a table to build in this lane; None where there is none left."""
        with self.changed:
            while self.waiting and not self.failures:
                ready = [e for e in self.waiting if self.needs[e.name] <= self.done]
                if self.lanes == 2:
                    ready.sort(key=lambda entry: entry.model.is_sql == (lane == MAIN))
                if ready:
                    self.waiting.remove(ready[0])
                    self.running[lane] = ready[0]
                    self.announce([entry.name for entry in self.running.values()])
                    return ready[0]
                self.changed.wait()
        return None

    def build_lane(self, lane: int) -> None:
        """Build one table after the other until none is left or one has failed."""
        while (entry := self.take(lane)) is not None:
            try:
                self.build(entry, lane)
                self.done.add(entry.name)
            except BaseException as error:
                if lane == MAIN and was_interrupted(error):
                    raise KeyboardInterrupt from error
                self.failures.append(error)
            finally:
                with self.changed:
                    del self.running[lane]
                    self.changed.notify_all()
                    if self.failures and self.running:
                        other = ", ".join(e.name for e in self.running.values())
                        self.tell(f"A table failed. Finishing {other}; Ctrl-C ends it.")


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
