"""The prompt: a text file of the repository, filled with what SQL says of clusters."""

import hashlib
import json
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from placetypes.errors import PlacetypesError, nearest
from placetypes.names.state import Cluster, State

WORKSHOP = "workshop"  # prompts that show all variables on the scaled data
FOLDER = Path(__file__).resolve().parents[2] / "prompts"


class Question(NamedTuple):
    """One request: the clusters that it asks for, its text, the form of the reply."""

    level: str
    clusters: list[str]
    text: str
    schema: dict[str, Any]
    prompt_version: str

    def hash(self, model: str) -> str:
        """Return the hash of all that decides the reply."""
        parts = [model, self.prompt_version, self.schema, self.text]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def read_template(version: str, suffix: str = "") -> Template:
    """Read a prompt. Raises PlacetypesError where there is no such version."""
    path = FOLDER / f"{version}{suffix}.txt"
    if not path.is_file() or path.parent != FOLDER:
        known = [p.stem for p in FOLDER.glob("*.txt") if not p.stem.endswith("_retry")]
        raise PlacetypesError(
            f"names.prompt: there is no prompt {version}.{nearest(version, known)}"
        )
    return Template(path.read_text("utf-8"))


def reply_schema(clusters: list[str], variables: list[str]) -> dict[str, Any]:
    """Return the strict JSON schema of a reply: no code can be invented."""
    claim = strict_object(
        {
            "variable": {"type": "string", "enum": variables},
            "direction": {"type": "string", "enum": ["above", "below"]},
        }
    )
    named = strict_object(
        {
            "cluster": {"type": "string", "enum": clusters},
            "name": {"type": "string"},
            "portrait": {"type": "string"},
            "claims": {"type": "array", "items": claim},
        }
    )
    return strict_object({"clusters": {"type": "array", "items": named}})


def strict_object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return an object of a strict schema: every property is there, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def build_question(
    state: State,
    clusters: list[Cluster],
    version: str,
    taken: list[str],
    failures: dict[str, list[tuple[str, str]]] | None = None,
) -> Question:
    """Fill the prompt for some clusters; with `failures`, ask to put them right."""
    codes = [entry.cluster for entry in clusters]
    levels = {entry.level for entry in clusters}
    text = read_template(version).safe_substitute(
        region=state.region,
        number=len(codes),
        level=" and ".join(f"{level}s" for level in sorted(levels, reverse=True)),
        clusters=", ".join(codes),
        taken=", ".join(sorted(taken)) or "none",
        briefs="\n\n".join(
            entry.workshop_brief if version.startswith(WORKSHOP) else entry.brief
            for entry in clusters
        ),
    )
    if failures:
        text += read_template(version, "_retry").safe_substitute(
            failures="\n\n".join(
                failure_text(entry, failures[entry.cluster]) for entry in clusters
            )
        )
    schema = reply_schema(codes, state.variables)
    return Question(clusters[0].level, codes, text, schema, version)


def failure_text(cluster: Cluster, problems: list[tuple[str, str]]) -> str:
    """Quote what was proposed for a cluster, and what is wrong with it."""
    lines = [f"- {p}" + (f" ({detail})" if detail else "") for p, detail in problems]
    return "\n".join(
        [
            f"{cluster.cluster}, named “{cluster.proposed_name or ''}”:",
            *lines,
            f"Its portrait was: {cluster.proposed_portrait or ''}",
        ]
    )


def in_batches(clusters: list[Cluster], most: int) -> list[list[Cluster]]:
    """Split clusters into requests: siblings together, at most so many in each."""
    families: dict[tuple[str, str], list[Cluster]] = {}
    for entry in clusters:
        parent = entry.family if entry.is_part else ""
        families.setdefault((entry.level, parent), []).append(entry)
    return [
        family[start : start + most]
        for family in families.values()
        for start in range(0, len(family), most)
    ]
