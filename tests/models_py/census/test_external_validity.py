"""The steps of external validity, against NumPy, pandas and SciPy."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models_py.census.compared_classes import compared_classes
from models_py.census.external_validity import external_validity
from models_py.census.outcomes import outcomes
from models_py.census.random_regions import random_regions
from models_py.methods.spatial_autocorrelation import queen_pairs

SIDE = 12
AREAS = [f"E{number:03}" for number in range(SIDE * SIDE)]
# Fields of a chessboard; the last column lies apart, as beyond a river.
SHAPES = [
    shapely.box(x + (x == SIDE - 1), y, x + 1 + (x == SIDE - 1), y + 1)
    for x in range(SIDE)
    for y in range(SIDE)
]


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> SimpleNamespace:
    """Give areas in classes, and files: an outcome of their wards, other classes."""
    folder = tmp_path_factory.mktemp("town")
    rng = np.random.default_rng(4)
    letters = rng.permutation(np.repeat(list("AAABBCD"), 21))[: len(AREAS)]
    wards = [f"W{number // 4:02}" for number in range(len(AREAS))]
    frame = pd.DataFrame({"area": AREAS, "class": letters, "ward": wards})
    frame["own"] = frame["class"].map({"A": 1.0, "B": 4.0, "C": 5.0, "D": 9.0})
    measured = frame.groupby("ward")["own"].mean() + rng.normal(0, 0.3, 36)
    frame["value"] = frame["ward"].map(measured)
    measured.rename("score").to_csv(folder / "outcome.csv")
    frame[["area", "ward"]].to_csv(folder / "lookup.csv", index=False)
    frame[["area"]].assign(group=rng.permutation(letters)).to_csv(
        folder / "published.csv", index=False
    )
    (folder / "none.csv").touch()
    members = pd.DataFrame(
        {"level": "supergroup", "cluster": letters, "area": AREAS, "family": letters}
    )
    shapes = pd.DataFrame({"area": AREAS, "outline": shapely.to_wkb(SHAPES)})
    return SimpleNamespace(folder=folder, frame=frame, members=members, shapes=shapes)


@pytest.fixture(scope="module")
def tables(town) -> SimpleNamespace:
    """Give what the four steps make of the town."""
    found = outcomes(
        town.members, town.folder / "outcome.csv", town.folder / "lookup.csv", "", []
    )
    classes = compared_classes(
        town.members, town.shapes, found.to_pandas(), town.folder / "published.csv"
    )
    regions = random_regions(classes, pa.Table.from_pandas(town.shapes), 6, 1)
    table = external_validity(
        found.to_pandas(), classes.to_pandas(), regions.to_pandas(), 1
    )
    return SimpleNamespace(
        outcomes=found.to_pandas(),
        regions=regions.to_pandas(),
        rows=table.set_index("classification"),
    )


def by_hand(values: pd.Series, classes: pd.Series) -> float:
    """Return eta squared by pandas: the variance of class means over that of all."""
    return values.groupby(classes).transform("mean").var() / values.var()


def test_each_area_has_the_value_of_the_ward_that_the_lookup_leads_to(town, tables):
    found = tables.outcomes.set_index("area").loc[AREAS]
    assert found["outcome_area"].tolist() == town.frame["ward"].tolist()
    np.testing.assert_allclose(found["value"], town.frame["value"])
    assert set(found["outcome"]) == {"score"}


def test_the_share_between_classes_is_that_of_pandas(town, tables):
    expected = by_hand(town.frame["value"], town.frame["class"])
    row = tables.rows.loc["ours"]
    assert row["eta_squared"] == pytest.approx(expected)
    assert (row["areas"], row["outcome_areas"], row["classes"]) == (144, 36, 4)
    assert row["eta_squared_lower"] < row["eta_squared"] < row["eta_squared_upper"]


def test_random_regions_have_the_classes_sizes_and_hang_together(town, tables):
    own = tables.regions.query("classification == 'ours'").set_index("area").loc[AREAS]
    drawn = np.array(own["regions"].tolist())
    sizes = sorted(town.frame["class"].value_counts())
    left, right = queen_pairs(np.array(SHAPES))
    # The column beyond the river hangs on by one link.
    joined = coo_array((np.ones(len(left)), (left, right)), shape=(144, 144))
    assert connected_components(joined)[0] == 2
    for regions in drawn.T:
        assert sorted(np.bincount(regions)[1:]) == sizes
        same = regions[left] == regions[right]
        at = (left[same], right[same])
        within = coo_array((np.ones(len(at[0])), at), shape=(144, 144))
        assert connected_components(within)[0] <= len(sizes) + 1
    assert len({tuple(regions) for regions in drawn.T}) == 6


def test_random_regions_tell_what_pandas_says_and_less_than_the_classes(town, tables):
    own = tables.regions.query("classification == 'ours'").set_index("area").loc[AREAS]
    drawn = np.array(own["regions"].tolist()).T
    shares = [by_hand(town.frame["value"], pd.Series(regions)) for regions in drawn]
    row = tables.rows.loc["ours"]
    assert row["random"] == pytest.approx(np.mean(shares))
    assert row["random_most"] == pytest.approx(max(shares))
    assert row["beyond_random"] == pytest.approx(row["eta_squared"] - row["random"])
    assert row["beyond_random_lower"] > 0


def test_a_published_classification_that_says_nothing_is_no_better_than_place(tables):
    row = tables.rows.loc["published"]
    assert row["beyond_random_lower"] < 0 < row["beyond_random_upper"] + 0.05
    assert row["eta_squared"] < tables.rows.loc["ours", "eta_squared_lower"]


def test_what_is_missing_or_does_not_match_is_named(town):
    none = town.folder / "none.csv"
    given = (town.folder / "outcome.csv", none, "", [])
    with pytest.raises(ValueError, match="no outcome is given"):
        outcomes(town.members, none, *given[1:])
    with pytest.raises(ValueError, match="no classified area has a value"):
        outcomes(town.members, *given)
    with pytest.raises(ValueError, match="has no column wealth"):
        outcomes(town.members, *given[:3], ["wealth"])
    with pytest.raises(ValueError, match="holds none of the classified areas"):
        compared_classes(town.members, town.shapes, town.frame, given[0])
