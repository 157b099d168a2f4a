"""What a user asked for, resolved: models, parameters, where the inputs lie."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from data.demo import ensure_demo
from placetypes.errors import PlacetypesError
from placetypes.inputs.check import (
    InputFile,
    file_pattern,
    find_file,
    hash_file,
    locate,
    rules_hash,
    unpack_zips,
)
from placetypes.runner.graph import ancestors, select
from placetypes.runner.parameters import (
    GENERAL,
    Parameters,
    check_lengths,
    job_values,
    resolve,
    use_demo_values,
)
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
    # Of a refresh: what the tables are made from that stay as published, as hashes.
    upstream: dict[str, str] | None = None

    def values(self, job: str) -> dict[str, Any]:
        """Return a job's parameter values by bare name."""
        return job_values(self.parameters, job)

    @property
    def threads(self) -> int:
        """Return the number of threads to use, 0 for all."""
        return self.parameters[f"{GENERAL}.threads"].value


def make_request(
    project: Project,
    selectors: list[str],
    overrides: list[str],
    input_folder: Path | None,
    output: Path,
) -> Request:
    """Resolve what a user typed. Raises PlacetypesError for whatever doesn't fit."""
    selected = select(project, selectors)
    chosen = selected | ancestors(selected, project.models)
    jobs = {project.models[name].job for name in chosen}
    parameters = resolve(
        project.specifications, project.root / "pipeline.toml", overrides, jobs
    )
    if input_folder is not None and not input_folder.is_dir():
        raise PlacetypesError(f"--input {input_folder} is not a folder.")
    folders: dict[str, Path] = {}
    messages: list[str] = []
    demo_jobs = set()
    for job in sorted(jobs):
        values = job_values(parameters, job)
        folder = input_folder or project.root / "data" / "input"
        messages += unpack_zips(folder, own_patterns(project, job, values))
        if holds_any(project, job, folder, values):
            folders[job] = folder
        elif input_folder is None:
            demo_jobs.add(job)
            folders[job] = ensure_demo(project.root / "data" / "demo")
        elif selectors or len(jobs) == 1:
            folders[job] = folder  # locate() says below which file is missing
        else:
            messages.append(f"{job}: none of its files is in {folder}; not run.")
    if not folders:
        raise PlacetypesError(f"{input_folder} holds the input files of no job.")
    parameters = use_demo_values(parameters, demo_jobs)
    chosen = {name for name in chosen if project.models[name].job in folders}
    check_lengths(parameters, used_parameters(project, chosen))
    request = Request(
        project,
        frozenset(chosen),
        parameters,
        {},
        output,
        frozenset(demo_jobs),
        messages,
    )
    files = {job: find_files(request, job, folder) for job, folder in folders.items()}
    return replace(request, files=files)


def used_parameters(project: Project, chosen: set[str]) -> set[str]:
    """Return the full names of the parameters that the chosen models read."""
    return {
        f"{project.models[name].job}.{parameter}"
        for name in chosen
        for parameter in project.models[name].parameters
        if f"{project.models[name].job}.{parameter}" in project.specifications
    }


def own_patterns(project: Project, job: str, values: dict[str, Any]) -> list[str]:
    """Return the patterns of the files that only a user can bring."""
    return [
        pattern.strip()
        for entry in project.inputs(job).values()
        if not entry.get("in_output")
        for pattern in file_pattern(entry, values).split("|")
    ]


def holds_any(project: Project, job: str, folder: Path, values: dict[str, Any]) -> bool:
    """Tell whether a folder holds at least one of a job's own files."""
    return any(
        find_file(folder, pattern.strip())
        for entry in project.inputs(job).values()
        if "project_file" not in entry
        for pattern in file_pattern(entry, values).split("|")
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
    for name, entry in project.inputs(job).items():
        if name in needed:
            place = request.output / job if entry.get("in_output") else folder
            path = locate(name, entry, place, project.root, values)
            sha256 = hash_file(path)
            checked = rules_hash(sha256, entry, values)
            files[name] = InputFile(name, path, sha256, {}, checked)
    return files
