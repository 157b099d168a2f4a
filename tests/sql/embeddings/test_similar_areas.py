"""embeddings.similar_areas on hand-made rows."""

import numpy as np
import pandas as pd


def similar(run_model, places: np.ndarray, count: int) -> pd.DataFrame:
    """Return the model's table for areas a, b, … at the places (n, d)."""
    codes = [chr(ord("a") + number) for number in range(len(places))]
    frame = pd.DataFrame(places, columns=["A00", "A01"]).assign(area=codes)
    return run_model(
        "embeddings.similar_areas",
        {
            "embeddings.embeddings": frame.to_dict("records"),
            "embeddings.areas": [{"area": c, "area_name": c.upper()} for c in codes],
        },
        similar_areas=count,
    )


def test_the_nearest_areas_are_listed_in_order_but_not_the_area_itself(run_model):
    table = similar(run_model, np.array([[0, 0], [3, 4], [0, 1.0]]), 2)
    of_a = table[table["area"] == "a"]
    assert of_a["similar_area"].tolist() == ["c", "b"]
    assert of_a["similar_name"].tolist() == ["C", "B"]
    assert of_a["distance"].tolist() == [1.0, 5.0]
    assert of_a["rank"].tolist() == [1, 2]


def test_of_equally_near_areas_the_first_codes_are_kept(run_model):
    table = similar(run_model, np.zeros((6, 2)), 2)
    assert table[table["area"] == "d"]["similar_area"].tolist() == ["a", "b"]


def test_fewer_areas_than_asked_for_are_all_listed(run_model):
    assert len(similar(run_model, np.eye(2), 10)) == 2


def test_neighbours_equal_scikit_learns(run_model):
    from sklearn.neighbors import NearestNeighbors

    places = np.random.default_rng(3).normal(size=(25, 2))
    table = similar(run_model, places, 4)
    _, expected = NearestNeighbors(n_neighbors=4).fit(places).kneighbors()
    letters = np.array([chr(ord("a") + n) for n in range(25)])
    assert (
        table["similar_area"].to_numpy().reshape(25, 4).tolist()
        == letters[expected].tolist()
    )
