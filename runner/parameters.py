"""Parameters: what may be set, where each value came from, and whether it is valid.

`sql/<job>/parameters.yml` says what a parameter means and takes; `pipeline.toml` and
`--set` give values. A value is checked before anything runs.
"""

import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.errors import PlacetypesError, nearest
from runner.yaml_files import read_yaml

GENERAL = "pipeline"  # the table of pipeline.toml that belongs to no job

KINDS = {
    "text": "a text",
    "choice": "one of the listed words",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "texts": "a list of texts",
    "integers": "a whole number or a list of whole numbers",
}


@dataclass(frozen=True)
class Specification:
    """What a parameter means and which values it takes."""

    job: str
    name: str
    kind: str
    default: Any
    meaning: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    demo: Any = None

    @property
    def full_name(self) -> str:
        """Return the name as `--set` takes it: job.parameter."""
        return f"{self.job}.{self.name}"

    @property
    def takes(self) -> str:
        """Say in words which values are valid."""
        if self.choices:
            return " | ".join(self.choices)
        bounds = [
            f"at least {self.minimum:g}" if self.minimum is not None else "",
            f"at most {self.maximum:g}" if self.maximum is not None else "",
        ]
        return ", ".join([KINDS[self.kind], *filter(None, bounds)])


@dataclass(frozen=True)
class Value:
    """A parameter's value and where it came from."""

    specification: Specification
    value: Any
    source: str


Parameters = dict[str, Value]  # keyed by job.parameter


def read_specifications(job: str, path: Path) -> dict[str, Specification]:
    """Read a job's parameters.yml; keys are job.parameter."""
    specifications = {}
    for name, entry in read_yaml(path).items():
        fields = {**entry, "choices": tuple(entry.get("choices", ()))}
        specifications[f"{job}.{name}"] = Specification(job=job, name=name, **fields)
    return specifications


def resolve(
    specifications: dict[str, Specification],
    toml_path: Path,
    overrides: list[str],
    jobs: set[str],
) -> Parameters:
    """Lay pipeline.toml over the defaults and `--set` over both, checking each value.

    `jobs` are the jobs that run: they decide what a `--set` without a job means.
    Raises PlacetypesError for an unknown name or a value that the parameter can't take.
    """
    values = {
        name: Value(specification, specification.default, "default")
        for name, specification in specifications.items()
    }
    for full_name, value in read_toml(toml_path).items():
        specification = find(full_name, specifications, jobs, toml_path.name)
        checked = check(specification, value, toml_path.name)
        values[specification.full_name] = Value(specification, checked, toml_path.name)
    for override in overrides:
        name, text = split_override(override)
        specification = find(name, specifications, jobs, "--set")
        checked = check(specification, parse(specification, text), f"--set {override}")
        values[specification.full_name] = Value(specification, checked, "--set")
    return values


def use_demo_values(parameters: Parameters, jobs: set[str]) -> Parameters:
    """Give the jobs that run on the demo its own values, but not over `--set`."""
    return {
        name: Value(value.specification, value.specification.demo, "demo")
        if value.specification.job in jobs
        and value.specification.demo is not None
        and value.source != "--set"
        else value
        for name, value in parameters.items()
    }


def job_values(parameters: Parameters, job: str) -> dict[str, Any]:
    """Return a job's parameters by their bare names."""
    return {
        value.specification.name: value.value
        for value in parameters.values()
        if value.specification.job == job
    }


def read_toml(path: Path) -> dict[str, Any]:
    """Return pipeline.toml's values keyed by table.name; no file means no values."""
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlacetypesError(f"{path.name} is not valid TOML: {error}.") from error
    values = {}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise PlacetypesError(
                f"{path.name}: {table} stands outside a table; "
                "put it under its job, such as [census]."
            )
        values.update({f"{table}.{name}": value for name, value in entries.items()})
    return values


