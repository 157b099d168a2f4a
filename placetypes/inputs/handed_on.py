"""Files that one job makes for another: an input entry with `from_job: job/export`.

Both may stand in one command: what makes the file is run and published first.
"""

from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from placetypes.inputs.find import InputFile, files_in
from placetypes.inputs.remembered import Places, holds_own
from placetypes.job import Job


def stages(
    jobs: dict[str, Job],
    chosen: set[str],
    selectors: list[str],
    places: Places,
) -> list[list[str]]:
    """Divide what a user typed into runs, so that others find a job's exports.

    `chosen` are the selectors' jobs. A job waits for another of them that makes one of
    its inputs; where none was selected by name, only if that one's files are there.
    """
    waits_for = {
        name: {
            maker
            for maker in map(maker_of, jobs[name].inputs.values())
            if maker in chosen - {name}
            and (selectors or holds_own(jobs[maker], places.of(maker)))
        }
        for name in sorted(chosen)
    }
    if not any(waits_for.values()):
        return [selectors]
    sorter = TopologicalSorter(waits_for)
    sorter.prepare()
    runs = []
    while sorter.is_active():
        ready = sorter.get_ready()
        sorter.done(*ready)
        runs.append([s for s in selectors or sorted(chosen) if job_of(s) in ready])
    return runs


def maker_of(entry: dict[str, Any]) -> str:
    """Return the job that makes an input file, '' where only a user brings it."""
    return entry.get("from_job", "").partition("/")[0]


def job_of(selector: str) -> str:
    """Return the job that a selector such as +job.table names."""
    return selector.strip("+").partition(".")[0]


def not_made_yet(
    jobs: dict[str, Job],
    selectors: list[str],
    places: Places,
) -> str:
    """Say which file of another selected job a later run waits for, '' for none."""
    for selector in selectors:
        for entry in jobs[job_of(selector)].inputs.values():
            made = entry.get("from_job", "")
            is_there = made and (
                (places.output / made).is_file()
                or files_in(places.of(job_of(selector)), entry["file"])
            )
            if made and not is_there:
                return f"{job_of(selector)}: planned when {made} is made"
    return ""


def told_of(
    job: str, entry: dict[str, Any], file: InputFile, output: Path
) -> list[str]:
    """Say of a file that another job makes whose it is, where it could be either."""
    made = output / entry.get("from_job", "")
    if not maker_of(entry) or not made.is_file():
        return []
    if file.path == made.resolve():
        return [f"{job}: takes what {made.parent.name} made, from {made.parent}."]
    return [f"{job}: {file.path} is taken, not what {made.parent.name} made ({made})."]
