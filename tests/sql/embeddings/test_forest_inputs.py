"""embeddings.forest_inputs on hand-made rows."""

JOINED = [
    {"area": "a", "area_name": "A", "decile": 3.0, "health": 1.5},
    {"area": "b", "area_name": None, "decile": None, "health": 2.5},
    {"area": "c", "area_name": "C", "decile": 4.0, "health": None},
    {"area": "d", "area_name": "D", "decile": 4.0, "health": 2.0},
    {"area": "e", "area_name": None, "decile": 5.0, "health": 2.0},
]
EMBEDDINGS = [{"area": code, "A00": 0.5} for code in "abce"]


def test_only_areas_with_target_predictors_and_embedding_come_in(run_model):
    table = run_model(
        "embeddings.forest_inputs",
        {"embeddings.joined": JOINED, "embeddings.embeddings": EMBEDDINGS},
        target="decile",
        predictors=["health"],
    )
    assert table.columns.tolist() == ["area", "decile", "health", "A00"]
    assert table.values.tolist() == [["a", 3.0, 1.5, 0.5], ["e", 5.0, 2.0, 0.5]]
