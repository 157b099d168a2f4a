"""What a user asked for, resolved: models, parameters, where the inputs lie."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError, listed
from placetypes.inputs.find import (
    InputFile,
    ensure_demo,
    find_input,
    holds_any,
    own_patterns,
)
from placetypes.inputs.handed_on import told_of
from placetypes.inputs.unpack import unpack_zips
from placetypes.notes import recorded_in
from placetypes.parameters import (
    Parameters,
    check_lengths,
    job_values,
    resolve,
    use_demo_values,
)
from placetypes.runner.plan import ancestors, fingerprint, select
from placetypes.runner.project import Project


@dataclass(frozen=True)
class Request:
    """A run's wishes, ready to be planned."""

    project: Project
    chosen: frozenset[str]  # the models selected and everything that they need
    parameters: Parameters
    files: dict[str, dict[str, InputFile]]  # by job and input; details still empty
    output: Path
    demo_jobs: frozenset[str] = frozenset()
    messages: list[str] = field(default_factory=list)
    # Hashes of the published tables that are read and stay as they are.
    upstream: dict[str, str] = field(default_factory=dict)
    is_refresh: bool = False

    def values(self, job: str) -> dict[str, Any]:
        """Return a job's parameter values by bare name."""
        return job_values(self.parameters, job)

    @property
    def jobs(self) -> list[str]:
        """Return the jobs that are run."""
        return sorted({self.project.models[name].job for name in self.chosen})


def make_request(
    project: Project,
    selectors: list[str],
    overrides: list[str],
    input_folder: Path | None,
    output: Path,
    typed: list[str] | None = None,
) -> Request:
    """Resolve what a user typed. Raises PlacetypesError for whatever doesn't fit."""
    if input_folder is not None and not input_folder.is_dir():
        raise PlacetypesError(f"--input {input_folder} is not a folder.")
    chosen = with_own_ancestors(project, select(project, selectors))
    jobs = {project.models[name].job for name in chosen}
    toml = project.root / "pipeline.toml"
    # Where the selectors are those of one stage, --set may mean another stage's job.
    beside = {project.models[name].job for name in select(project, typed or selectors)}
    parameters = resolve(project.specifications, toml, overrides, jobs | beside)
    recorded = recorded_in(output)
    upstream = {name: fingerprint(entry.made_from) for name, entry in recorded.items()}
    request = Request(
        project, frozenset(chosen), parameters, {}, output, upstream=upstream
    )
    folders, demo_jobs = find_folders(request, input_folder, bool(selectors))
    chosen = {name for name in chosen if project.models[name].job in folders}
    parameters = use_demo_values(parameters, demo_jobs)
    check_lengths(parameters, used_parameters(project, chosen))
    request = replace(
        request,
        chosen=frozenset(chosen),
        parameters=parameters,
        demo_jobs=frozenset(demo_jobs),
    )
    for name in folders:
        refuse_missing(name, missing_tables(request, name))
    files = {job: find_files(request, job, folder) for job, folder in folders.items()}
    return replace(request, files=files)


def find_folders(
    request: Request, input_folder: Path | None, is_named: bool
) -> tuple[dict[str, Path], set[str]]:
    """Return the folder with each job's files, and the jobs that run on their demo.

    A job that isn't named and lacks what it reads is left out, with a message.
    """
    folders: dict[str, Path] = {}
    demo_jobs: set[str] = set()
    idle: list[str] = []
    own = input_folder or request.project.root / "data" / "input"
    for name in request.jobs:
        job, values = request.project.jobs[name], request.values(name)
        request.messages.extend(unpack_zips(own, own_patterns(job.inputs, values)))
        waits_for = missing_tables(request, name)
        needs_no_file = not job.own_inputs and not waits_for
        if needs_no_file or holds_any(job.own_inputs, own, values):
            folders[name] = own
        elif job.demo and input_folder is None:
            demo_jobs.add(name)
            folders[name] = ensure_demo(request.project.root / job.demo)
        elif is_named or len(request.jobs) == 1:
            folders[name] = own  # what is missing is said later
        else:
            lacks = f"none of its files is in {own}"
            lacks = f"reads {listed(waits_for)}" if waits_for else lacks
            idle.append(f"{name}: {lacks}; not run.")
    if not folders:
        raise PlacetypesError(f"{own} holds the input files of no job.")
    if folders.keys() - demo_jobs:  # beside demos alone, the others lack nothing
        request.messages.extend(idle)
    return folders, demo_jobs


def with_own_ancestors(project: Project, selected: set[str]) -> set[str]:
    """Add what the selected models are made from within their own jobs.

    Tables of a job that isn't selected are read as they are published.
    """
    jobs = {project.models[name].job for name in selected}
    above = ancestors(selected, project.models)
    return selected | {name for name in above if project.models[name].job in jobs}


def missing_tables(request: Request, job: str) -> list[str]:
    """Return the tables that a job reads and that are neither built nor published."""
    read = {
        table
        for name in request.chosen
        if request.project.models[name].job == job
        for table in request.project.models[name].upstream
    }
    return sorted(read - request.chosen - request.upstream.keys())


def refuse_missing(job: str, tables: list[str]) -> None:
    """Raise PlacetypesError where a job reads another's tables that aren't there."""
    if tables:
        others = " ".join(sorted({table.partition(".")[0] for table in tables}))
        raise PlacetypesError(
            f"{job} reads {listed(tables)}, which isn't published here yet: run "
            f"{others} first, or both at once (run {others} {job})."
        )


def used_parameters(project: Project, chosen: set[str]) -> set[str]:
    """Return the full names of the parameters that the chosen models read."""
    return {
        f"{project.models[name].job}.{parameter}"
        for name in chosen
        for parameter in project.models[name].parameters
    }


def find_files(request: Request, job: str, folder: Path) -> dict[str, InputFile]:
    """Find and hash the files that the chosen models of a job read."""
    project, values = request.project, request.values(job)
    needed = {
        name
        for model in request.chosen
        if project.models[model].job == job
        for name in project.models[model].inputs
    }
    files = {}
    for name, entry in project.jobs[job].inputs.items():
        if name in needed:
            place = request.output / job if entry.get("in_output") else folder
            files[name] = find_input(
                name, entry, place, project.root, request.output, values
            )
            told = told_of(job, entry, files[name], request.output)
            request.messages.extend(set(told) - set(request.messages))
    return files
