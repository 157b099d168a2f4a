"""Values outside the range of the model's areas are listed, whatever is done."""

import pandas as pd
import pytest

AREAS = pd.DataFrame(
    {"OA": ["E1", "E2", "E3"], "v01": [-1.0, 3.0, 10.0], "v02": [0.0, 10.5, 8.0]}
)


@pytest.mark.parametrize("outside", ["clip", "keep"])
def test_each_value_outside_the_range_is_listed(score, outside):
    found = score(AREAS, "outside", outside=outside)
    assert list(
        zip(found["area"], found["variable"], found["measured"], strict=True)
    ) == [
        ("E1", "v01", -1.0),
        ("E2", "v02", 10.5),
    ]
    assert set(found["is_clipped"]) == {outside == "clip"}
