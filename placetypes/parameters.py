"""Parameters: what may be set, where each value came from, and whether it is valid.

`parameters.yml` of a job or part says what a parameter means and takes, and its
default; `pipeline.toml` and `--set` give other values, checked before anything runs.
"""

import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError, nearest
from placetypes.yaml_files import parse_yaml

GENERAL = "pipeline"  # the table of pipeline.toml that belongs to no job
REMEMBERED = "remembered"  # from an earlier run into the same output folder
SET = ("--set", REMEMBERED)  # sources of what a user typed

KINDS = {
    "text": "a text",
    "choice": "one of the listed words",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "texts": "a list of texts",
    "counts": "a whole number, a list of them, or a mapping such as {A = 2, other = 3}",
    "levels": "a list with, for each level, a whole number, a list of them, or a "
    "mapping such as {A = 2, other = 3}",
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
    one_each: str = ""  # the parameter that says how many a list must name
    # {parameter, item, missing}: the list that this one is an item of, where it is set;
    # {parameter}: the one that it equals where it is empty.
    taken_from: dict[str, Any] = field(default_factory=dict)
    is_look: bool = False  # how results look, which an output folder remembers

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


def read_specifications(
    job: str, document: dict[str, dict[str, Any]]
) -> dict[str, Specification]:
    """Read what parameters.yml says; keys are job.parameter."""
    specifications = {}
    for name, entry in document.items():
        fields = {**entry, "choices": tuple(entry.get("choices", ()))}
        try:
            specification = Specification(job=job, name=name, **fields)
        except TypeError as error:
            raise PlacetypesError(
                f"parameters.yml: {job}.{name} needs kind, default and meaning, and "
                f"takes what other parameters take ({error})."
            ) from error
        specifications[specification.full_name] = specification
    return specifications


def resolve(
    specifications: dict[str, Specification],
    toml_path: Path,
    overrides: list[str],
    jobs: set[str],
    remembered: dict[str, Any] | None = None,
) -> Parameters:
    """Lay pipeline.toml over the defaults and `--set` over both, checking each value.

    `jobs` are the jobs that run: they decide what a `--set` without a job means.
    `remembered` is what was set before, by full name, and goes on.
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
    for full_name, value in (remembered or {}).items():
        specification = find(full_name, specifications, jobs, REMEMBERED)
        checked = check(specification, value, REMEMBERED)
        values[specification.full_name] = Value(specification, checked, REMEMBERED)
    for override in overrides:
        name, text = split_override(override)
        specification = find(name, specifications, jobs, "--set")
        checked = check(specification, parse(specification, text), f"--set {override}")
        values[specification.full_name] = Value(specification, checked, "--set")
    return hand_on(values)


def check_lengths(parameters: Parameters, used: set[str]) -> None:
    """Raise PlacetypesError where a used parameter lists more or fewer than it must."""
    for name in sorted(used):
        value = parameters[name]
        counted = value.specification.one_each
        if not counted or not isinstance(value.value, list):
            continue
        number = parameters[f"{value.specification.job}.{counted}"]
        if len(value.value) != number.value:
            raise PlacetypesError(
                f"{name} ({value.source}) lists {len(value.value)} numbers, but "
                f"{number.specification.full_name} ({number.source}) is "
                f"{number.value}; give one for each, or one number for all."
            )


def hand_on(parameters: Parameters) -> Parameters:
    """Give each parameter that is an item of a list its item, where the list is set.

    One that is taken from another as it is takes its value where it has none itself.

    Raises PlacetypesError where `--set` says something else of it.
    """
    return parameters | {
        name: item_of(value, parameters)
        for name, value in parameters.items()
        if value.specification.taken_from
    }


def item_of(value: Value, parameters: Parameters) -> Value:
    """Return what a list holds for a parameter; an empty list changes nothing."""
    specification, rule = value.specification, value.specification.taken_from
    place = f"{specification.job}.{rule['parameter']}"
    given = parameters[place]
    if "item" not in rule:
        return value if value.value else Value(specification, given.value, place)
    if not given.value:
        return value
    number = rule["item"]
    has_item = len(given.value) >= number
    item = given.value[number - 1] if has_item else rule["missing"]
    checked = check(specification, item, f"{given.source}: entry {number} of {place}")
    if value.source == "--set" and value.value != checked:
        raise PlacetypesError(
            f"--set {specification.full_name} says {value.value}, but {place} "
            f"({given.source}) says {checked}. Leave one of them out: "
            f"--set {place}=[] leaves it to {specification.full_name}."
        )
    return Value(specification, checked, place)


def use_demo_values(parameters: Parameters, jobs: set[str]) -> Parameters:
    """Give the jobs that run on the demo its own values, but not over `--set`.

    Nor over what was taken from a list, whose name is then the source.
    """
    return {
        name: Value(value.specification, value.specification.demo, "demo")
        if value.specification.job in jobs
        and value.specification.demo is not None
        and value.source not in (*SET, *parameters)
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
                "put it under its job, such as [JOB]."
            )
        values.update({f"{table}.{name}": value for name, value in entries.items()})
    return values


def split_override(override: str) -> tuple[str, str]:
    """Split NAME=VALUE at its first equals sign."""
    name, equals, text = override.partition("=")
    if not equals or not name.strip():
        raise PlacetypesError(
            f"--set {override} is not NAME=VALUE, such as --set clusters=6."
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
    if kind == "levels" and not text:
        return []
    if kind in ("counts", "levels") and ("," in text or text.startswith(("[", "{"))):
        return parse_nested(text)
    return parse_number(text)


def parse_nested(text: str) -> Any:
    """Read lists and mappings as TOML has them, {A = 2}, or as YAML has, {A: 2}.

    Returns the text, which a check refuses, where it is neither.
    """
    bare = text if text.startswith(("[", "{")) else f"[{text}]"
    try:
        found = tomllib.loads(f"value = {bare}")
        if found.keys() == {"value"}:
            return found["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        pass  # then it may be YAML
    return parse_yaml(bare, otherwise=text)


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
    if not has_kind(specification, value) or not all(
        within(specification, item) for item in leaves(value)
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
        case "counts":
            return is_count(value)
        case "levels":
            return isinstance(value, list) and all(map(is_count, value))
    raise ValueError(f"{specification.full_name}: no kind {specification.kind}")


def is_count(value: Any) -> bool:
    """Tell whether a value is a whole number, or a list or mapping of them."""
    if isinstance(value, dict):
        keys_are_texts = all(isinstance(key, str) for key in value)
        return bool(value) and keys_are_texts and all(map(is_integer, value.values()))
    if isinstance(value, list):
        return bool(value) and all(map(is_integer, value))
    return is_integer(value)


def leaves(value: Any) -> list[Any]:
    """Return what stands in lists and mappings, however deep; else the value alone."""
    if not isinstance(value, list | dict):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return [leaf for item in items for leaf in leaves(item)]


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
