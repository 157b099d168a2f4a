"""model.json: a classification that scores any area, read and checked.

docs/model.md says what it holds; what is wrong with it is said of the file.
"""

import json
import math
from pathlib import Path
from typing import Any, NoReturn

SCHEMA = "placetypes-model/1"
TRANSFORMS = ("arcsinh", "none")
REMEDY = "Export the model again, or name another one with --set model=FILE."
KINDS = {
    "a text": lambda value: isinstance(value, str) and value != "",
    "a number": lambda value: is_number(value),
    "a whole number": lambda value: isinstance(value, int) and is_number(value),
    "a list": lambda value: isinstance(value, list),
}
# What the entries of each list hold, and which of it may be null or missing.
FIELDS = {
    "variables": {
        "variable": "a text",
        "name": "a text",
        "domain": "a text",
        "transform": "a text",
        "minimum": "a number",
        "maximum": "a number",
        "weight": "a number",
    },
    "classes": {
        "level": "a whole number",
        "level_name": "a text",
        "class": "a text",
        "parent": "a text",
        "name": "a text",
        "areas": "a whole number",
        "centroid": "a list",
    },
    "calibration": {
        "level": "a whole number",
        "margin": "a number",
        "probability": "a number",
    },
}
OPTIONAL = {"name", "domain", "weight", "level_name", "parent", "areas"}


def is_number(value: Any) -> bool:
    """Tell a number that a column can hold, which true and infinity aren't."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return (
        known
        and (isinstance(value, float) or abs(value) < 2**53)
        and (math.isfinite(value))
    )


def read_model(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return a model's variables, classes and calibration (docs/model.md).

    Raises ValueError, a sentence with the file and the remedy, for anything else.
    """
    content = read_json(path)
    version = content.get("schema", "(none)")
    if version != SCHEMA:
        refuse(path, f"is a model of the version {version}; known is {SCHEMA}")
    model = {kind: entries(path, content, kind) for kind in FIELDS}
    for kind in ("variables", "classes"):
        if not model[kind]:
            refuse(path, f"holds no {kind}")
    for variable in model["variables"]:
        check_variable(path, variable)
    refuse_repeated(path, "variable", [v["variable"] for v in model["variables"]])
    check_classes(path, model["classes"], len(model["variables"]))
    refuse_repeated(path, "class", [(c["level"], c["class"]) for c in model["classes"]])
    return model


def refuse(path: Path, reason: str) -> NoReturn:
    """Raise a sentence that names the file and the remedy."""
    raise ValueError(f"{path.name} {reason}. {REMEDY}")


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a file of JSON holds."""

    def no_number(word: str) -> NoReturn:
        refuse(path, f"holds {word}, which is no number of JSON")

    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(path, f"is no UTF-8 text (byte {error.start})")
    try:
        content = json.loads(text, parse_constant=no_number)
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, line {error.lineno}, column {error.colno}"
        refuse(path, f"is no whole JSON ({reason})")
    except RecursionError:
        refuse(path, "nests its JSON too deep for a model")
    if not isinstance(content, dict):
        refuse(path, "holds no model: a JSON object with a schema is expected")
    return content


def entries(path: Path, content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return one of the model's lists, each entry with all fields of its kind."""
    listed = content.get(kind) or []
    if not isinstance(listed, list) or not all(isinstance(e, dict) for e in listed):
        refuse(path, f"has no list of objects under {kind}")
    fields = FIELDS[kind]
    for number, entry in enumerate(listed, 1):
        for field, expected in fields.items():
            value = entry.get(field)
            if value in (None, "") and field in OPTIONAL:
                continue
            if not KINDS[expected](value):
                place = f"entry {number} of {kind}"
                shown = json.dumps(value)[:40]
                refuse(path, f"has {shown} as {field} of {place}, not {expected}")
    return [{field: entry.get(field) for field in fields} for entry in listed]


def check_variable(path: Path, variable: dict[str, Any]) -> None:
    """Refuse a variable that can't be scaled."""
    code, transform = variable["variable"], variable["transform"]
    if transform not in TRANSFORMS:
        refuse(path, f"scales {code} by {transform}; known are arcsinh and none")
    weight = variable["weight"]
    if variable["maximum"] < variable["minimum"] or (weight or 0) < 0:
        refuse(path, f"gives {code} no valid range or weight")


def check_classes(path: Path, classes: list[dict[str, Any]], variables: int) -> None:
    """Refuse a class without a whole centroid, or without its parent."""
    known = {(entry["level"], entry["class"]) for entry in classes}
    for entry in classes:
        level, code, centroid = entry["level"], entry["class"], entry["centroid"]
        if len(centroid) != variables:
            counts = f"{len(centroid)} values for {variables} variables"
            refuse(path, f"gives the class {code} {counts}")
        if not all(map(is_number, centroid)):
            refuse(path, f"has what is no number in the centroid of the class {code}")
        if level < 1 or (level > 1 and (level - 1, entry["parent"]) not in known):
            parent = entry["parent"] or "(none)"
            place = f"class {code} on level {level}"
            refuse(path, f"names for the {place} the parent {parent}, which it lacks")


def refuse_repeated(path: Path, kind: str, codes: list[Any]) -> None:
    """Refuse a code that stands there twice."""
    repeated = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if repeated:
        code = repeated[0] if isinstance(repeated[0], str) else repeated[0][1]
        refuse(path, f"holds the {kind} {code} more than once")
