"""Sums and means of doubles are exact or ordered, the same on any number of threads."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "sql").rglob("*.sql"))
MODELS.remove(ROOT / "sql" / "macros.sql")
DOUBLES = (
    *(exp.Sum, exp.Avg, exp.Variance, exp.VariancePop, exp.StddevSamp, exp.StddevPop),
    *(exp.Stddev, exp.Corr, exp.CovarPop, exp.CovarSamp),
)
WHOLE = {exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.DECIMAL}
# Columns that count things: whole numbers of the types that DuckDB adds up exactly.
COUNTS = {
    *("areas", "areas_tested", "areas_touching", "areas_without_population"),
    *("rows_tested", "classes", "cases", "changed_areas"),
}


def is_whole(node: exp.Expression) -> bool:
    """Tell whether what is added up is whole or decimal, whatever order it comes in."""
    if isinstance(node, exp.Cast):
        return node.to.this in WHOLE
    if isinstance(node, exp.Column):
        return node.name in COUNTS
    return isinstance(node, exp.Count)


def is_ordered(call: exp.Expression) -> bool:
    """Tell whether the aggregate or its window says in which order it adds up."""
    window = call.parent if isinstance(call.parent, exp.Window) else None
    if isinstance(call.parent, exp.Filter) and isinstance(
        call.parent.parent, exp.Window
    ):
        window = call.parent.parent
    if window is not None:
        alias = window.args.get("alias")
        if alias is not None:
            select = call.find_ancestor(exp.Select)
            named = {w.this.name: w for w in select.args.get("windows") or []}
            window = named[alias.name]
        return window.args.get("order") is not None
    return any(isinstance(given, exp.Order) for given in call.args.values())


def disordered(sql: str) -> list[str]:
    """Return the aggregates of a query whose last digits could depend on threads."""
    return [
        call.sql("duckdb")
        for call in sqlglot.parse_one(sql, read="duckdb").find_all(*DOUBLES)
        if not is_whole(call.this) and not is_ordered(call)
    ]


@pytest.mark.parametrize(
    "path", MODELS, ids=lambda path: f"{path.parent.name}.{path.stem}"
)
def test_no_model_adds_up_doubles_in_any_order(path):
    assert disordered(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("aggregate", "is_found"),
    [
        ("sum(residents)", True),
        ("avg(x) filter (where y)", True),
        ("sum(residents) over (partition by y)", True),
        ("sum(residents) over w", True),
        ("stddev_samp(x)", True),
        ("exact_sum(residents)", False),
        ("sum(x order by y)", False),
        ("sum(x) over (order by y)", False),
        ("sum(x::decimal(38, 15)) over w", False),
        ("sum(count(*)) over ()", False),
        ("sum(areas)", False),
    ],
)
def test_what_is_found_and_what_is_not(aggregate, is_found):
    found = disordered(f"select {aggregate} from t window w as (partition by y)")
    assert bool(found) == is_found
