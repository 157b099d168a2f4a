"""What is published about names: which clusters there are, how each is named."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.database import Sql, connect_published, quoted, table_columns
from placetypes.errors import PlacetypesError, nearest
from placetypes.runner.build import set_variable
from placetypes.runner.project import load_project

QUERIES = Path(__file__).with_name("queries")
NAMES = "cluster_names"  # the table that a job with names has


class Place(NamedTuple):
    """Where names are kept: a job's folder within an output folder."""

    output: Path
    job: str

    @property
    def folder(self) -> Path:
        """Return the folder with the job's names and exports."""
        return self.output / self.job

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the published database; bare names are the job's tables."""
        connection = connect_published(self.output, spatial=False)
        connection.execute(f"use {quoted(self.job)}")
        return connection


def find_place(output: Path, job: str | None) -> Place:
    """Return the job to name: the given one, else the first whose clusters are there.

    Raises PlacetypesError where there are none.
    """
    jobs = load_project().jobs
    if job is not None and job not in jobs:
        raise PlacetypesError(f"--job {job}: there is no such job.{nearest(job, jobs)}")
    naming = [name for name in jobs if NAMES in jobs[name].tables]
    if job is not None and job not in naming:
        raise PlacetypesError(
            f"{job} names no clusters: that takes the part naming in its job.yml."
        )
    with connect_published(output, spatial=False) as connection:
        for name in naming if job is None else [job]:
            if table_columns(connection, f"{name}.{NAMES}"):
                return Place(output, name)
    raise PlacetypesError(
        f"{output} holds no clusters to name yet: python pipeline.py run makes them."
    )


class Cluster(NamedTuple):
    """One cluster of one level, the name that it goes by and the one proposed."""

    level: str
    family: str
    cluster: str
    status: str
    name: str
    portrait: str
    source: str
    model: str | None
    reasons: list[str]
    proposed_name: str | None
    proposed_portrait: str | None
    brief: str
    workshop_brief: str
    has_given_name: bool
    note: str | None
    runner_up: str | None
    is_near_tie: bool

    @property
    def is_part(self) -> bool:
        """Tell whether it is part of a cluster of a coarser level, its family."""
        return self.family != self.cluster

    @property
    def order(self) -> tuple[bool, int, str, int, str]:
        """Sort the coarsest level first, Z before AA, A2 before A10."""
        family, cluster = self.family, self.cluster
        return self.is_part, len(family), family, len(cluster), cluster


class State(NamedTuple):
    """All that the commands need of the published tables."""

    region: str
    snapshot: str
    clusters: dict[str, Cluster]
    variables: list[str]

    def find(self, code: str) -> Cluster:
        """Return a cluster by its code. Raises PlacetypesError where there is none."""
        if code not in self.clusters:
            raise PlacetypesError(
                f"There is no cluster {code}.{nearest(code, self.clusters)}"
            )
        return self.clusters[code]


def read_state(place: Place) -> State:
    """Read the published names."""
    with place.connect() as connection:
        rows = connection.execute(query("clusters")).fetchall()
        region, snapshot = connection.execute(
            "select region, snapshot from naming_snapshot"
        ).fetchone()
        variables = connection.execute(
            "select variable from variable_words order by variable"
        ).fetchall()
    clusters = sorted((Cluster(*row) for row in rows), key=lambda entry: entry.order)
    return State(
        region=region,
        snapshot=snapshot,
        clusters={entry.cluster: entry for entry in clusters},
        variables=[row[0] for row in variables],
    )


def query(name: str) -> Sql:
    """Return a query of the folder queries; its tables are the current job's."""
    return Sql((QUERIES / f"{name}.sql").read_text("utf-8"))


def read_members(place: Place) -> list[tuple[str, str, str]]:
    """Return each level, cluster and area, in order."""
    with place.connect() as connection:
        return connection.execute(
            "select level, cluster, area from cluster_members order by all"
        ).fetchall()


def read_fates(place: Place) -> dict[tuple[str, str, str], str | None]:
    """Return which cluster each given name belongs to now, None for no one's.

    Keys are level, cluster when it was named, and snapshot.
    """
    with place.connect() as connection:
        rows = connection.execute(
            "select level, named_cluster, snapshot, cluster from given_names"
        ).fetchall()
    return {row[:3]: row[3] for row in rows}


def read_problems(place: Place) -> dict[str, list[tuple[str, str]]]:
    """Return the problems of each cluster's given name, with their details."""
    with place.connect() as connection:
        rows = connection.execute(
            "select coalesce(cluster, named_cluster), problem, detail "
            "from name_problems order by all"
        ).fetchall()
    problems: dict[str, list[tuple[str, str]]] = {}
    for cluster, problem, detail in rows:
        problems.setdefault(cluster, []).append((problem, detail))
    return problems


def read_evidence(place: Place, cluster: str) -> list[tuple[Any, ...]]:
    """Return a cluster's claims and what its text says: what, direction, score."""
    with place.connect() as connection:
        set_variable(connection, "asked_cluster", cluster)
        return connection.execute(query("evidence")).fetchall()
