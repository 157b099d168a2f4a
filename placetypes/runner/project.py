"""The project as the runner sees it: models, inputs, exports and parameters by job."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError, nearest
from placetypes.runner.parameters import GENERAL, Specification, read_specifications
from placetypes.runner.parse_cache import ParseCache
from placetypes.runner.sql_models import first_comment, read_macros
from placetypes.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
# What a checked geometry file offers beside its path: see runner/inputs.py.
FORMER = "former_"  # a step's argument former_x is table x as last published
DERIVED = ("_layer", "_geometry", "_crs")


@dataclass(frozen=True)
class Model:
    """One table: a SELECT or a step, and what it reads."""

    job: str
    name: str
    path: Path
    one_row: str
    code: str  # the parsed SQL, or the hash of the code that a step uses
    tables: tuple[str, ...]  # schema.table
    parameters: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()  # files
    lists: tuple[str, ...] = ()  # tables whose first column is read as a variable
    former: tuple[str, ...] = ()  # arguments: tables as last published
    libraries: tuple[str, ...] = ()
    prepared: tuple[str, ...] = ()  # modules to load ahead
    arguments: tuple[str, ...] = ()
    annotations: dict[str, str] = field(default_factory=dict)

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
    models: dict[str, Model]
    specifications: dict[str, Specification]
    documents: dict[str, dict[str, Any]]  # each job's models.yml
    macros: dict[str, str]

    @property
    def jobs(self) -> list[str]:
        """Return the jobs' names in alphabetical order."""
        return sorted({model.job for model in self.models.values()})

    def is_optional(self, full_name: str) -> bool:
        """Tell whether a run leaves a table out unless it is asked for."""
        job, _, name = full_name.partition(".")
        models = self.documents.get(job, {}).get("models", {})
        return bool(models.get(name, {}).get("optional"))

    def inputs(self, job: str) -> dict[str, dict[str, Any]]:
        """Return what a job's models.yml says of its input files."""
        return self.documents[job].get("inputs", {})

    def exports(self, job: str) -> dict[str, dict[str, Any]]:
        """Return what a job's models.yml says of its exports."""
        return self.documents[job].get("exports", {})


def load_project(root: Path = ROOT) -> Project:
    """Read a project folder. Raises PlacetypesError for whatever doesn't fit."""
    macros = read_macros(root / "sql" / "macros.sql")
    specifications = read_specifications(
        GENERAL, root / "placetypes" / "runner" / "parameters.yml"
    )
    for path in sorted((root / "placetypes").glob("names/parameters.yml")):
        specifications |= read_specifications(path.parent.name, path)
    documents = {}
    models: dict[str, Model] = {}
    cache = ParseCache(root)
    for folder in sorted((root / "sql").iterdir()):
        if not folder.is_dir():
            continue
        job = folder.name
        specifications |= read_specifications(job, folder / "parameters.yml")
        documents[job] = read_yaml(folder / "models.yml")
        for path in model_files(root, job):
            model_name = f"{job}.{path.stem}"
            if model_name in models:
                raise PlacetypesError(
                    f"{model_name} is made by two files: {path.relative_to(root)} "
                    f"and {models[model_name].path.relative_to(root)}."
                )
            models[model_name] = read_model(job, path, macros, cache)
    cache.save()
    project = Project(root, {}, specifications, documents, macros)
    project.models.update(
        {name: sort_names(model, models, project) for name, model in models.items()}
    )
    return project


def model_files(root: Path, job: str) -> list[Path]:
    """Return a job's SQL models and Python steps."""
    steps = (root / "models_py" / job).glob("*.py")
    return [
        *sorted((root / "sql" / job).glob("*.sql")),
        *sorted(step for step in steps if not step.name.startswith("_")),
    ]


def read_model(
    job: str, path: Path, macros: dict[str, str], cache: ParseCache
) -> Model:
    """Read one file; all names that aren't tables still stand in `parameters`."""
    if path.suffix == ".sql":
        parsed = cache.parse(path)
        used = sorted(name for name in macros if name in parsed.functions)
        return Model(
            job=job,
            name=path.stem,
            path=path,
            one_row=first_comment(path.read_text("utf-8")),
            code="\n".join([parsed.canonical, *(macros[name] for name in used)]),
            tables=parsed.tables,
            parameters=parsed.variables,
        )
    step = cache.parse_step(path)
    return Model(
        job=job,
        name=path.stem,
        path=path,
        one_row=step.summary,
        code=step.code,
        tables=(),
        parameters=step.arguments,
        libraries=step.libraries,
        prepared=step.prepared,
        arguments=step.arguments,
        annotations=step.annotations,
    )


def sort_names(model: Model, models: dict[str, Model], project: Project) -> Model:
    """Tell the parameters, input files and tables that a model names apart."""
    inputs = project.inputs(model.job)
    tables, parameters, files, lists = list(model.tables), [], [], []
    former = []
    for name in model.parameters:
        table = f"{model.job}.{name}"
        # A name may be both, as subgroups is: what a step calls a Table is the table.
        is_table = table in models and "Table" in model.annotations.get(name, "")
        if table in project.specifications and not is_table:
            parameters.append(name)
        elif table in models:
            (lists if model.is_sql else tables).append(table)
        elif f"{model.job}.{name.removeprefix(FORMER)}" in models:
            former.append(name)
        elif input_of(name, inputs):
            files.append(input_of(name, inputs))
        else:
            known = [
                *inputs,
                *(entry.name for entry in project.specifications.values()),
            ]
            raise PlacetypesError(
                f"{model.path.relative_to(project.root)} reads {name}, which is no "
                f"parameter, table or input of {model.job}.{nearest(name, known)}"
            )
    for table in tables:
        if table not in models:
            raise PlacetypesError(
                f"{model.path.relative_to(project.root)} reads {table}, which no file "
                f"makes.{nearest(table, models)}"
            )
    return Model(
        **{
            **vars(model),
            "tables": tuple(tables),
            "parameters": tuple(parameters),
            "inputs": tuple(dict.fromkeys(files)),
            "lists": tuple(lists),
            "former": tuple(former),
        }
    )


def input_of(variable: str, inputs: dict[str, Any]) -> str:
    """Return the input that offers a variable (areas_file, areas_file_layer), or ''."""
    if variable in inputs:
        return variable
    for suffix in DERIVED:
        if variable.removesuffix(suffix) in inputs:
            return variable.removesuffix(suffix)
    return ""
