"""No SQL of ours comes near what makes the spatial extension end the process.

A GeoPackage read by ST_Read with a constant bounding-box filter, ST_Read of a layer
that isn't there and ST_Read_Meta of a bad file end the process without an exception. So
files are checked before SQL sees them (tests/test_broken_*_inputs.py), and SQL reads
them whole.
"""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from placetypes.runner.project import load_project

MODELS = [model for model in load_project().models.values() if model.is_sql]


def reads(path: Path) -> list[exp.Select]:
    """Return the SELECTs that read a geometry file."""
    query = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    return [
        select
        for select in query.find_all(exp.Select)
        if select.args.get("from_") is not None
        and "st_read"
        in select.args["from_"].sql(dialect="duckdb").lower().split("(")[0]
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)
def test_st_read_is_never_filtered(model):
    for select in reads(model.path):
        assert select.args.get("where") is None
        assert select.args.get("joins") is None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)
def test_st_read_meta_is_never_called(model):
    assert "st_read_meta" not in model.code.lower()


def test_some_models_do_read_geometry_files():
    assert sum(bool(reads(model.path)) for model in MODELS) >= 3
