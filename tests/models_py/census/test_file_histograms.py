"""How much of the whole census file stands in each bar of the region's histograms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from models_py.census.file_histograms import file_histograms


def bars(edges: np.ndarray) -> pa.Table:
    """Give the region's bars of v01 between edges."""
    places = range(len(edges) - 1)
    rows = [
        {
            "variable": "v01",
            "stage": stage,
            "lower_bound": edges[place],
            "upper_bound": edges[place + 1],
        }
        for place in places
        for stage in ("published", "scaled")
    ]
    return pa.Table.from_pylist(rows)


def write(folder: Path, values: list[float | None]) -> Path:
    """Write a census file with these values of v01."""
    file = folder / "census.parquet"
    codes = [f"E{number}" for number in range(len(values))]
    pd.DataFrame({"OA": codes, "v01": values}).to_parquet(file)
    return file


def test_the_whole_file_stands_in_the_regions_bars(tmp_path):
    rng = np.random.default_rng(5)
    whole = rng.gamma(2, 5, 400)
    _, edges = np.histogram(np.sort(whole)[50:300], bins=20)
    file = write(tmp_path, list(whole))
    found = file_histograms(file, bars(edges), "West").to_pandas().set_index("bar")
    expected = np.histogram(whole, bins=edges)[0]
    mine = found["areas"].reindex(range(1, 21)).fillna(0)
    np.testing.assert_array_equal(mine, expected)
    np.testing.assert_allclose(found["share_of_file"].sum(), 100 * expected.sum() / 400)


def test_areas_without_a_figure_and_a_constant_are_counted_rightly(tmp_path):
    file = write(tmp_path, [7.0, 7.0, 9.0, None])
    found = file_histograms(file, bars(np.array([7.0, 7.0])), "West").to_pylist()
    assert found == [
        {"variable": "v01", "bar": 1, "areas": 2, "share_of_file": 200 / 3}
    ]


def test_a_region_that_is_the_whole_file_has_no_row(tmp_path):
    file = write(tmp_path, [7.0, 8.0])
    assert not file_histograms(file, bars(np.array([7.0, 8.0])), "all").num_rows
