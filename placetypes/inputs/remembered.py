"""What an output folder remembers of its jobs: where their files lay, what was set.

A run without --input goes on with both, and every command with how results look, such
as their colours, whatever they are made from. It stands beside the results and not in
them: paths of this machine are nobody else's business.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from placetypes.console import Text, errors
from placetypes.database import PUBLISHED, connect_published, is_synthetic
from placetypes.errors import PlacetypesError
from placetypes.inputs.find import holds_any
from placetypes.job import Job
from placetypes.parameters import GENERAL, SET, Parameters, Specification, resolve
from placetypes.publishing import write_json

REMEMBERED = "remembered.json"


class Remembered(NamedTuple):
    """A job's former input folder, None for the demo, and the values that were set."""

    folder: Path | None
    values: dict[str, Any]  # by job.parameter

    def goes_on(self, job: str) -> str:
        """Say what a job goes on with, '' where that is what it would do anyway."""
        folder = [f"the files in {self.folder}"] if self.folder else []
        parts = " and ".join([*folder, *[as_set(self.values)] * bool(self.values)])
        return f"{job}: goes on with {parts}; --input starts anew." if parts else ""


Memory = dict[str, Remembered]  # by job


def as_set(values: dict[str, Any]) -> str:
    """Return values by job.parameter as `--set` takes them."""
    return ", ".join(
        f"{name.partition('.')[2]}={json.dumps(value, ensure_ascii=False)}"
        for name, value in values.items()
    )


def recall(output: Path, jobs: dict[str, Job], usual: Path) -> Memory:
    """Return what an output folder remembers; `usual` is where files lie by default.

    A demo is forgotten where a job's own files have come into the usual folder.
    Raises PlacetypesError where it can't be read.
    """
    memory = {}
    for name, said in read(output / REMEMBERED).items():
        folder = Path(said["input"]) if said["input"] else None
        if name in jobs and (folder or not holds_own(jobs[name], usual)):
            memory[name] = Remembered(folder, said["set"])
    return memory


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Read what is remembered. Raises PlacetypesError where that has another form."""
    try:
        said = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if all({"input", "set"} <= entry.keys() for entry in said.values()):
            return said
    except (ValueError, AttributeError):
        pass  # the sentence below says so
    raise PlacetypesError(
        f"{path} is damaged. Delete it, and name --input and --set once more."
    )


def remember(
    output: Path, folders: dict[str, Path], demo_jobs: frozenset[str], used: Parameters
) -> None:
    """Note where the files of the jobs that have run lay, and what was set for them.

    Of the table [pipeline] only how results look: the rest is how one run is done.
    """
    noted = {
        job: {
            "input": None if job in demo_jobs else str(folder.resolve()),
            "set": {
                name: value.value
                for name, value in used.items()
                if value.specification.job == job and value.source in SET
            },
        }
        for job, folder in folders.items()
    }
    look = {
        name: value.value
        for name, value in used.items()
        if value.specification.is_look and value.source in SET
    }
    noted |= {GENERAL: {"input": None, "set": look}} if look else {}
    known = read(output / REMEMBERED)
    if known | noted != known:
        write_json(output / REMEMBERED, dict(sorted((known | noted).items())))


def look_before(output: Path) -> dict[str, Any]:
    """Return what was set of how an output folder's results look."""
    return read(output / REMEMBERED).get(GENERAL, {"set": {}})["set"]


def look_goes_on(values: dict[str, Any]) -> str:
    """Say with which look results go on, '' where none was set."""
    return f"The look goes on with {as_set(values)}." if values else ""


def resolve_again(
    output: Path,
    specifications: dict[str, Specification],
    root: Path,
    overrides: list[str] | None,
) -> Parameters:
    """Return the parameters of a command that shows what is there.

    When it has done so, `remember_look` notes what was set.
    """
    jobs = {entry.job for entry in specifications.values()}
    before = look_before(output)
    if before:
        errors.print(Text(look_goes_on(before)))
    toml = root / "pipeline.toml"
    return resolve(specifications, toml, overrides or [], jobs, before)


def remember_look(output: Path, parameters: Parameters) -> None:
    """Note how the results look that a command has just shown."""
    remember(output, {}, frozenset(), parameters)


def values_of(memory: Memory, jobs: set[str]) -> dict[str, Any]:
    """Return the values that were set before for any of these jobs."""
    return {n: v for job in jobs & memory.keys() for n, v in memory[job].values.items()}


def holds_own(job: Job, folder: Path) -> bool:
    """Tell whether a folder holds any of a job's own files that bear fixed names."""
    fixed = {n: e for n, e in job.own_inputs.items() if isinstance(e["file"], str)}
    return holds_any(fixed, folder, {})


@dataclass(frozen=True)
class Places:
    """Where the files of jobs are looked for: as named, as before, or as usual."""

    output: Path
    usual: Path  # data/input
    named: Path | None  # by --input
    memory: Memory

    def of(self, job: str) -> Path:
        """Return a job's folder; raise a sentence where that from before is gone."""
        former = self.memory[job].folder if job in self.memory else None
        if former and not former.is_dir() and former != self.usual.resolve():
            raise PlacetypesError(
                f"{job} was made from {former}, which isn't there any more: name the "
                "folder of its files with --input."
            )
        return self.named or former or self.usual

    def takes_demo(self, job: Job) -> bool:
        """Tell whether a demo may run: beside no result of a user's own files."""
        if not job.demo or self.named:
            return False
        if job.name in self.memory:
            return self.memory[job.name].folder is None
        if self.memory or not (self.output / PUBLISHED).exists():
            return all(former.folder is None for former in self.memory.values())
        with connect_published(self.output, spatial=False) as connection:
            return is_synthetic(connection)

    def refuse_demo(self, job: Job) -> None:
        """Say why a job that has a demo isn't run on it, where no folder is named."""
        if job.demo and not self.named:
            raise PlacetypesError(
                f"{self.output} holds results of your own files, which the demo never "
                f"replaces, and {self.of(job.name)} holds none of the files of "
                f"{job.name}. Name their folder with --input, or another one for the "
                "demo's results with --output."
            )

    def going_on(self, jobs: Iterable[str]) -> list[str]:
        """Say with what each of these jobs goes on."""
        told = [self.memory[job].goes_on(job) for job in jobs if job in self.memory]
        told.append(look_goes_on(look_before(self.output)))
        return [sentence for sentence in told if sentence]


def find_places(
    root: Path, jobs: dict[str, Job], named: Path | None, output: Path
) -> Places:
    """Return where files are looked for; a folder that is named starts anew."""
    if named and not named.is_dir():
        raise PlacetypesError(f"--input {named} is not a folder.")
    usual = root / "data" / "input"
    memory = {} if named else recall(output, jobs, usual)
    return Places(output, usual, named, memory)
