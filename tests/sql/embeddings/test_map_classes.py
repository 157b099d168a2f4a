"""embeddings.map_classes on hand-made rows."""


def test_a_value_belongs_to_the_first_class_that_it_does_not_exceed(run_model):
    values = {"a": 1.0, "b": 2.0, "c": 2.5, "d": 9.0}
    table = (
        run_model(
            "embeddings.map_classes",
            {
                "embeddings.mapped_values": [
                    {"area": area, "variable": variable, "value": value}
                    for area, value in values.items()
                    for variable in "vw"
                ],
                "embeddings.class_breaks": [
                    {
                        "variable": v,
                        "scheme": s,
                        "class": c,
                        "upper_bound": b,
                        "label": f"{s}{c}",
                    }
                    for v, s, c, b in [
                        ("v", "quantile", 1, 2.0),
                        ("v", "quantile", 2, 9.0),
                        ("v", "equal_interval", 1, 5.0),
                        ("v", "equal_interval", 2, 9.0),
                        ("w", "quantile", 1, 9.0),
                    ]
                ],
            },
        )
        .set_index(["variable", "scheme"])
        .sort_index()
    )
    assert len(table) == 12
    assert table.loc[("v", "quantile")]["class"].tolist() == [1, 1, 2, 2]
    assert table.loc[("v", "equal_interval")]["class"].tolist() == [1, 1, 1, 2]
    assert table.loc[("w", "quantile")]["class"].tolist() == [1, 1, 1, 1]
    assert table.loc[("v", "quantile")]["label"].tolist()[-1] == "quantile2"
