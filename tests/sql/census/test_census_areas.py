"""census.census_areas on a small Parquet file."""

import pandas as pd


def test_every_area_of_the_file_is_listed(run_model, tmp_path):
    path = tmp_path / "uk_census_data.parquet"
    pd.DataFrame({"OA": ["E2", "E1"], "v01": [1.0, None]}).to_parquet(path)
    areas = run_model("census.census_areas", tables={}, census_file=str(path))
    assert areas.to_dict("list") == {"area": ["E1", "E2"]}
