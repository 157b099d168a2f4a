"""embeddings.left_out on hand-made rows."""


def test_each_area_that_a_part_goes_without_stands_with_its_reason(run_model):
    table = run_model(
        "embeddings.left_out",
        {
            "embeddings.areas": [
                {"area": code, "is_empty": code == "d"} for code in "abcde"
            ],
            "embeddings.embeddings": [{"area": code} for code in "acde"],
            "embeddings.socioeconomic": [{"area": code} for code in "abdex"],
            "embeddings.forest_inputs": [{"area": code} for code in "ad"],
        },
    )
    assert list(table.itertuples(index=False, name=None)) == [
        ("b", "an embedding dimension has no value: not classified"),
        ("c", "no socio-economic row: not in the forests"),
        ("d", "empty boundary: not on the maps"),
        ("e", "a socio-economic value is missing: not in the forests"),
    ]


def test_where_all_is_there_nothing_is_left_out(run_model):
    rows = [{"area": "a", "is_empty": False}]
    names = ["areas", "embeddings", "socioeconomic", "forest_inputs"]
    tables = {f"embeddings.{name}": rows for name in names}
    assert len(run_model("embeddings.left_out", tables)) == 0
