"""A release for people: README, licences, codebook, parameters, checksums."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import jinja2

from placetypes.exports.documented import Source
from placetypes.release.codebook import Column
from placetypes.release.contents import Contents


def in_table(text: object) -> str:
    """Return a text that keeps to its cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def template(name: str) -> jinja2.Template:
    """Return one of the room's Markdown templates."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(  # noqa: S701 - Markdown, its cells made safe
        loader=loader, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["in_table"] = in_table
    return environment.get_template(name)


def readme(contents: Contents) -> str:
    """Return README.md."""
    return template("readme.md.jinja").render(contents=contents)


def licences(contents: Contents) -> str:
    """Return LICENCES.md: the sentences that the sources ask for."""
    return template("licences.md.jinja").render(contents=contents)


def as_csv(columns: tuple[str, ...], rows: list[Any]) -> str:
    """Return rows as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([columns, *rows])
    return written.getvalue()


def codebook(contents: Contents) -> str:
    """Return codebook.csv."""
    return as_csv(Column._fields, contents.codebook)


def sources(contents: Contents) -> str:
    """Return inputs.csv: the files that the data were made from."""
    return as_csv(Source._fields, contents.sources)


def parameters(contents: Contents) -> str:
    """Return the parameters as a pipeline.toml that makes the data again."""
    lines = [
        f"{name} = {as_toml(value)}" for name, value in contents.parameters.items()
    ]
    return "\n".join([f"[{contents.job.name}]", *lines]) + "\n"


def as_toml(value: Any) -> str:
    """Return a value of a parameter in TOML, which JSON is but for mappings."""
    if isinstance(value, dict):
        pairs = [f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
