"""YAML files of the project, read fast."""

from pathlib import Path
from typing import Any

import yaml

# The C loader reads our files ten times faster; a build of PyYAML may lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the file's mapping; an absent or empty file is an empty one."""
    if not path.exists():
        return {}
    return yaml.load(path.read_text("utf-8"), Loader=_LOADER) or {}  # noqa: S506 - both are safe


def parse_yaml(text: str, *, otherwise: Any) -> Any:
    """Return what a text of a user's holds as YAML, or `otherwise` if it isn't YAML."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return otherwise
