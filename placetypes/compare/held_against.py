"""A classification held against another: a published one, a former run, another job."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.compare.agreement import (
    CrossTable,
    best_matching,
    cross_table,
    matching_ceiling,
    measures_of_agreement,
)
from placetypes.compare.other import Question, read_other, read_own
from placetypes.compare.query import ask, published
from placetypes.errors import PlacetypesError
from placetypes.inputs.together import repair_hint
from placetypes.job import Job


class Answer(NamedTuple):
    """How two classifications agree."""

    name: str  # of the other one
    job: str
    level: str
    areas: int  # of our classification
    met_by: str  # how areas of both were brought together
    table: CrossTable
    matching: dict[str, str]
    measures: dict[str, float | int | None]
    pairs: list[tuple[Any, ...]]  # area, class, other class, fit, agrees

    @property
    def disagreeing(self) -> list[tuple[Any, ...]]:
        """Return the pairs that disagree, those that fit their class best first."""
        apart = [pair for pair in self.pairs if not pair[4]]
        return sorted(
            apart, key=lambda pair: (pair[3] is None, -(pair[3] or 0), pair[0])
        )


def hold_against(output: Path, question: Question, jobs: dict[str, Job]) -> Answer:
    """Compare a published classification with another one.

    Raises PlacetypesError for whatever can't be found or brought together.
    """
    with published(output) as connection:
        own = read_own(connection, question, jobs)
        met_by = read_other(connection, output, question, own, jobs)
        pairs = ask(connection, "pairs")
        if not pairs:
            raise nothing_in_both(connection, question)
        ((areas, *_),) = ask(connection, "sizes")
    measured = judge(pairs)
    name = Path(question.other).stem
    return Answer(name, own.job, own.level.name, areas, met_by, *measured)


def nothing_in_both(
    connection: duckdb.DuckDBPyConnection, question: Question
) -> PlacetypesError:
    """Return the sentence for two classifications without a common area."""
    ((areas, example, others, other_example),) = ask(connection, "sizes")
    own, other = (
        {code for (code,) in connection.execute(f"select area from {table}").fetchall()}
        for table in ("own_classes", "other_classes")
    )
    where, remedy = question.other, "they lie in different places."
    if question.id_column:
        remedy = "the column that --id names must hold the same codes."
    elif question.lookup is not None:
        where = question.lookup.name
        remedy = "its first column must hold our areas' codes, its second the others'."
    return PlacetypesError(
        f"None of the {areas:,} areas ({example} …) is among the {others:,} of {where}"
        + (f" ({other_example} …)" if other_example else "")
        + f": {remedy}{repair_hint(own, other)}"
    )


def judge(
    pairs: list[tuple[Any, ...]],
) -> tuple[CrossTable, dict[str, str], dict[str, Any], list[tuple[Any, ...]]]:
    """Measure how area, class, other class and fit of each pair agree.

    Returns the cross-table, the best matching, the measures, and the pairs with whether
    each agrees.
    """
    classes, others = [pair[1] for pair in pairs], [pair[2] for pair in pairs]
    table = cross_table(classes, others)
    matching = best_matching(table)
    judged = [(*pair, matching.get(pair[1]) == pair[2]) for pair in pairs]
    agreeing = sum(pair[4] for pair in judged)
    measures = {
        "areas in both": len(pairs),
        **measures_of_agreement(classes, others),
        "areas in matching classes, %": 100 * agreeing / len(pairs),
        "of which their sizes allow, %": 100 * matching_ceiling(table),
    }
    return table, matching, measures, judged
