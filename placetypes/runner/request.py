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
from placetypes.inputs.remembered import Places, find_places, look_before, values_of
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
    folders: dict[str, Path] = field(default_factory=dict)  # with each job's files

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
    places = find_places(project.root, project.jobs, input_folder, output)
    chosen = with_own_ancestors(project, select(project, selectors))
    jobs = {project.models[name].job for name in chosen}
    toml = project.root / "pipeline.toml"
    # Where the selectors are those of one stage, --set may mean another stage's job.
    beside = {project.models[name].job for name in select(project, typed or selectors)}
    before = values_of(places.memory, jobs) | look_before(output)
    parameters = resolve(project.specifications, toml, overrides, jobs | beside, before)
    recorded = recorded_in(output)
    upstream = {name: fingerprint(entry.made_from) for name, entry in recorded.items()}
    request = Request(
        project, frozenset(chosen), parameters, {}, output, upstream=upstream
    )
    folders, demo_jobs = find_folders(request, places, bool(selectors))
    chosen = {name for name in chosen if project.models[name].job in folders}
    parameters = use_demo_values(parameters, demo_jobs)
    models = [project.models[name] for name in chosen]
    check_lengths(parameters, {f"{m.job}.{p}" for m in models for p in m.parameters})
    request = replace(
        request,
        chosen=frozenset(chosen),
        parameters=parameters,
        demo_jobs=frozenset(demo_jobs),
        folders=folders,
    )
    for name in folders:
        refuse_missing(name, missing_tables(request, name))
    files = {job: find_files(request, job, folder) for job, folder in folders.items()}
    return replace(request, files=files)


def find_folders(
    request: Request, places: Places, is_named: bool
) -> tuple[dict[str, Path], set[str]]:
    """Return the folder with each job's files, and the jobs that run on their demo.

    A job that isn't named and lacks what it reads is left out, with a message.
    """
    folders: dict[str, Path] = {}
    demo_jobs: set[str] = set()
    idle: list[str] = []
    jobs, tell = request.project.jobs, request.messages.extend
    for name in request.jobs:
        patterns = own_patterns(jobs[name].inputs, request.values(name))
        tell(unpack_zips(places.of(name), patterns))
    own = {
        name
        for name in request.jobs
        if holds_any(jobs[name].own_inputs, places.of(name), request.values(name))
    }
    for name in request.jobs:
        waits_for = missing_tables(request, name)
        needs_no_file = not jobs[name].own_inputs and not waits_for
        if name in own or needs_no_file:
            folders[name] = places.of(name)
        elif places.takes_demo(jobs[name]) and (is_named or not own):
            demo_jobs.add(name)
            folders[name] = ensure_demo(request.project.root / jobs[name].demo)
        elif is_named or len(request.jobs) == 1:
            places.refuse_demo(jobs[name])
            folders[name] = places.of(name)  # what is missing is said later
        else:
            lacks = f"none of its files is in {places.of(name)}"
            lacks = f"reads {listed(waits_for)}" if waits_for else lacks
            idle.append(f"{name}: {lacks}; not run.")
    if not folders:
        raise PlacetypesError(f"{places.of(name)} holds the input files of no job.")
    tell(places.going_on(folders))
    if folders.keys() - demo_jobs:  # beside demos alone, the others lack nothing
        tell(idle)
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
