"""Fingerprints: what decides a table, so that only what changed is built again."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from typing import Any

from placetypes.inputs.check import InputFile
from placetypes.runner.project import Model

MadeFrom = dict[str, Any]


@cache
def version(distribution: str) -> str:
    """Return an installed library's version."""
    return metadata.version(distribution)


def made_from(
    model: Model,
    parameters: dict[str, Any],
    files: dict[str, InputFile],
    fingerprints: dict[str, str],
) -> MadeFrom:
    """Return everything that decides a model's table, by kind and name.

    `parameters` and `files` are the job's; `fingerprints` those of the models upstream.
    """
    return {
        "code": hashlib.sha256(model.code.encode()).hexdigest(),
        "parameters": {name: parameters[name] for name in model.parameters},
        "inputs": {name: files[name].sha256 for name in model.inputs},
        "models": {name: fingerprints[name] for name in model.upstream},
        "versions": {name: version(name) for name in (*model.libraries, "duckdb")},
    }


def fingerprint(parts: MadeFrom) -> str:
    """Return one hash of what decides a table."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def reason(
    model: Model, now: MadeFrom, before: MadeFrom | None, rebuilt: Iterable[str]
) -> str:
    """Say in a few words why a model is to be built, '' where it is up to date."""
    if before is None:
        return "not built yet"
    if now == before:
        return ""
    if now["code"] != before["code"]:
        return f"{model.path.name} changed"
    for kind, word in (("parameters", "parameter"), ("versions", "version of")):
        for name, value in now[kind].items():
            former = before[kind].get(name)
            if value != former:
                return f"{word} {name} {plain(former)} → {plain(value)}"
    for name, value in now["inputs"].items():
        if value != before["inputs"].get(name):
            return f"content of {name} changed"
    changed = [name for name in now["models"] if name in set(rebuilt)]
    return f"{changed[0]} is built again" if changed else "what it reads changed"


def plain(value: Any) -> str:
    """Write a parameter's value as the user would."""
    return value if isinstance(value, str) else json.dumps(value)
