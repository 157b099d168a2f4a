"""What a run would build, in which order, and why."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.checks import Check, checks_hash, read_checks
from placetypes.errors import PlacetypesError, nearest
from placetypes.inputs.find import InputFile
from placetypes.notes import MadeFrom, Recorded
from placetypes.runner.project import Model, Project

if TYPE_CHECKING:
    from placetypes.runner.request import Request

# The libraries whose versions decide what a step returns.
LIBRARIES = (
    "duckdb",
    "kmeans1d",
    "numba",
    "numpy",
    "scikit-learn",
    "scipy",
    "umap-learn",
)


class Planned(NamedTuple):
    """A model with what decides its table now, and why it must be built ('' if not)."""

    model: Model
    parts: MadeFrom
    fingerprint: str
    reason: str
    checks: str
    is_checked: bool  # whether the existing table passed these very checks

    @property
    def name(self) -> str:
        """Return schema.table."""
        return self.model.full_name


# ── the graph ────────────────────────────────────────────────────────────────────


def build_order(models: Mapping[str, Model]) -> list[str]:
    """Return the models' names so that each comes after those of them that it reads.

    Of those that are ready, SELECTs come before steps: what is wrong with the data
    shows before minutes go into fits.
    """
    sorter = TopologicalSorter(
        {name: sorted(models.keys() & models[name].upstream) for name in sorted(models)}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise PlacetypesError(f"These models read each other: {circle}.") from error
    order: list[str] = []
    ready = set(sorter.get_ready())
    while ready:
        name = min(ready, key=lambda n: (models[n].job, not models[n].is_sql, n))
        ready.remove(name)
        order.append(name)
        sorter.done(name)
        ready.update(sorter.get_ready())
    return order


def ancestors(names: Iterable[str], models: Mapping[str, Model]) -> set[str]:
    """Return the models that the named ones are made from, however far up."""
    return spread(names, lambda name: models[name].upstream)


def descendants(names: Iterable[str], models: Mapping[str, Model]) -> set[str]:
    """Return the models that are made from the named ones, however far down."""
    downstream: dict[str, list[str]] = {name: [] for name in models}
    for name, model in models.items():
        for parent in model.upstream:
            downstream[parent].append(name)
    return spread(names, downstream.__getitem__)


def spread(names: Iterable[str], links: Callable[[str], Iterable[str]]) -> set[str]:
    """Return everything that can be reached over the links, the start left out."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        for neighbour in links(waiting.pop()):
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append(neighbour)
    return reached


def select(project: Project, selectors: list[str]) -> set[str]:
    """Return the models that selectors such as a job's name or `table+` name.

    A `+` before a name adds what it is made from, one after it what is made from it.
    No selector means every job but those that run only when named. Neither that nor a
    job takes in optional models: they are named, or reached over a `+`.
    """
    usual = {name for name in project.models if not project.is_optional(name)}
    if not selectors:
        jobs = project.jobs
        return {n for n in usual if not jobs[n.partition(".")[0]].only_when_named}
    chosen: set[str] = set()
    for selector in selectors:
        name = selector.strip("+").lower()
        if name in project.jobs:
            base = {m for m in usual if m.startswith(f"{name}.")}
        elif name in project.models:
            base = {name}
        else:
            known = [*project.jobs, *project.models]
            raise PlacetypesError(
                f"There is no job or table {name}.{nearest(name, known)}"
            )
        chosen |= base
        if selector.startswith("+"):
            chosen |= ancestors(base, project.models)
        if selector.endswith("+"):
            chosen |= descendants(base, project.models)
    return chosen


# ── fingerprints ─────────────────────────────────────────────────────────────────


@cache
def version(distribution: str) -> str:
    """Return an installed library's version."""
    return metadata.version(distribution)


def made_from(
    model: Model,
    values: dict[str, Any],
    files: dict[str, InputFile],
    fingerprints: dict[str, str],
) -> MadeFrom:
    """Return everything that decides a model's table, by kind and name.

    Values and files are the job's; fingerprints those of the models upstream.
    """
    libraries = LIBRARIES[:1] if model.is_sql else LIBRARIES
    return {
        "code": hashlib.sha256(model.code.encode()).hexdigest(),
        "parameters": {name: values[name] for name in model.parameters},
        "inputs": {name: files[name].sha256 for name in model.inputs},
        "models": {name: fingerprints[name] for name in model.upstream},
        "versions": {name: version(name) for name in libraries},
    }


def fingerprint(parts: MadeFrom) -> str:
    """Return one hash of what decides a table."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def reason(
    model: Model, now: MadeFrom, before: MadeFrom | None, rebuilt: set[str]
) -> str:
    """Say in a few words why a model is to be built, '' where it is up to date."""
    if before is None:
        return "not built yet"
    if now == before:
        return ""
    if now["code"] != before["code"]:
        imports = "" if model.is_sql else ", or what it imports"
        return f"{model.path.name} changed{imports}"
    for kind, word in (("parameters", "parameter"), ("versions", "version of")):
        for name, value in now[kind].items():
            former = before[kind].get(name)
            if value != former:
                return f"{word} {name} {plain(former)} → {plain(value)}"
    for name, value in now["inputs"].items():
        if value != before["inputs"].get(name):
            return f"content of {name} changed"
    changed = [name for name in now["models"] if name in rebuilt]
    return f"{changed[0]} is built again" if changed else "what it reads changed"


def plain(value: Any) -> str:
    """Write a parameter's value as the user would."""
    return value if isinstance(value, str) else json.dumps(value)


def model_checks(project: Project, model: Model) -> list[Check]:
    """Return what tables.yml promises of a model's table."""
    entries = project.table(model.full_name).get("checks", [])
    job = f"{model.job}."
    own = {n.removeprefix(job) for n in project.models if n.startswith(job)}
    return read_checks(model.full_name, entries, own)


# ── the plan ─────────────────────────────────────────────────────────────────────


def make_plan(
    request: "Request", recorded: dict[str, Recorded], *, fresh: bool = False
) -> list[Planned]:
    """Return the chosen models in building order, each with its reason to be built."""
    fingerprints = dict(request.upstream)
    rebuilt: set[str] = set()
    plan = []
    for name in build_order({n: request.project.models[n] for n in request.chosen}):
        model, former = request.project.models[name], recorded.get(name)
        values, files = request.values(model.job), request.files[model.job]
        parts = made_from(model, values, files, fingerprints)
        fingerprints[name] = fingerprint(parts)
        before = former.made_from if former else None
        why = "--fresh" if fresh else reason(model, parts, before, rebuilt)
        rebuilt |= {name} if why else set()
        checks = checks_hash(model_checks(request.project, model))
        is_checked = former is not None and former.checks == checks
        plan.append(Planned(model, parts, fingerprints[name], why, checks, is_checked))
    return plan
