"""Kind A: values that cannot be what they claim."""

import numpy as np
import pandas as pd
import pytest

from placetypes.errors import PlacetypesError


def put(frame, value, column="v03", area="E005"):
    frame.loc[area, column] = value
    return frame


def counted(frame):
    return (frame * 30).round(0)


REFUSED = {
    "all proportions": (lambda f: f / 100, "none of its 5 variables exceeds 1"),
    "all counts": (counted, "counts, where percentages are expected"),
    "a negative value": (lambda f: put(f, -0.5), "negative value -0.5 for OA E005"),
    "a code for missing": (lambda f: put(f, -999.0), "negative value -999"),
    "an infinity": (lambda f: put(f, np.inf), "an infinity for OA E005"),
    "no figure for any area": (
        lambda f: f.assign(v03=np.nan),
        "v03",
    ),
    "columns alike but for case": (
        lambda f: f.assign(V01=1.0),
        "called alike, v01 and V01",
    ),
    "a column called area": (lambda f: f.assign(area=1.0), "called area"),
    "dates": (lambda f: f.assign(day=pd.Timestamp("2021-03-21")), "holds times|dates"),
    "lists": (lambda f: f.assign(v06=[[1.0, 2.0]] * 200), "v06 holds lists"),
    "bytes": (lambda f: f.assign(v06=b"x"), "v06 holds bytes"),
    "true and false": (lambda f: f.assign(v06=True), "v06 holds true and false"),
    "text": (lambda f: f.assign(v06="12,5"), "Write decimals with a point"),
    "R's NA": (lambda f: f.assign(v06="NA"), "in R: na = ''"),
}

TOLD = {
    "one proportion": (lambda f: f.assign(v02=f.v02 / 100), "v02 never exceeds 1"),
    "a proportion that no decimal literal of SQL equals": (
        lambda f: put(f.assign(v02=f.v02 / 200), 0.9452706955539223, "v02"),
        "v02 never exceeds 1 (its largest value is 0.945271, OA E005)",
    ),
    "1045 for 10.45": (lambda f: put(f, 1045.0), "1,045, OA E005"),
    "far beyond": (lambda f: put(f, 99999.0), "times the next value"),
    "few values": (lambda f: f.assign(v06=np.arange(200.0) % 7), "only 7 distinct"),
    "row numbers": (lambda f: f.assign(n=range(200)), "n counts the rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(name, check, census, tmp_path):
    change, words = REFUSED[name]
    change(census).to_parquet(tmp_path / "census.parquet")
    with pytest.raises(PlacetypesError, match=rf"^census.parquet.*({words})"):
        check("census", "census_file", tmp_path / "census.parquet")


@pytest.mark.parametrize("name", TOLD)
def test_what_may_be_wrong_is_told(name, check, census, tmp_path):
    change, words = TOLD[name]
    change(census).to_parquet(tmp_path / "census.parquet")
    told = check("census", "census_file", tmp_path / "census.parquet")
    assert any(words in sentence for sentence in told), told


def test_without_doubts_nothing_is_told(check, census, tmp_path):
    density = census.assign(v06=census.v01 * 50)  # most of it above 100: a density
    density.to_parquet(tmp_path / "census.parquet")
    assert check("census", "census_file", tmp_path / "census.parquet") == []


def test_a_column_without_figures_is_refused_even_where_areas_may_be_left_out(
    check, census, tmp_path
):
    census.assign(v03=np.nan).to_parquet(tmp_path / "census.parquet")
    with pytest.raises(PlacetypesError, match="v03 has no value in any row"):
        check(
            "census",
            "census_file",
            tmp_path / "census.parquet",
            missing_values="leave_out",
        )


def test_decimal_residents_are_told(check, tmp_path):
    (tmp_path / "people.csv").write_text("OA,uk001001\nE1,100\nE2,99.5\n")
    told = check("census", "population_file", tmp_path / "people.csv")
    assert told == [
        "people.csv: uk001001 holds decimal numbers in 1 rows (such as 99.5, OA E2), "
        "where counts are expected."
    ]


@pytest.fixture
def people() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "code": [f"E{number:03}" for number in range(50)],
            "decile": np.arange(50) % 10 + 1,
            "poverty": rng.uniform(1, 30, 50).round(1),
            "density": rng.uniform(1, 90, 50).round(1),
        }
    )


@pytest.mark.parametrize("missing", [-999, -9999, -666666666])
@pytest.mark.parametrize("column", ["poverty", "decile"])
def test_codes_for_missing_values_are_refused(check, people, tmp_path, missing, column):
    people.loc[[4, 9], column] = missing
    people.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(PlacetypesError, match=r"in 2 rows .*code E004.*empty these"):
        check("embeddings", "socioeconomic_path", tmp_path / "people.csv")


def test_minus_999_among_large_negative_numbers_is_a_number(check, people, tmp_path):
    people["poverty"] = np.linspace(-999, 999, 50)
    people.to_csv(tmp_path / "people.csv", index=False)
    assert check("embeddings", "socioeconomic_path", tmp_path / "people.csv") == []


def test_a_negative_share_among_predictors_is_told(check, people, tmp_path):
    people.loc[4, "poverty"] = -3.5
    people.to_csv(tmp_path / "people.csv", index=False)
    (told,) = check("embeddings", "socioeconomic_path", tmp_path / "people.csv")
    assert "poverty is negative in 1 of 50 rows (down to -3.5, code E004)" in told


def test_empty_cells_of_predictors_are_left_to_the_forests(check, people, tmp_path):
    people.loc[4, "poverty"] = np.nan
    people.to_csv(tmp_path / "people.csv", index=False)
    assert check("embeddings", "socioeconomic_path", tmp_path / "people.csv") == []


def test_a_target_among_its_predictors_is_refused(check, people, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(PlacetypesError, match="named twice"):
        check(
            "embeddings",
            "socioeconomic_path",
            tmp_path / "people.csv",
            predictors=["poverty", "Decile"],
        )
