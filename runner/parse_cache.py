"""Parsed SQL, kept between runs: parsing takes most of a run with nothing to do."""

import hashlib
import json
import os
from importlib import metadata
from pathlib import Path
from typing import Any

from runner import sql_models
from runner.sql_models import ParsedSql, parse_sql

FILE = ".parsed.json"


class ParseCache:
    """What is known of SQL by its text; `parse` reads the rest, `save` keeps it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.parser = parser_hash()
        self.known = read_known(self.path, self.parser)
        self.used: dict[str, Any] = {}

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

    def save(self) -> None:
        """Keep what was used, where the folder may be written to."""
        if self.used == self.known and self.path.exists():
            return
        if os.access(self.path.parent, os.W_OK):
            partial = self.path.with_suffix(f".{os.getpid()}.partial")
            content = {"parser": self.parser, "known": self.used}
            partial.write_text(json.dumps(content), "utf-8")
            partial.replace(self.path)


def parser_hash() -> str:
    """Hash what decides how SQL is read: our code and sqlglot's version."""
    code = Path(sql_models.__file__).read_bytes()
    return hashlib.sha256(code + metadata.version("sqlglot").encode()).hexdigest()


def read_known(path: Path, parser: str) -> dict[str, Any]:
    """Return what was parsed by this very parser; anything else is parsed again."""
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}  # cut off while it was written by something else than save()
    return content["known"] if content.get("parser") == parser else {}
