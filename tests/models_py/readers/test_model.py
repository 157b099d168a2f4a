"""A model's file that is wrong somewhere, each time with one sentence of ours."""

import copy
import json

import pytest

from models_py.readers.model import read_model
from tests.sql.scored.conftest import small_model


def without(kind, field):
    """Return the small model without a field of the first entry of a list."""
    model = small_model()
    del model[kind][0][field]
    return model


def with_value(kind, field, value):
    """Return the small model with another value there."""
    model = small_model()
    model[kind][0][field] = value
    return model


def twice(kind):
    """Return the small model with an entry that stands there twice."""
    model = small_model()
    model[kind].append(copy.deepcopy(model[kind][0]))
    return model


WHOLE = json.dumps(small_model())
WRONG = {
    "no whole JSON \\(Unterminated string .*, line 1": WHOLE[:100],
    "no whole JSON \\(Expecting value": "a,b\n1,2\n",
    "no UTF-8 text": WHOLE.replace("People", "Peopl\xe9").encode("latin-1"),
    "nests its JSON too deep": "[" * 100_000,
    "holds NaN": WHOLE.replace('"minimum": 0', '"minimum": NaN'),
    "holds no model": "[]",
    "version other/2; known is placetypes-model/1": small_model(schema="other/2"),
    "version \\(none\\)": {"variables": []},
    "holds no variables": small_model(variables=[]),
    "holds no classes": small_model(classes=None),
    "no list of objects under calibration": small_model(calibration=[1]),
    "has null as variable of entry 1": without("variables", "variable"),
    "has \"a\" as minimum of entry 1": with_value("variables", "minimum", "a"),
    "has true as maximum": with_value("variables", "maximum", True),
    "as areas of entry 1 of classes": with_value("classes", "areas", 10**30),
    "scales v01 by log": with_value("variables", "transform", "log"),
    "no valid range or weight": with_value("variables", "maximum", -1),
    "the variable v01 more than once": twice("variables"),
    "the class A more than once": twice("classes"),
    "1 values for 2 variables": with_value("classes", "centroid", [0.1]),
    "no number in the centroid of the class A": with_value(
        "classes", "centroid", [0.1, None]
    ),
    "class A on level 2 the parent \\(none\\)": with_value("classes", "level", 2),
}  # fmt: skip


@pytest.mark.parametrize("sentence", WRONG)
def test_what_is_wrong_is_said_of_the_file_with_a_remedy(sentence, tmp_path):
    path, content = tmp_path / "town.json", WRONG[sentence]
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=f"^town.json .*{sentence}.*--set model=FILE"):
        read_model(path)


def test_a_right_model_is_read_as_it_is(tmp_path):
    path = tmp_path / "town.json"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    model = read_model(path)
    assert model["classes"] == small_model()["classes"]
    assert [v["variable"] for v in model["variables"]] == ["v01", "v02"]
