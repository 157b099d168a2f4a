"""The graph of models: its order, and the selection that a user types."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from placetypes.errors import PlacetypesError, nearest
from placetypes.runner.project import Model, Project


def build_order(models: dict[str, Model]) -> list[str]:
    """Return the models' names so that each comes after what it reads.

    Of those that are ready, SELECTs come before steps: what is wrong with the data
    shows before minutes go into fits.
    """
    sorter = TopologicalSorter(
        {name: sorted(models[name].upstream) for name in sorted(models)}
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


def ancestors(names: Iterable[str], models: dict[str, Model]) -> set[str]:
    """Return the models that the named ones are made from, however far up."""
    return spread(names, {name: model.upstream for name, model in models.items()})


def descendants(names: Iterable[str], models: dict[str, Model]) -> set[str]:
    """Return the models that are made from the named ones, however far down."""
    downstream: dict[str, list[str]] = {name: [] for name in models}
    for name, model in models.items():
        for parent in model.upstream:
            downstream[parent].append(name)
    return spread(names, downstream)


def spread(names: Iterable[str], links: dict[str, Iterable[str]]) -> set[str]:
    """Return everything that can be reached over the links, the start left out."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        for neighbour in links[waiting.pop()]:
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append(neighbour)
    return reached


def select(project: Project, selectors: list[str]) -> set[str]:
    """Return the models that selectors such as `census` or `census.umap+` name.

    A `+` before a name adds what it is made from, one after it what is made from it.
    No selector means everything. Neither that nor a job takes in optional models:
    they are named, or reached over a `+`.
    """
    usual = {name for name in project.models if not project.is_optional(name)}
    if not selectors:
        return usual
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
