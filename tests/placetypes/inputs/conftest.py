"""What tests of the door share: small files, and the rules of the jobs for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from placetypes.database import connect
from placetypes.inputs.check import check_file
from placetypes.inputs.find import content_path, hash_file
from placetypes.job import read_jobs
from tests.conftest import ROOT

VALUES = {
    "missing_values": "refuse",
    "id_column": "code",
    "socioeconomic_id_column": "code",
    "name_column": "name",
    "target": "decile",
    "predictors": ["poverty", "density"],
    "areas_file": "areas.gpkg",
    "socioeconomic_file": "people.csv",
}


@pytest.fixture(scope="session")
def jobs() -> dict[str, Any]:
    """Give the jobs with what they expect of their files."""
    return read_jobs(ROOT)


@pytest.fixture
def check(jobs) -> Callable[..., list[str]]:
    """Give a function that checks a file as an input of a job; returns what is told."""

    def run(job: str, name: str, path: Path, **values: Any) -> list[str]:
        entry = jobs[job].inputs[name]
        with connect() as database:
            details = check_file(database, path, entry, VALUES | values)
        return details.get("messages", [])

    return run


@pytest.fixture
def census() -> pd.DataFrame:
    """Give percentages of 200 areas, five variables."""
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        rng.gamma(2, 8, size=(200, 5)).clip(0, 99).round(2),
        index=pd.Index([f"E{number:03}" for number in range(200)], name="OA"),
        columns=["v01", "v02", "v03", "v04", "v05"],
    )


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    """Give 60 areas, squares of 100 metres, away from where the grid begins."""
    places = [box(x, 5000, x + 100, 5100) for x in range(4000, 10000, 100)]
    codes = [f"E{number:03}" for number in range(60)]
    return gpd.GeoDataFrame({"OA": codes}, geometry=places, crs=27700)


@pytest.fixture
def content() -> Callable[[Path], pd.DataFrame]:
    """Give a function that returns what was read of a checked geometry file."""

    def read(path: Path) -> pd.DataFrame:
        with connect() as database:
            place = str(content_path(path, hash_file(path)))
            return database.execute(
                "select * exclude (geom), st_astext(geom) as shape, "
                "typeof(geom) as type from read_parquet(?)",
                [place],
            ).df()

    return read
