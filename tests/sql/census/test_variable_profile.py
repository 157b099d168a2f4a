"""census.variable_profile against pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SQL = Path(__file__).parents[3] / "sql" / "census" / "variable_profile.sql"
AREAS = ["E1", "E2", "E3", "E4"]
PUBLISHED = pd.DataFrame(
    {"area": AREAS, "v01": [0.0, 0.0, 3.0, 9.0], "v02": [5.0, 5.0, 5.0, 5.0]}
)
SCALED = pd.DataFrame(
    {"area": AREAS, "v01": [0.0, 0.0, 0.6, 1.0], "v02": [0.0, 0.0, 0.0, 0.0]}
)
CORRELATIONS = (
    "select '' as variable, '' as partner, 0.0::double as correlation limit 0"
)
LOOKUP = [
    {"variable": "v01", "variable_name": "No car", "domain": "Transport"},
    {"variable": "v77", "variable_name": "Not in the data", "domain": "Other"},
]


@pytest.fixture
def profile(run_model):
    """Give a function that profiles a published and a scaled table."""

    def run(published=PUBLISHED, scaled=SCALED, correlations=CORRELATIONS):
        return run_model(
            "census.variable_profile",
            tables={
                "census.region_variables": published.to_dict("records"),
                "census.scaled_variables": scaled.to_dict("records"),
                "census.correlations": correlations,
                "census.variable_lookup": LOOKUP,
            },
        ).set_index("variable")

    return run


def test_the_spread_equals_pandas(profile):
    rng = np.random.default_rng(2)
    published = pd.DataFrame(rng.gamma(2, 5, (60, 3)), columns=["v01", "v02", "v03"])
    scaled = published / published.max()
    areas = [f"E{n:02}" for n in range(60)]
    found = profile(published.assign(area=areas), scaled.assign(area=areas))
    expected = pd.DataFrame(
        {
            "minimum": published.min(),
            "maximum": published.max(),
            "mean": published.mean(),
            "variance": published.var(),
            "skewness": published.skew(),
            "scaled_mean": scaled.mean(),
            "scaled_variance": scaled.var(),
            "scaled_skewness": scaled.skew(),
        }
    )
    for column in expected:
        np.testing.assert_allclose(found[column], expected[column], rtol=1e-9)


def test_zeros_are_a_share_of_the_areas(profile):
    assert profile()["share_of_zeros"].to_dict() == {"v01": 50, "v02": 0}
    assert profile()["areas"].to_dict() == {"v01": 4, "v02": 4}


def test_a_constant_is_marked_and_has_no_skewness(profile):
    found = profile()
    assert found["is_constant"].to_dict() == {"v01": False, "v02": True}
    assert found.loc["v02", "variance"] == 0


def test_a_constants_skewness_is_missing_and_not_nan(profile, connection):
    """NaN, which pandas can't tell from missing, would count as the most skewed."""
    profile()
    connection.execute(f"create table census.profile as {SQL.read_text()}")
    counts = "select count(skewness), count(scaled_skewness) from census.profile"
    assert connection.execute(counts).fetchone() == (1, 1)


def test_a_code_that_the_lookup_lacks_is_named_by_itself(profile):
    found = profile()
    assert found["variable_name"].to_dict() == {"v01": "No car", "v02": "v02"}
    assert found["domain"].isna().to_dict() == {"v01": False, "v02": True}


def test_a_code_of_the_lookup_that_the_data_lacks_has_no_row(profile):
    assert list(profile().index) == ["v01", "v02"]


def test_the_strongest_partner_has_the_largest_absolute_correlation(profile):
    found = profile(
        correlations=[
            {"variable": "v01", "partner": "v02", "correlation": 0.4},
            {"variable": "v01", "partner": "v03", "correlation": -0.9},
            {"variable": "v01", "partner": "v04", "correlation": None},
            {"variable": "v02", "partner": "v01", "correlation": None},
        ]
    )
    assert found.loc["v01", "strongest_partner"] == "v03"
    assert found.loc["v01", "strongest_correlation"] == -0.9
    assert pd.isna(found.loc["v02", "strongest_partner"])


def test_one_area_has_no_variance(profile):
    found = profile(PUBLISHED.head(1), SCALED.head(1))
    assert found["is_constant"].all()
    assert found["variance"].isna().all()
