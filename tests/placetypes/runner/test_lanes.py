"""Two lanes of building, with tables that only take time."""

import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from placetypes.runner.lanes import (
    BESIDE,
    MAIN,
    Lanes,
    followers,
    needed_tables,
)
from placetypes.runner.plan import Planned
from placetypes.runner.project import Model, load_project

LONG = 30  # seconds after which a test that waits in vain fails


def planned(name: str, *upstream: str, step: bool = False) -> Planned:
    """Return a table of the job `city`, made by a SELECT or by a step."""
    path = Path(f"{name}.py" if step else f"{name}.sql")
    tables = tuple(f"city.{table}" for table in upstream)
    model = Model("city", name, path, "", "", tables)
    return Planned(model, {}, "", "new", "", is_checked=False)


@dataclass
class Seen:
    """What was built where, and what was said."""

    built: list[tuple[str, int]]
    said: list[str]
    announced: list[list[str]]


def run_lanes(todo: list[Planned], build=None, lanes: int = 2) -> Seen:
    """Build tables; `build` may take its time with some."""
    seen = Seen([], [], [])
    run_lanes.seen = seen

    def note(entry: Planned, lane: int) -> None:
        if build is not None:
            build(entry.model.name, lane)
        seen.built.append((entry.model.name, lane))

    Lanes(
        todo,
        {entry.model.full_name: set(entry.model.tables) for entry in todo},
        note,
        announce=seen.announced.append,
        tell=seen.said.append,
        interrupt=lambda: None,
    ).run(lanes)
    return seen


def test_each_table_comes_after_those_that_it_needs():
    todo = [
        planned("areas"),
        planned("people"),
        planned("clusters", "areas", "people", step=True),
        planned("profiles", "clusters"),
    ]
    built = [name for name, _ in run_lanes(todo).built]
    assert set(built[:2]) == {"areas", "people"}
    assert built[2:] == ["clusters", "profiles"]


def test_a_select_is_built_while_a_step_computes():
    both = threading.Barrier(2, timeout=LONG)
    todo = [planned("profiles"), planned("clusters", step=True)]
    seen = run_lanes(todo, lambda *_: both.wait())
    assert sorted(seen.built) == [("clusters", MAIN), ("profiles", BESIDE)]
    assert ["city.clusters", "city.profiles"] in map(sorted, seen.announced)


def test_two_steps_that_do_not_need_each_other_compute_at_once():
    both = threading.Barrier(2, timeout=LONG)
    todo = [planned("clusters", step=True), planned("likeness", step=True)]
    assert len(run_lanes(todo, lambda *_: both.wait()).built) == 2


def test_what_most_others_wait_for_comes_first():
    needs = {"lookup": set(), "areas": set(), "people": {"areas"}, "map": {"people"}}
    assert followers(needs) == {
        "lookup": set(),
        "areas": {"people", "map"},
        "people": {"map"},
        "map": set(),
    }
    todo = [planned("lookup"), planned("districts"), planned("areas")]
    todo += [planned("people", "areas"), planned("map", "people", "districts")]
    both = threading.Barrier(2, timeout=LONG)

    def build(name: str, lane: int) -> None:
        if name in ("areas", "districts"):
            both.wait()

    announced = run_lanes(todo, build).announced
    assert sorted(announced[1]) == ["city.areas", "city.districts"]


def test_one_lane_keeps_to_the_order_of_the_plan():
    todo = [planned("profiles"), planned("clusters", step=True), planned("map")]
    assert run_lanes(todo, lanes=1).built == [
        ("profiles", MAIN),
        ("clusters", MAIN),
        ("map", MAIN),
    ]


@pytest.mark.parametrize("failing", ["clusters", "profiles"])
def test_what_fails_waits_for_the_other_lane_and_says_so(failing):
    both, failed = threading.Barrier(2, timeout=LONG), threading.Event()

    def build(name: str, lane: int) -> None:
        both.wait()
        if name == failing:
            failed.set()
            raise ValueError(f"{name} has no rows.")
        assert failed.wait(LONG)
        while not run_lanes.seen.said:  # until the failure was told
            assert monotonic() < end

    end = monotonic() + LONG
    todo = [planned("clusters", step=True), planned("profiles"), planned("map")]
    with pytest.raises(ValueError, match=f"{failing} has no rows"):
        run_lanes(todo, build)
    (other,) = {"clusters", "profiles"} - {failing}
    assert [name for name, _ in run_lanes.seen.built] == [other]
    assert run_lanes.seen.said == [
        f"A table failed. Finishing city.{other}; Ctrl-C ends it."
    ]


def test_ctrl_c_does_not_wait_for_a_step_beside():
    beside_runs, end = threading.Event(), threading.Event()

    def build(name: str, lane: int) -> None:
        if lane == BESIDE:
            beside_runs.set()
            end.wait(LONG)
        else:
            assert beside_runs.wait(LONG)
            raise KeyboardInterrupt

    todo = [planned(name, step=True) for name in ("clusters", "likeness", "forest")]
    with pytest.raises(KeyboardInterrupt):
        run_lanes(todo, build)
    assert run_lanes.seen.built == []
    end.set()


def test_ctrl_c_ends_a_query_beside(connection):
    beside_runs = threading.Event()

    def build(name: str, lane: int) -> None:
        if lane == BESIDE:
            beside_runs.set()
            connection.execute(
                "select sum(sin(one * other)) "
                "from range(1_000_000) as a (one), range(1_000_000) as b (other)"
            )
        else:
            assert beside_runs.wait(LONG)
            raise KeyboardInterrupt

    todo = [planned("clusters", step=True), planned("profiles")]
    needs = {"city.clusters": set(), "city.profiles": set()}
    with pytest.raises(KeyboardInterrupt):
        Lanes(
            todo,
            needs,
            lambda entry, lane: build(entry.model.name, lane),
            announce=lambda _: None,
            tell=lambda _: None,
            interrupt=connection.interrupt,
        ).run(2)
    assert connection.execute("select 1").fetchone() == (1,)


def test_a_table_waits_for_those_that_its_checks_ask():
    project = load_project()
    inputs, clustergram = "census.cluster_inputs", "census.clustergram"
    assert inputs not in project.models[clustergram].upstream
    todo = [
        Planned(project.models[name], {}, "", "new", "", is_checked=False)
        for name in (inputs, clustergram)
    ]
    assert needed_tables(todo, project) == {inputs: set(), clustergram: {inputs}}
