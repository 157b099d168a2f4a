"""A job is data: its folder says what it takes, gives and shows, the code names no job.

`sql/<job>/job.yml` names the parts that a job takes, its input files, exports and the
levels of its classification; `tables.yml` documents and checks its tables, and
`parameters.yml` says what may be set. A part (`sql/parts/<part>/`) has the same files,
and a `part.yml` for the inputs and exports that come with it. What a job says of a
table or parameter of its part is laid over what the part says.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError, nearest
from placetypes.yaml_files import read_yaml

PARTS = "parts"
KNOWN = {
    "title",
    "parts",
    "demo",
    "only_when_named",
    "private",
    "levels",
    "portrait_of_area",
    "page",
    "release",
    "inputs",
    "exports",
}


Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Level:
    """One level of a classification: a column, and the table that makes it."""

    name: str
    table: str
    parent: str = ""


@dataclass(frozen=True)
class Job:
    """What a job's folder and those of its parts say of it."""

    name: str
    title: str = ""
    parts: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    inputs: Entries = field(default_factory=dict)
    exports: Entries = field(default_factory=dict)
    tables: Entries = field(default_factory=dict)
    parameters: Entries = field(default_factory=dict)
    demo: str = ""  # the module that makes its demo, as a path
    only_when_named: bool = False  # a run of everything leaves it out
    private: bool = False  # made of people's own records: no shared warehouse has it
    portrait_of_area: dict[str, Any] | None = None  # what `similar` says of an area
    page: dict[str, Any] | None = None  # what the page shows of it
    release: dict[str, Any] | None = None  # what a release says of it; none has none

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders, below sql and models_py, that make its tables."""
        return (self.name, *(f"{PARTS}/{part}" for part in self.parts))

    @property
    def own_inputs(self) -> Entries:
        """Return the files that only a user can bring."""
        return {
            name: entry
            for name, entry in self.inputs.items()
            if not {"project_file", "optional", "in_output"} & entry.keys()
        }


def read_jobs(root: Path) -> dict[str, Job]:
    """Return the jobs of a project folder by their names."""
    folders = {path.parent for path in (root / "sql").glob("*/*.sql")}
    for folder in sorted(folders):
        if not (folder / "job.yml").exists():
            raise PlacetypesError(
                f"sql/{folder.name} has models but no job.yml that says what the job "
                "takes and gives; docs/design.md tells what stands in it."
            )
    return {folder.name: read_job(folder) for folder in sorted(folders)}


def read_job(folder: Path) -> Job:
    """Read a job's folder. Raises PlacetypesError for an unknown key or part."""
    own = read_yaml(folder / "job.yml")
    for key in own:
        if key not in KNOWN:
            raise PlacetypesError(f"{folder.name}/job.yml: {key}?{nearest(key, KNOWN)}")
    parts = own.get("parts", [])
    known = {path.name for path in (folder.parent / PARTS).glob("*") if path.is_dir()}
    for part in parts:
        if part not in known:
            raise PlacetypesError(
                f"{folder.name}/job.yml: there is no part {part}.{nearest(part, known)}"
            )
    folders = [*(folder.parent / PARTS / part for part in parts), folder]
    documents = [read_yaml(place / "part.yml") for place in folders[:-1]] + [own]
    inputs = overlaid([document.get("inputs", {}) for document in documents])
    parameters = overlaid([read_yaml(f / "parameters.yml") for f in folders])
    return Job(
        name=folder.name,
        title=own.get("title", folder.name),
        parts=tuple(parts),
        levels=tuple(
            Level(name, entry["table"], entry.get("parent", ""))
            for name, entry in own.get("levels", {}).items()
        ),
        inputs={name: with_usual(entry, parameters) for name, entry in inputs.items()},
        exports=overlaid([document.get("exports", {}) for document in documents[::-1]]),
        tables=overlaid([read_yaml(place / "tables.yml") for place in folders]),
        parameters=parameters,
        demo=own.get("demo", ""),
        only_when_named=own.get("only_when_named", False),
        private=own.get("private", False),
        portrait_of_area=own.get("portrait_of_area"),
        page=own.get("page"),
        release=own.get("release"),
    )


def with_usual(entry: dict[str, Any], parameters: Entries) -> dict[str, Any]:
    """Note what an input's file is called where no user names another one."""
    named_by = entry["file"]["parameter"] if isinstance(entry["file"], dict) else ""
    usual = parameters.get(named_by, {}).get("default")
    return {**entry, "usual_file": usual} if usual else entry


def overlaid(documents: list[Entries]) -> Entries:
    """Lay mappings over each other; of an entry in several, later keys win."""
    result: Entries = {}
    for document in documents:
        for name, entry in document.items():
            result[name] = {**result.get(name, {}), **(entry or {})}
    return result
