"""Parsed models, kept between runs: parsing takes most of a run with nothing to do."""

import hashlib
import json
import os
import sys
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from placetypes.runner import python_steps, sql_models
from placetypes.runner.python_steps import ParsedStep, parse_step
from placetypes.runner.sql_models import ParsedSql, parse_sql

FILE = ".parsed.json"
# Where the code of steps stands. A step that uses other code is parsed each time.
STEP_FOLDERS = ("models_py", "placetypes")


class ParseCache:
    """What is known of models by their text; `save` keeps it in the folder `sql`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / "sql" / FILE
        self.parser = parser_hash()
        self.code = code_hash(root)
        content = read_content(self.path, self.parser)
        self.known = content.get("known", {})
        self.known_steps = content.get("steps", {}).get(self.code, {})
        self.used: dict[str, Any] = {}
        self.used_steps: dict[str, Any] = {}

    def parse(self, path: Path) -> ParsedSql:
        """Return what a SELECT reads. Raises PlacetypesError as parse_sql does."""
        key = hashlib.sha256(path.read_bytes()).hexdigest()
        if key not in self.known:
            parsed = parse_sql(path)
            self.known[key] = [*parsed[:3], sorted(parsed.functions)]
        self.used[key] = self.known[key]
        canonical, tables, variables, functions = self.used[key]
        return ParsedSql(
            canonical, tuple(tables), tuple(variables), frozenset(functions)
        )

    def parse_step(self, path: Path) -> ParsedStep:
        """Return what a step takes. Raises PlacetypesError as parse_step does.

        Which code a step uses, and what it does, is known by the text of all code.
        """
        key = path.relative_to(self.root).as_posix()
        if key not in self.known_steps:
            step = parse_step(path, self.root)
            if not {file.split("/")[0] for file in step.files} <= set(STEP_FOLDERS):
                return step
            self.known_steps[key] = asdict(step)
        self.used_steps[key] = self.known_steps[key]
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.used_steps[key].items()
        }
        return ParsedStep(**fields)

    def save(self) -> None:
        """Keep what was used, where the folder may be written to."""
        content = {
            "parser": self.parser,
            "known": self.used,
            "steps": {self.code: self.used_steps},
        }
        text = json.dumps(content, sort_keys=True)
        if self.path.exists() and self.path.read_text("utf-8") == text:
            return
        if os.access(self.path.parent, os.W_OK):
            partial = self.path.with_suffix(f".{os.getpid()}.partial")
            partial.write_text(text, "utf-8")
            partial.replace(self.path)


def parser_hash() -> str:
    """Hash what decides how models are read: our code, sqlglot and Python's version."""
    digest = hashlib.sha256()
    for module in (sql_models, python_steps):
        digest.update(Path(module.__file__).read_bytes())
    digest.update(f"{metadata.version('sqlglot')} {sys.version}".encode())
    return digest.hexdigest()


def code_hash(root: Path) -> str:
    """Hash the names and texts of all code that steps can use."""
    digest = hashlib.sha256()
    for folder in STEP_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_bytes()
            name = path.relative_to(root).as_posix()
            digest.update(f"{name} {len(text)} ".encode() + text)
    return digest.hexdigest()


def read_content(path: Path, parser: str) -> dict[str, Any]:
    """Return what was parsed by this very parser; anything else is parsed again."""
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}  # cut off while it was written by something else than save()
    return content if content.get("parser") == parser else {}
