"""The project as the runner sees it: files become models, and say what they read.

A SQL model is one SELECT, a step one function; the file's name is the table's. A table
without a schema is the job's own, so that a part serves every job that takes it.
"""

import ast
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from placetypes.errors import PlacetypesError, nearest
from placetypes.job import Job, read_jobs
from placetypes.parameters import GENERAL, Specification, read_specifications
from placetypes.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FORMER = "former_"  # a step's argument former_x is table x as last published
DERIVED = ("", "_layer", "_geometry", "_crs")  # what a checked geometry file offers
DIALECT = "duckdb"


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
    models: dict[str, Model]
    specifications: dict[str, Specification]
    macros: dict[str, str]

    def table(self, full_name: str) -> dict[str, Any]:
        """Return what tables.yml says of a table: columns, checks, if_empty."""
        job, _, name = full_name.partition(".")
        return self.jobs[job].tables.get(name, {})

    def is_optional(self, full_name: str) -> bool:
        """Tell whether a run leaves a table out unless it is asked for."""
        return bool(self.table(full_name).get("optional"))


class Source(NamedTuple):
    """What one file says, whichever job takes it."""

    one_row: str
    code: str
    tables: frozenset[tuple[str, str]]  # schema ('' for the job's own) and name
    names: frozenset[str]  # parameters, files and tables that it asks for by name
    annotations: dict[str, str]


def load_project(root: Path = ROOT) -> Project:
    """Read a project folder. Raises PlacetypesError for whatever doesn't fit."""
    macros = read_macros(root / "sql" / "macros.sql")
    jobs = read_jobs(root)
    specifications: dict[str, Specification] = {}
    for name, room in ((GENERAL, ""), ("names", "names")):
        document = read_yaml(root / "placetypes" / room / "parameters.yml")
        specifications |= read_specifications(name, document)
    for job in jobs.values():
        specifications |= read_specifications(job.name, job.parameters)
    files = {name: path for job in jobs.values() for name, path in job_files(root, job)}
    project = Project(root, jobs, {}, specifications, macros)
    sources: dict[Path, Source] = {}
    for name, path in files.items():
        if path not in sources:
            sources[path] = read_source(path, project)
        project.models[name] = make_model(name, path, sources[path], project, files)
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


def read_source(path: Path, project: Project) -> Source:
    """Read one file of SQL or Python."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlacetypesError(f"{path.name} is not UTF-8 text: {error}.") from error
    if path.suffix == ".sql":
        return read_sql(path, text, project.macros)
    return read_step(path, text, project.root)


def read_sql(path: Path, text: str, macros: dict[str, str]) -> Source:
    """Parse one SELECT: its tables, and what it asks with getvariable('…')."""
    import sqlglot
    from sqlglot import exp

    try:
        found = [tree for tree in sqlglot.parse(text, dialect=DIALECT) if tree]
    except sqlglot.errors.SqlglotError as error:
        raise PlacetypesError(f"{path.name} can't be parsed: {error}") from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise PlacetypesError(f"{path.name} must hold one SELECT and nothing else.")
    tree = found[0]
    own_names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    tables = {
        (table.db.lower(), table.name.lower())
        for table in tree.find_all(exp.Table)
        if table.db or (table.name and table.name.lower() not in own_names)
    }
    asked, functions = set(), set()
    for call in tree.find_all(exp.Anonymous):
        functions.add(call.name.lower())
        if call.name.lower() == "getvariable":
            argument = call.expressions[0]
            if not isinstance(argument, exp.Literal):
                raise PlacetypesError(
                    f"{path.name}: getvariable() takes a quoted name, not {argument}."
                )
            asked.add(argument.this)
    code = [tree.sql(dialect=DIALECT, comments=False)]
    code += [macros[name] for name in sorted(functions & macros.keys())]
    return Source(
        first_comment(text), "\n".join(code), frozenset(tables), frozenset(asked), {}
    )


def read_step(path: Path, text: str, root: Path) -> Source:
    """Read a step's signature without importing it."""
    functions = {
        node.name: node
        for node in parse_python(path, text).body
        if isinstance(node, ast.FunctionDef)
    }
    place = path.relative_to(root)
    if path.stem not in functions:
        raise PlacetypesError(f"{place} must define a function {path.stem}().")
    function = functions[path.stem]
    docstring = ast.get_docstring(function)
    if not docstring:
        raise PlacetypesError(f"{place}: {path.stem}() needs a docstring: One row: …")
    annotations = {
        argument.arg: ast.unparse(argument.annotation) if argument.annotation else ""
        for argument in [*function.args.args, *function.args.kwonlyargs]
    }
    used = [file.read_text("utf-8") for file in sorted(code_of(path, root))]
    return Source(
        " ".join(docstring.split("\n\n")[0].split()),
        hashlib.sha256("\0".join(used).encode()).hexdigest(),
        frozenset(),
        frozenset(annotations),
        annotations,
    )


def parse_python(path: Path, text: str) -> ast.Module:
    """Return a file's syntax tree."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise PlacetypesError(f"{path.name} is not valid Python: {error}.") from error


@cache
def imported_files(path: Path, root: Path) -> tuple[Path, ...]:
    """Return the project's files that a file imports."""
    found = []
    for node in ast.walk(parse_python(path, path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            place = root.joinpath(*node.module.split("."))
            inside = [place / alias.name for alias in node.names]
            found += [file.with_suffix(".py") for file in (place, *inside)]
    return tuple(file for file in found if file.exists())


def code_of(path: Path, root: Path) -> set[Path]:
    """Return a file and the project's files that it imports, however far."""
    found, waiting = set(), [path]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += imported_files(file, root)
    return found


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


def first_comment(text: str) -> str:
    """Return the text of the comment that opens a SQL file, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def read_macros(path: Path) -> dict[str, str]:
    """Return each macro's statement by its name; the file holds nothing else."""
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    macros = {}
    for statement in filter(None, map(str.strip, text.split(";"))):
        match = re.match(r"create or replace macro (\w+)", statement)
        if match is None:
            raise PlacetypesError(
                f"{path.name} holds something that isn't a macro: {statement[:60]}"
            )
        macros[match[1]] = " ".join(statement.split())
    return macros
