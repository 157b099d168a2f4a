"""Classes within wider places, by hand, beside pandas and the library segregation."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

RNG = np.random.default_rng(21)
AREAS = [f"E{n:03}" for n in range(150)]
CLASSES = pd.DataFrame(
    {
        "area": AREAS,
        "level": 1,
        "level_name": "supergroup",
        "class": RNG.choice(list("ABC"), 150, p=[0.6, 0.3, 0.1]),
    }
)
LOOKUP = pd.DataFrame(
    {
        "area": AREAS,
        "kind": "LSOA21CD",
        "place": RNG.choice(["P1", "P2", "P3", "P4"], 150),
    }
)
RESIDENTS = pd.DataFrame(
    {"area": AREAS, "residents": RNG.integers(100, 400, 150).astype(float)}
)


@pytest.fixture
def run_places(run_model, connection):
    """Give a function that runs place_classes and one model made from it."""

    def run(model, classes=CLASSES, lookup=LOOKUP, residents=RESIDENTS):
        found = run_model(
            "places.place_classes",
            {
                "places.classes": classes,
                "places.lookup": lookup,
                "places.residents": residents,
            },
        )
        if model == "place_classes":
            return found
        return run_model(f"places.{model}", {"places.place_classes": found})

    return run


def grouped():
    """Return residents by place and class, as pandas counts them."""
    joined = CLASSES.merge(LOOKUP, on="area").merge(RESIDENTS, on="area")
    return joined.pivot_table(
        index="place", columns="class", values="residents", aggfunc="sum", fill_value=0
    )


def test_residents_by_class_and_place_equal_pandas(run_places):
    found = run_places("place_classes").pivot_table(
        index="place", columns="class", values=["residents", "share", "region_share"]
    )
    wanted = grouped()
    np.testing.assert_allclose(found["residents"].fillna(0), wanted)
    shares = 100 * wanted.div(wanted.sum(axis=1), axis=0)
    np.testing.assert_allclose(found["share"].fillna(0), shares)
    region = 100 * wanted.sum() / wanted.to_numpy().sum()
    np.testing.assert_allclose(found["region_share"].max(), region)


def test_the_dominant_class_and_its_runner_up_equal_pandas(run_places):
    found = run_places("dominant_classes").set_index("place")
    counts = grouped()
    assert list(found["dominant_class"]) == list(counts.idxmax(axis=1))
    order = counts.to_numpy().argsort(axis=1)
    assert list(found["next_class"]) == list(counts.columns[order[:, -2]])
    shares = counts.div(counts.sum(axis=1), axis=0).to_numpy()
    positive = np.where(shares > 0, shares, 1)
    np.testing.assert_allclose(
        found["entropy"], -(positive * np.log(positive)).sum(axis=1)
    )
    assert list(found["is_majority"]) == list(shares.max(axis=1) > 0.5)


def test_a_place_of_one_class_is_not_mixed(run_places):
    found = run_places(
        "dominant_classes",
        CLASSES[:1],
        LOOKUP[:1].assign(place="P1"),
        RESIDENTS[:1],
    ).iloc[0]
    assert found["entropy"] == 0 and found["dominant_share"] == 100
    assert pd.isna(found["next_class"])


def test_of_equal_classes_the_first_code_dominates(run_places):
    rows = pd.DataFrame({"area": ["E1", "E2"], "level": 1, "level_name": "x"})
    found = run_places(
        "dominant_classes",
        rows.assign(**{"class": ["B", "A"]}),
        pd.DataFrame({"area": ["E1", "E2"], "kind": "k", "place": "P"}),
        pd.DataFrame({"area": ["E1", "E2"], "residents": [5.0, 5.0]}),
    ).iloc[0]
    assert found["dominant_class"] == "A" and not found["is_majority"]


def test_dissimilarity_and_isolation_equal_the_segregation_librarys(run_places):
    from segregation.singlegroup import Dissim, Isolation

    found = run_places("segregation").set_index("class")
    counts = grouped().astype(float)
    for code in counts:
        table = pd.DataFrame({"group": counts[code], "all": counts.sum(axis=1)})
        wanted = [m(table, "group", "all").statistic for m in (Dissim, Isolation)]
        measured = found.loc[code, ["dissimilarity", "isolation"]].astype(float)
        np.testing.assert_allclose(measured, wanted, rtol=1e-9)


def test_an_area_without_residents_counts_none_and_is_marked(run_model):
    found = run_model(
        "places.residents",
        {
            "places.classes": [{"area": "E1"}, {"area": "E2"}],
            "places.base_counts": [{"area": "E1", "base": 7.0}],
        },
        base="residents",
    )
    assert found.values.tolist() == [["E1", 7.0, False], ["E2", 0.0, True]]


def test_a_place_with_a_boundary_has_a_column_for_each_level(run_model, tmp_path):
    rows = [
        {"kind": "MSOA21CD", "place": place, "level": level, "level_name": name}
        | {"dominant_class": f"{name}{place}", "dominant_share": 60.0, "entropy": 0.5}
        | {"next_class": None, "areas": 3, "residents": 300.0}
        for place in ("P1", "P2")
        for level, name in ((1, "supergroup"), (2, "group"))
    ]
    shapes = gpd.GeoDataFrame(
        {"MSOA21CD": ["P2", "P9"]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs="EPSG:27700",
    )
    shapes.to_parquet(tmp_path / "places.parquet")
    found = run_model(
        "places.place_outlines",
        {"places.dominant_classes": pd.DataFrame(rows)},
        place_boundaries_file=str(tmp_path / "places.parquet"),
        place_boundaries_file_geometry="geometry",
        place_boundary_column="MSOA21CD",
    )
    assert found["place"].tolist() == ["P2"]
    assert found["supergroup_class"].tolist() == ["supergroupP2"]
    assert found["group_share"].tolist() == [60.0]
