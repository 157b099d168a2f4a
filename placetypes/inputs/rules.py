"""The rules that files meet at the door: what is refused or told, in which words.

rules.yml holds them; docs/checked_at_the_door.md is written from it (`make docs`), and
so is, with promises.yml, what SECURITY.md says is defended.
"""

from functools import cache
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError, listed
from placetypes.yaml_files import read_yaml

FILE = Path(__file__).with_name("rules.yml")
PROMISES = Path(__file__).with_name("promises.yml")
PAGE, SECURITY = "docs/checked_at_the_door.md", "SECURITY.md"
VERDICTS = ("refused", "told", "read")


@cache
def rules() -> dict[str, dict[str, str]]:
    """Return every rule by its name: topic, what, verdict, sentence."""
    return read_yaml(FILE)


def sentence(rule: str, **values: Any) -> str:
    """Return a rule's sentence; lists are shortened, numbers get their commas."""
    shown = {name: as_text(value) for name, value in values.items()}
    return rules()[rule]["sentence"].strip().format(**shown)


def as_text(value: Any) -> str:
    """Return a value as it stands in a sentence."""
    if isinstance(value, list | tuple):
        return listed(value, most=5)
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) else f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def refusal(rule: str, **values: Any) -> PlacetypesError:
    """Return the exception that refuses a file for breaking a rule."""
    return PlacetypesError(sentence(rule, **values))


def page() -> str:
    """Return docs/checked_at_the_door.md."""
    topics: dict[str, list[str]] = {}
    for rule in rules().values():
        words = " ".join(rule["sentence"].split())
        row = f"| {rule['what']} | {rule['verdict']} | {words.replace('|', '/')} |"
        topics.setdefault(rule["topic"], []).append(row)
    lines = [
        "# What is checked at the door",
        "",
        "Written from `placetypes/inputs/rules.yml` by `make docs`; change it there.",
        "",
        "*Refused* ends the command with the sentence, exit code 1, and what was",
        "published stays as it was. *Told* is printed and the run goes on; nothing is",
        "repaired unasked. *Read* is done, and the sentence says how. Words in braces",
        "stand for the file, the column, the area and the value.",
        "",
        "Inputs with `read_by_step: true` in a job's `job.yml` (records, postcode",
        "directories, lists of classes, lookups, models) come in any layout: the step",
        "that reads one says what is wrong with it, with the file's name.",
    ]
    for topic, rows in topics.items():
        head = ["", f"## {topic}", "", "| what | verdict | sentence |"]
        lines += [*head, "| --- | --- | --- |", *rows]
    return "\n".join(lines) + "\n"


def security(text: str) -> str:
    """Return the text of SECURITY.md with its table of promises written anew."""
    rows = [
        "| from | what it does | rules for files that keep it |",
        "| --- | --- | --- |",
    ]
    for name, promise in read_yaml(PROMISES).items():
        kept = [r["what"] for r in rules().values() if r.get("promise") == name]
        told = "; ".join(what.replace("|", "/") for what in kept)
        rows.append(f"| {promise['from']} | {promise['does']} | {told} |")
    start, _, rest = text.partition(" by `make docs` -->\n")
    _, end, after = rest.partition("<!-- end -->")
    table = "\n".join(["", *rows, "", ""])
    return f"{start} by `make docs` -->\n{table}{end}{after}"


if __name__ == "__main__":
    Path(PAGE).write_text(page(), "utf-8")
    Path(SECURITY).write_text(security(Path(SECURITY).read_text("utf-8")), "utf-8")
