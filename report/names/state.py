"""What is published about names: which clusters there are, how each is named."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from runner.errors import PlacetypesError, nearest
from runner.warehouse import connect_published, table_columns

JOB = "census"


class Cluster(NamedTuple):
    """One supergroup or subgroup, the name that it goes by and the one proposed."""

    level: str
    supergroup: str
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
            len(self.supergroup),
            self.supergroup,
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


def read_state(output: Path) -> State:
    """Read the published names. Raises PlacetypesError where there are none."""
    with connect_published(output, spatial=False) as connection:
        if not table_columns(connection, f"{JOB}.cluster_names"):
            raise PlacetypesError(
                f"{output} holds no clusters to name yet: python pipeline.py run {JOB}."
            )
        rows = connection.execute(
            f"""
            select
                names.level, names.supergroup, names.cluster, names.status,
                names.name, names.portrait, names.source, names.model,
                names.reasons, names.proposed_name, names.proposed_portrait,
                briefs.brief, given.cluster is not null
            from {JOB}.cluster_names as names
            inner join {JOB}.naming_briefs as briefs using (level, cluster)
            left join {JOB}.given_names as given using (level, cluster)
            """
        ).fetchall()
        clusters = sorted((Cluster(*row) for row in rows), key=lambda c: c.order)
        return State(
            region=single(
                connection,
                f"select value ->> '$' from meta.parameters "
                f"where parameter = '{JOB}.region'",
            ),
            snapshot=single(connection, f"select snapshot from {JOB}.naming_snapshot"),
            clusters={entry.cluster: entry for entry in clusters},
            variables=[
                row[0]
                for row in connection.execute(
                    f"select variable from {JOB}.variable_profile order by variable"
                ).fetchall()
            ],
        )


def single(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Return the one value of a query."""
    return connection.execute(query).fetchone()[0]


def read_members(output: Path) -> list[tuple[str, str, str]]:
    """Return each area with its clusters, in order."""
    with connect_published(output, spatial=False) as connection:
        return connection.execute(
            f"select area, supergroup, subgroup from {JOB}.subgroups order by area"
        ).fetchall()


def read_fates(output: Path) -> dict[tuple[str, str, str], str | None]:
    """Return which cluster each given name belongs to now, None for no one's.

    Keys are level, cluster when it was named, and snapshot.
    """
    with connect_published(output, spatial=False) as connection:
        rows = connection.execute(
            f"select level, named_cluster, snapshot, cluster from {JOB}.given_names"
        ).fetchall()
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def read_problems(output: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the problems of each cluster's given name, with their details."""
    with connect_published(output, spatial=False) as connection:
        rows = connection.execute(
            f"""
            select coalesce(cluster, named_cluster), problem, detail
            from {JOB}.name_problems order by all
            """
        ).fetchall()
    problems: dict[str, list[tuple[str, str]]] = {}
    for cluster, problem, detail in rows:
        problems.setdefault(cluster, []).append((problem, detail))
    return problems


def read_evidence(output: Path, cluster: str) -> list[tuple[Any, ...]]:
    """Return a cluster's claims and what its text says: what, direction, score."""
    with connect_published(output, spatial=False) as connection:
        return connection.execute(
            f"""
            select
                'claim' as kind, coalesce(variable_name, variable) as what,
                direction, index_score, verdict
            from {JOB}.name_claims where cluster = $1
            union all
            select 'text', clause, phrase || ' ' || read_as, index_score, verdict
            from {JOB}.name_mentions where cluster = $1
            order by all
            """,
            [cluster],
        ).fetchall()
