"""The project as the runner sees it: files become models, and say what they read.

A SQL model is one SELECT, a step one function; the file's name is the table's. A table
without a schema is the job's own, so that a part serves every job that takes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from placetypes.database import Sql
from placetypes.errors import PlacetypesError, nearest
from placetypes.job import Job, read_jobs
from placetypes.parameters import GENERAL, Specification, read_specifications
from placetypes.sources import Source, read_macros, read_source
from placetypes.when_asked import WhenAsked
from placetypes.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FORMER = "former_"  # a step's argument former_x is table x as last published
DERIVED = ("", "_layer", "_geometry", "_crs")  # what a checked geometry file offers


@dataclass(frozen=True)
class Model:
    """One table: a SELECT or a step, and what it reads."""

    job: str
    name: str
    path: Path
    one_row: str
    code: str  # the parsed SQL with its macros, or the hash of the files of a step
    tables: tuple[str, ...]  # schema.table
    parameters: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()  # files
    lists: tuple[str, ...] = ()  # tables whose first column is read as a variable
    former: tuple[str, ...] = ()  # arguments: tables as last published
    annotations: dict[str, str] = field(default_factory=dict)  # of a step's arguments

    @property
    def full_name(self) -> str:
        """Return schema.table."""
        return f"{self.job}.{self.name}"

    @property
    def is_sql(self) -> bool:
        """Tell a SQL model from a Python step."""
        return self.path.suffix == ".sql"

    @property
    def upstream(self) -> tuple[str, ...]:
        """Return every table that this one is made from."""
        return tuple(dict.fromkeys((*self.tables, *self.lists)))


@dataclass(frozen=True)
class Project:
    """All jobs of a project folder."""

    root: Path
    jobs: dict[str, Job]
    models: Mapping[str, Model]  # a run reads the files of its own jobs only
    specifications: dict[str, Specification]
    macros: dict[str, Sql]

    def table(self, full_name: str) -> dict[str, Any]:
        """Return what tables.yml says of a table: columns, checks, if_empty."""
        job, _, name = full_name.partition(".")
        return self.jobs[job].tables.get(name, {})

    def is_optional(self, full_name: str) -> bool:
        """Tell whether a run leaves a table out unless it is asked for."""
        return bool(self.table(full_name).get("optional"))


@cache  # a command asks more than once, and all of it should see the same files
def load_project() -> Project:
    """Return the project that this file is part of; see read_project."""
    return read_project(ROOT)


def read_project(root: Path) -> Project:
    """Read a project folder: its jobs and parameters now, its models when asked for.

    Raises PlacetypesError for whatever doesn't fit.
    """
    macros = read_macros(root / "sql" / "macros.sql")
    jobs = read_jobs(root)
    specifications: dict[str, Specification] = {}
    for name, room in ((GENERAL, ""), ("names", "names")):
        document = read_yaml(root / "placetypes" / room / "parameters.yml")
        specifications |= read_specifications(name, document)
    for job in jobs.values():
        specifications |= read_specifications(job.name, job.parameters)
    files = {name: path for job in jobs.values() for name, path in job_files(root, job)}
    sources = WhenAsked(files.values(), lambda path: read_source(path, root, macros))
    models = WhenAsked(
        files, lambda n: make_model(n, files[n], sources[files[n]], project, files)
    )
    project = Project(root, jobs, models, specifications, macros)
    return project


def job_files(root: Path, job: Job) -> list[tuple[str, Path]]:
    """Return the tables that a job's and its parts' files make; each is made once."""
    found: dict[str, Path] = {}
    for folder in job.folders:
        steps = (root / "models_py" / folder).glob("[!_]*.py")
        for path in [*sorted((root / "sql" / folder).glob("*.sql")), *sorted(steps)]:
            former = found.setdefault(f"{job.name}.{path.stem}", path)
            if former != path:
                raise PlacetypesError(
                    f"{job.name}.{path.stem} is made by two files: "
                    f"{former.relative_to(root)} and {path.relative_to(root)}."
                )
    return list(found.items())


def make_model(
    name: str, path: Path, source: Source, project: Project, files: dict[str, Path]
) -> Model:
    """Return a job's model of a file: the names that it reads, told apart."""
    job = project.jobs[name.partition(".")[0]]
    place = path.relative_to(project.root)
    tables = [f"{schema or job.name}.{table}" for schema, table in source.tables]
    for table in sorted(tables):
        if table not in files:
            raise PlacetypesError(
                f"{place} reads {table}, which no file makes.{nearest(table, files)}"
            )
    inputs = {f"{n}{end}": n for n in job.inputs for end in DERIVED}
    kinds: dict[str, list[str]] = {k: [] for k in ("parameter", "table", "input", "")}
    for asked in sorted(source.names):
        full_name = f"{job.name}.{asked}"
        # A name may be both, as subgroups is: what a step calls a Table is the table.
        is_table = full_name in files and "Table" in source.annotations.get(asked, "")
        if full_name in project.specifications and not is_table:
            kinds["parameter"].append(asked)
        elif full_name in files:
            kinds["table"].append(full_name)
        elif f"{job.name}.{asked.removeprefix(FORMER)}" in files:
            kinds[""].append(asked)
        elif asked in inputs:
            kinds["input"].append(inputs[asked])
        else:
            known = [*inputs, *(s.name for s in project.specifications.values())]
            raise PlacetypesError(
                f"{place} reads {asked}, which is no parameter, table or input of "
                f"{job.name}.{nearest(asked, known)}"
            )
    is_sql = path.suffix == ".sql"
    return Model(
        job.name,
        path.stem,
        path,
        source.one_row,
        source.code,
        tables=tuple(sorted(tables)) if is_sql else tuple(kinds["table"]),
        parameters=tuple(kinds["parameter"]),
        inputs=tuple(dict.fromkeys(kinds["input"])),
        lists=tuple(kinds["table"]) if is_sql else (),
        former=tuple(kinds[""]),
        annotations=source.annotations,
    )
