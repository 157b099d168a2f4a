"""What tests share: a model run on hand-made rows, the demo, the real data."""

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

# What commands print is held against whole lines, on any number of cores.
os.environ["COLUMNS"] = "160"

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from data.demo import ensure_demo
from placetypes.database import connect
from placetypes.inputs.geometry import read_apart
from placetypes.parameters import Parameters
from placetypes.report.outlets import outlets_of
from placetypes.runner.build import set_variable
from placetypes.runner.project import Project
from placetypes.runner.run import Outlets
from placetypes.sources import read_macros

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data"

Rows = list[dict[str, Any]]


def pytest_report_header() -> str:
    """Say whether the real data is there."""
    return f"real data: {'found' if REAL.is_dir() else 'not there, its tests skip'}"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an empty in-memory database that knows geometry and our macros."""
    with connect() as opened:
        for macro in read_macros(ROOT / "sql" / "macros.sql").values():
            opened.execute(macro)
        yield opened


@pytest.fixture
def run_model(connection: duckdb.DuckDBPyConnection) -> Callable[..., pd.DataFrame]:
    """Give a function that runs one SQL model on hand-made tables.

    run_model("census.population", tables={"census.x": rows}, region="all"): tables are
    lists of dicts (or a SELECT as text, for geometry), other arguments SQL variables.
    """

    def run(
        model: str, tables: dict[str, Rows | str], **variables: Any
    ) -> pd.DataFrame:
        for name, rows in tables.items():
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            if isinstance(rows, str):
                connection.execute(f"create or replace table {name} as {rows}")
                continue
            frame = pd.DataFrame(rows)  # noqa: F841 - DuckDB finds it by its name
            connection.execute(f"create or replace table {name} as from frame")
        for name, value in variables.items():
            set_variable(connection, name, value)
        return connection.sql(f"from ({enter(connection, model)}\n) order by all").df()

    return run


def variables_of(name: str, path: Path, columns: list[str]) -> dict[str, str]:
    """Read a geometry file as the door does; return what SQL knows of the input."""
    target = path.with_suffix(".read.parquet")
    details = read_apart(path, target, columns)
    derived = {f"{name}_{key}": details[key] for key in ("layer", "geometry", "crs")}
    return {name: str(target), **derived}


def enter(connection: duckdb.DuckDBPyConnection, model: str) -> str:
    """Make a model's job the current schema and return the model's SELECT."""
    schema, _, name = model.partition(".")
    connection.execute(f"create schema if not exists {schema}; use {schema}")
    own = ROOT / "sql" / schema / f"{name}.sql"
    found = [own] if own.exists() else list(ROOT.glob(f"sql/parts/*/{name}.sql"))
    return found[0].read_text("utf-8")


@pytest.fixture(scope="session")
def demo() -> Path:
    """Give the folder of the synthetic demo."""
    return ensure_demo(ROOT / "data" / "demo")


@pytest.fixture(scope="session")
def real_census() -> Path:
    """Give the folder of the real census data, or skip where it is not there."""
    folder = REAL / "census" / "input_data"
    if not folder.is_dir():
        pytest.skip("the real census data is not there (shared/data beside the clone)")
    return folder


@pytest.fixture(scope="session")
def real_embeddings() -> Path:
    """Give the folder of the real London data, or skip where it is not there."""
    folder = REAL / "embeddings"
    if not folder.is_dir():
        pytest.skip("the real London data is not there (shared/data beside the clone)")
    return folder


@pytest.fixture(scope="session")
def small_city_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a town of 8 × 8 square areas in two districts, once; see small_city."""
    folder = tmp_path_factory.mktemp("small_city")
    write_small_city(folder)
    return folder


@pytest.fixture
def small_city(small_city_files: Path, tmp_path: Path) -> Path:
    """Give a fresh copy of the small city's census files, for a test to break."""
    return Path(shutil.copytree(small_city_files, tmp_path / "input"))


def write_small_city(folder: Path) -> None:
    """Write census input files: areas E00…E63, districts West and East, region West.

    The town's west half (columns 0 to 3) is district W1, its east half E1. Areas of
    column 4 touch the border of W1, so `intersects` takes 40 areas, `interior` 32.
    """
    places = [(column, row) for column in range(8) for row in range(8)]
    codes = [f"E{number:02}" for number in range(64)]
    rng = np.random.default_rng(1)
    census = pd.DataFrame(
        rng.gamma(2, 10, size=(64, 5)).clip(0, 100).round(2),
        index=pd.Index(codes, name="OA"),
        columns=["v01", "v02", "v03", "v04", "v05"],
    )
    census.to_parquet(folder / "uk_census_data.parquet")
    pd.DataFrame(
        {
            "No.": list(census.columns),
            "Variable_Name": [f"Variable {code}" for code in census.columns],
            "Domain": ["People", "People", "Homes", "Homes", "Work"],
        }
    ).to_csv(folder / "census_variable_lookup.csv", index=False)
    pd.DataFrame({"OA": codes, "uk001001": 100}).to_csv(
        folder / "oa_pop_data.csv", index=False
    )
    squares = [box(x, y, x + 1, y + 1) for x, y in places]
    gpd.GeoDataFrame({"OA": codes}, geometry=squares, crs=27700).to_file(
        folder / "OA_2021_22_Boundaries.gpkg"
    )
    gpd.GeoDataFrame(
        {"LAD22CD": ["W1", "E1"], "LAD22NM": ["West", "East"]},
        geometry=[box(0, 0, 4, 8), box(4, 0, 8, 8)],
        crs=27700,
    ).to_file(folder / "Local_Authority_Districts_small.gpkg")
    (folder / "regions.csv").write_text("region,district\nWest,W1\nNowhere,X9\n")


class Outcome(NamedTuple):
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def command() -> Callable[..., Outcome]:
    """Give a function that runs `python pipeline.py …` within this process."""
    import pipeline

    def run(*arguments: object) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = pipeline.main([str(argument) for argument in arguments])
        return Outcome(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session", autouse=True)
def runs_draw_nothing() -> Iterator[None]:
    """Spare the runs of all tests the page and the figures at their end.

    tests/report calls what draws them by itself. Nor is work done ahead: while numba
    compiles in the background, what a command prints can miss the test that waits for
    it.
    """
    from placetypes.command_line import running
    from placetypes.names import refresh
    from placetypes.runner import run

    def without_page(
        project: Project, parameters: Parameters, *drawn: object
    ) -> Outlets:
        off = replace(parameters["pipeline.report"], value=False)
        return outlets_of(project, parameters | {"pipeline.report": off}, *drawn)

    with pytest.MonkeyPatch.context() as patch:
        for module in (running, refresh):
            patch.setattr(module, "outlets_of", without_page)
        patch.setattr(running, "write_missing", lambda *arguments: None)
        patch.setattr(run, "prepare_ahead", lambda *arguments: None)
        yield
