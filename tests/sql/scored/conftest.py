"""A small model in two variables: classes A (A1, A2) and B, none of it scaled."""

import json

import pytest

from models_py.scored.model_document import model_document
from placetypes.runner.build import set_variable
from tests.conftest import enter

CLASSES = {
    "A": (1, None, [0.2, 0.2]),
    "B": (1, None, [0.8, 0.8]),
    "A1": (2, "A", [0.1, 0.2]),
    "A2": (2, "A", [0.3, 0.2]),
    "B1": (2, "B", [0.8, 0.8]),
}


def small_model(**changes):
    """Return the model as its file holds it."""
    variables = [
        {"variable": "v01", "name": "Density", "domain": "People"},
        {"variable": "v02", "name": "Students", "domain": None},
    ]
    for variable in variables:
        variable |= {"transform": "none", "minimum": 0, "maximum": 10, "weight": 1}
    return {
        "schema": "placetypes-model/1",
        "variables": variables,
        "classes": [
            {
                "level": level,
                "level_name": ("supergroup", "subgroup")[level - 1],
                "class": code,
                "parent": parent,
                "name": f"Class {code}",
                "areas": 5,
                "centroid": centroid,
            }
            for code, (level, parent, centroid) in CLASSES.items()
        ],
        "calibration": [
            {"level": level, "margin": margin, "probability": probability}
            for level in (1, 2)
            for margin, probability in ((0, 0.5), (0.5, 0.9), (0.8, 1))
        ],
        **changes,
    }


@pytest.fixture
def score(connection, tmp_path):
    """Give a function that runs the scored job's models, up to one, on areas."""
    steps = [
        "model_variables",
        "model_variable_codes",
        "model_classes",
        "model_calibration",
        "area_values",
        "used_variables",
        "positions",
        "centroids",
        "nearest_classes",
        "scores",
        "why",
        "outside",
    ]

    def run(areas, upto="scores", model=None, **parameters):
        # A new name each time: DuckDB remembers what a Parquet file of a name holds.
        number = len(list(tmp_path.iterdir()))
        model_file = tmp_path / f"model_{number}.json"
        areas_file = tmp_path / f"areas_{number}.parquet"
        model_file.write_text(json.dumps(model or small_model()))
        connection.register("model_document", model_document(model_file))
        areas.to_parquet(areas_file)
        variables = {
            "areas_file": str(areas_file),
            "area_column": "OA",
            "missing_variables": "refuse",
            "outside": "clip",
            "why_leading": 0,
            **parameters,
        }
        for name, value in variables.items():
            set_variable(connection, name, value)
        for name in steps[: steps.index(upto) + 1]:
            sql = enter(connection, f"scored.{name}")
            connection.execute(f"create or replace table {name} as {sql}")
            if name == "model_variable_codes":
                codes = connection.execute(f"from {name}").fetchall()
                set_variable(connection, name, [code for (code,) in codes])
        return connection.sql(f"from {upto} order by all").df()

    return run
