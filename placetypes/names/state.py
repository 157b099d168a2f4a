"""What is published about names: which clusters there are, how each is named."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.database import connect_published, table_columns
from placetypes.errors import PlacetypesError, nearest

JOBS = ("census", "embeddings")


class Place(NamedTuple):
    """Where names are kept: a job's folder within an output folder."""

    output: Path
    job: str

    @property
    def folder(self) -> Path:
        """Return the folder with the job's names and exports."""
        return self.output / self.job

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the published database."""
        return connect_published(self.output, spatial=False)


def find_place(output: Path, job: str | None) -> Place:
    """Return the job to name: the given one, else the first whose clusters are there.

    Raises PlacetypesError where there are none.
    """
    if job is not None and job not in JOBS:
        raise PlacetypesError(f"--job {job}: there is no such job.{nearest(job, JOBS)}")
    with connect_published(output, spatial=False) as connection:
        for name in JOBS if job is None else [job]:
            if table_columns(connection, f"{name}.cluster_names"):
                return Place(output, name)
    raise PlacetypesError(
        f"{output} holds no clusters to name yet: python pipeline.py run makes them."
    )


class Cluster(NamedTuple):
    """One supergroup or subgroup, the name that it goes by and the one proposed."""

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
    has_given_name: bool

    @property
    def order(self) -> tuple[bool, int, str, int, str]:
        """Sort supergroups before subgroups, Z before AA, A2 before A10."""
        return (
            self.level == "subgroup",
            len(self.family),
            self.family,
            len(self.cluster),
            self.cluster,
        )


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
    job = place.job
    with place.connect() as connection:
        rows = connection.execute(
            f"""
            select
                names.level, names.family, names.cluster, names.status,
                names.name, names.portrait, names.source, names.model,
                names.reasons, names.proposed_name, names.proposed_portrait,
                briefs.brief, given.cluster is not null
            from {job}.cluster_names as names
            inner join {job}.naming_briefs as briefs using (level, cluster)
            left join {job}.given_names as given using (level, cluster)
            """
        ).fetchall()
        region, snapshot = connection.execute(
            f"select region, snapshot from {job}.naming_snapshot"
        ).fetchone()
        variables = connection.execute(
            f"select variable from {job}.variable_words order by variable"
        ).fetchall()
    clusters = sorted((Cluster(*row) for row in rows), key=lambda entry: entry.order)
    return State(
        region=region,
        snapshot=snapshot,
        clusters={entry.cluster: entry for entry in clusters},
        variables=[row[0] for row in variables],
    )


def read_members(place: Place) -> list[tuple[str, str, str]]:
    """Return each level, cluster and area, in order."""
    with place.connect() as connection:
        return connection.execute(
            f"select level, cluster, area from {place.job}.cluster_members order by all"
        ).fetchall()


def read_fates(place: Place) -> dict[tuple[str, str, str], str | None]:
    """Return which cluster each given name belongs to now, None for no one's.

    Keys are level, cluster when it was named, and snapshot.
    """
    with place.connect() as connection:
        rows = connection.execute(
            "select level, named_cluster, snapshot, cluster "
            f"from {place.job}.given_names"
        ).fetchall()
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def read_problems(place: Place) -> dict[str, list[tuple[str, str]]]:
    """Return the problems of each cluster's given name, with their details."""
    with place.connect() as connection:
        rows = connection.execute(
            f"""
            select coalesce(cluster, named_cluster), problem, detail
            from {place.job}.name_problems order by all
            """
        ).fetchall()
    problems: dict[str, list[tuple[str, str]]] = {}
    for cluster, problem, detail in rows:
        problems.setdefault(cluster, []).append((problem, detail))
    return problems


def read_evidence(place: Place, cluster: str) -> list[tuple[Any, ...]]:
    """Return a cluster's claims and what its text says: what, direction, score."""
    with place.connect() as connection:
        return connection.execute(
            f"""
            select
                'claim' as kind, coalesce(variable_name, variable) as what,
                direction, index_score, verdict
            from {place.job}.name_claims where cluster = $1
            union all
            select 'text', clause, phrase || ' ' || read_as, index_score, verdict
            from {place.job}.name_mentions where cluster = $1
            order by all
            """,
            [cluster],
        ).fetchall()
