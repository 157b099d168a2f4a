"""YAML files of the project, read fast."""

from pathlib import Path
from typing import Any

import yaml

from placetypes.errors import PlacetypesError, one_line

# The C loader reads our files ten times faster; a build of PyYAML may lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the file's mapping; an absent or empty file is an empty one.

    Raises PlacetypesError with file and line for what isn't YAML or no mapping.
    """
    if not path.exists():
        return {}
    try:
        content = yaml.load(path.read_text("utf-8-sig"), Loader=_LOADER)  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or one_line(error)
        raise PlacetypesError(
            f"{path.parent.name}/{path.name}{line} is not valid YAML: {problem}; put "
            "texts with colons or braces into quotes, and indent with blanks."
        ) from error
    except UnicodeDecodeError as error:
        raise PlacetypesError(
            f"{path.parent.name}/{path.name} is not UTF-8 text: {error}."
        ) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise PlacetypesError(
            f"{path.parent.name}/{path.name} must hold names with values "
            f"(name: value), not {type(content).__name__}."
        )
    return content


def parse_yaml(text: str, *, otherwise: Any) -> Any:
    """Return what a text of a user's holds as YAML, or `otherwise` if it isn't YAML."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return otherwise