def split_override(override: str) -> tuple[str, str]:
    """Split NAME=VALUE at its first equals sign."""
    name, equals, text = override.partition("=")
    if not equals or not name.strip():
        raise PlacetypesError(
            f"--set {override} is not NAME=VALUE, such as --set census.clusters=6."
        )
    return name.strip(), text.strip()


def find(
    name: str, specifications: dict[str, Specification], jobs: set[str], place: str
) -> Specification:
    """Find a parameter by job.name, or by its bare name where that is unambiguous."""
    if name in specifications:
        return specifications[name]
    bearing = [entry for entry in specifications.values() if entry.name == name]
    running = [entry for entry in bearing if entry.job in jobs | {GENERAL}] or bearing
    if len(running) == 1:
        return running[0]
    if running:
        full_names = " or ".join(entry.full_name for entry in running)
        raise PlacetypesError(
            f"{place}: more than one job has a parameter {name}: write {full_names}."
        )
    known = set(specifications)
    if "." not in name:
        known = {entry.name for entry in specifications.values()}
    raise PlacetypesError(
        f"{place}: there is no parameter {name}.{nearest(name, known)}"
    )


def parse(specification: Specification, text: str) -> Any:
    """Turn the text of a `--set` into a value of the parameter's kind, if it can be."""
    kind = specification.kind
    if kind in ("text", "choice"):
        return text
    if kind == "texts":
        return [] if text in ("", "[]") else parse_list(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind == "integers" and ("," in text or text.startswith("[")):
        return [parse_number(item) for item in parse_list(text)]
    return parse_number(text)


def parse_list(text: str) -> list[str]:
    """Split a, b or ["a", "b"] into its items; a quoted item may hold commas."""
    if text.strip().startswith("["):
        try:
            items = tomllib.loads(f"items = {text}")["items"]
        except tomllib.TOMLDecodeError:
            items = []  # [a, b] as a shell leaves it when it has eaten the quotes
        if items and all(isinstance(item, str) for item in items):
            return items
    bare = text.strip().removeprefix("[").removesuffix("]")
    items = re.findall(r"""\s*("[^"]*"|'[^']*'|[^,]+)\s*(?:,|$)""", bare)
    return [item.strip().strip("\"'") for item in items if item.strip()]


def parse_number(text: str) -> int | float | str:
    """Return a number where the text is one, else the text, which a check refuses."""
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text


def check(specification: Specification, value: Any, place: str) -> Any:
    """Return the value if the parameter takes it; raise a sentence if not."""
    items = value if isinstance(value, list) else [value]
    if not has_kind(specification, value) or not all(
        within(specification, item) for item in items
    ):
        hint = ""
        if specification.choices and isinstance(value, str):
            hint = nearest(value, specification.choices)
        raise PlacetypesError(
            f"{place}: {specification.full_name} can't be {value!r}; "
            f"it takes {specification.takes}.{hint}"
        )
    if specification.kind == "number":
        return float(value)
    return value


def has_kind(specification: Specification, value: Any) -> bool:
    """Tell whether a value has the parameter's type."""
    match specification.kind:
        case "text":
            return isinstance(value, str)
        case "choice":
            return value in specification.choices
        case "integer":
            return is_integer(value)
        case "number":
            return is_integer(value) or (
                isinstance(value, float) and math.isfinite(value)
            )
        case "boolean":
            return isinstance(value, bool)
        case "texts":
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
        case "integers":
            if isinstance(value, list):
                return bool(value) and all(is_integer(item) for item in value)
            return is_integer(value)
    raise ValueError(f"{specification.full_name}: no kind {specification.kind}")


def is_integer(value: Any) -> bool:
    """Tell whether a value is a whole number that SQL can hold.

    Python counts True as a whole number; we don't.
    """
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def within(specification: Specification, item: Any) -> bool:
    """Tell whether a number lies within the parameter's bounds."""
    if isinstance(item, str | bool):
        return True
    low = specification.minimum is None or item >= specification.minimum
    high = specification.maximum is None or item <= specification.maximum
    return low and high
