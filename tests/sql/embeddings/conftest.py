"""The embeddings models' tests share one database, emptied after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from placetypes.database import connect
from placetypes.runner.build import set_variable
from placetypes.sources import read_macros
from tests.conftest import variables_of

SQL = Path(__file__).parents[3] / "sql"
MACROS = SQL / "macros.sql"
MODELS = SQL / "embeddings"


@pytest.fixture(scope="session")
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open one in-memory database: loading geometry takes 0.2 s."""
    with connect() as connection:
        for macro in read_macros(MACROS).values():
            connection.execute(macro)
        yield connection


@pytest.fixture
def connection(
    opened: duckdb.DuckDBPyConnection,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the shared database without tables and variables."""
    yield opened
    opened.execute("use main; drop schema if exists embeddings cascade")
    for (name,) in opened.execute("select name from duckdb_variables()").fetchall():
        opened.execute(f'reset variable "{name}"')


@pytest.fixture
def areas_file(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> Callable[..., dict[str, str]]:
    """Give a function that writes a GeoPackage and makes embeddings.area_records of it.

    It returns the variables for models that read that table.
    areas_file(columns, crs=27700): columns by name; one unit square for each row, or
    the column `geometry` where there is one.
    """

    def write(columns: dict[str, list], crs: int = 27700) -> dict[str, str]:
        count = len(next(iter(columns.values())))
        squares = columns.pop("geometry", [box(n, 0, n + 1, 1) for n in range(count)])
        path = tmp_path / "areas.gpkg"
        frame = gpd.GeoDataFrame(columns, geometry=squares, crs=crs)
        frame.to_file(path, layer="areas")
        variables = variables_of("areas_path", path, []) | {
            "id_column": "GEOID",
            "name_column": "NAME",
        }
        for name, value in variables.items():
            set_variable(connection, name, value)
        sql = (MODELS / "area_records.sql").read_text("utf-8")
        connection.execute("create schema if not exists embeddings; use embeddings")
        connection.execute(f"create or replace table embeddings.area_records as {sql}")
        return variables

    return write


FORESTS = """
select *
from (
    values
    (
        'both', 'single_split', 0, 3, 1, 2,
        [
            {
                'area': 'a', 'actual': 1, 'predicted': 1, 'predicted_median': 1,
                'predicted_ordinal': 2, 'probability': 0.9
            },
            {
                'area': 'b', 'actual': 2, 'predicted': 1, 'predicted_median': 2,
                'predicted_ordinal': 3, 'probability': 0.5
            }
        ],
        [
            {
                'feature': 'v', 'impurity': 0.4,
                'permutation': 0.2, 'permutation_spread': 0.1
            },
            {
                'feature': 'w', 'impurity': 0.6,
                'permutation': 0.1, 'permutation_spread': 0.0
            },
            {
                'feature': 'not shuffled', 'impurity': 0.0,
                'permutation': null, 'permutation_spread': null
            }
        ],
        [
            {
                'feature_group': 'embeddings', 'features': 3,
                'permutation': 0.3, 'permutation_spread': 0.1
            }
        ]
    ),
    (
        'both', 'blocked', 1, 4, 3, 2,
        [
            {
                'area': 'a', 'actual': 1, 'predicted': 3, 'predicted_median': 2,
                'predicted_ordinal': 1, 'probability': 0.4
            }
        ],
        [],
        []
    )
) as forests (
    feature_set, validation, fold, rows_trained, majority_class, median_class,
    predictions, importances, group_importances
)
"""


@pytest.fixture
def forests() -> dict[str, str]:
    """Give two hand-made forests, one of which has importances."""
    return {"embeddings.forests": FORESTS}


@pytest.fixture(scope="session")
def predictions() -> list[dict]:
    """Give three feature sets' predictions of 60 areas: a split, two folds twice.

    The better the feature set, the nearer its predictions.
    """
    rng = np.random.default_rng(5)
    actual = rng.integers(1, 6, 60)
    rows = []
    for spread, feature_set in enumerate(["both", "embeddings", "socioeconomic"]):
        for validation in ("single_split", "random", "blocked"):
            errors = rng.integers(-1 - spread, 2 + spread, 60)
            for number in range(60):
                guess = int(np.clip(actual[number] + errors[number], 1, 5))
                rows.append(
                    {
                        "area": f"E{number:02}",
                        "feature_set": feature_set,
                        "validation": validation,
                        "fold": 0 if validation == "single_split" else 1 + number % 2,
                        "actual": int(actual[number]),
                        "predicted": guess,
                        "predicted_median": max(guess - 1, 1),
                        "predicted_ordinal": 6 - guess,
                        "majority_class": 5,
                        "median_class": 3,
                        "probability": 0.5,
                    }
                )
    return rows
