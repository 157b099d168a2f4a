"""Publishing: files are staged whole, noted in a journal, then renamed into place.

Renaming several files can be interrupted between two of them. So the journal is written
first, and whatever opens the output folder next finishes what stands in it. A manifest
with each file's hash tells which run the files are of.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from placetypes.errors import PlacetypesError, disk_full, is_disk_full, listed

STAGING = ".staging"
JOURNAL = "ready.json"
MANIFEST = "manifest.json"
FIGURES = "figures"  # the folder of a job's figures
HANDBOOK = ("handbook.pdf", "handbook.docx")


class RunningError(PlacetypesError):
    """Another run holds the output folder."""


@contextmanager
def only_run(output: Path) -> Iterator[None]:
    """Hold the output folder for one run at a time; a second one is told and stops."""
    make_folder(output)
    holder = output / ".run.pid"
    try:
        with FileLock(output / ".run.lock", timeout=0):
            holder.write_text(str(os.getpid()))
            try:
                yield
            except Exception as error:
                if not is_disk_full(error):
                    raise
                clear_away(output)
                raise disk_full(output) from error
            finally:
                holder.unlink(missing_ok=True)
    except Timeout as error:
        pid = holder.read_text().strip() if holder.exists() else "unknown"
        raise RunningError(
            f"Another run (process {pid}) is writing to {output}; wait until it ends, "
            "or choose another folder with --output."
        ) from error


def make_folder(output: Path) -> None:
    """Make the output folder. Raises PlacetypesError where a file is in its place."""
    for place in (output, *output.parents):
        if place.exists() and not place.is_dir():
            raise PlacetypesError(
                f"{place} is a file where a folder for results should be: choose "
                "another one with --output."
            )
    output.mkdir(parents=True, exist_ok=True)


def clear_away(output: Path) -> None:
    """Delete what an unfinished run keeps, unless it is ready to be published."""
    for path in output.glob(".work*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not (output / STAGING / JOURNAL).exists():
        shutil.rmtree(output / STAGING, ignore_errors=True)


def publish_staged(
    output: Path,
    staged: list[str],
    run_id: str,
    *,
    is_whole: bool = False,
    replaced: Iterable[str] = (),
) -> list[str]:
    """Put staged files (paths below the output folder) in place, all or none.

    One of the former result that is named and not staged stays as it is. Where they are
    the whole result, files of the former one that are not among them are deleted, else
    those among the `replaced`; returns these. Raises PlacetypesError where a file could
    not be put into its place; then none is.
    """
    staging = output / STAGING
    for name in staged:
        refuse_unwritable(output / name)
    former = read_manifest(output).get("files", {})
    files = {
        name: hash_of(staging / name) if (staging / name).exists() else former[name]
        for name in staged
    }
    gone = sorted((former.keys() if is_whole else set(replaced)) - files.keys())
    kept = {name: former[name] for name in former.keys() - gone}
    manifest = {"run": run_id, "files": dict(sorted((kept | files).items()))}
    staging.mkdir(exist_ok=True)  # not there where nothing was staged
    write_json(staging / MANIFEST, manifest)
    write_json(staging / JOURNAL, {"put": [*staged, MANIFEST], "delete": gone})
    finish_publishing(output)
    return gone


def finish_publishing(output: Path) -> None:
    """Do what the journal says; clear away what is not ready."""
    staging = output / STAGING
    journal = read_journal(staging)
    for name in journal["put"]:
        source, target = staging / name, output / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                source.replace(target)
            except OSError as error:
                raise PlacetypesError(
                    f"{target} can't be replaced ({error.strerror}): close it where it "
                    "is open, or make the folder writable, and call any command "
                    "again: the new result is kept and will be put in place."
                ) from error
    for name in journal["delete"]:
        (output / name).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)


def finish_if_interrupted(output: Path) -> None:
    """Finish what a run that was killed while it published left half renamed."""
    if not (output / STAGING / JOURNAL).exists():
        return
    try:
        with only_run(output):
            finish_publishing(output)
    except RunningError:
        return  # that run is just now publishing, and will finish by itself


def read_journal(staging: Path) -> dict[str, list[str]]:
    """Return what is to be put into place and deleted: nothing without a journal.

    Raises PlacetypesError for a journal that can't be ours; it is set aside.
    """
    journal = staging / JOURNAL
    if not journal.exists():
        return {"put": [], "delete": []}
    try:
        content = json.loads(journal.read_text("utf-8"))
        if not isinstance(content["put"], list) or not isinstance(
            content["delete"], list
        ):
            raise ValueError("it lists no files")
        names = [*content["put"], *content["delete"]]
        home = staging.resolve()
        if not all(home in (home / name).resolve().parents for name in names):
            raise ValueError("it names what is no file of the folder")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        aside = staging.with_name(f"{STAGING}.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        staging.replace(aside)
        raise PlacetypesError(
            f"{journal} is damaged ({error}), so what it was to publish is set aside "
            f"in {aside.name}. What is published stands; run again."
        ) from error
    return content


def refuse_unwritable(target: Path) -> None:
    """Raise PlacetypesError where a file can't be put into its place."""
    folder = target.parent
    while not folder.exists():
        folder = folder.parent
    if target.is_dir() or not folder.is_dir():
        wrong = target if target.is_dir() else folder
        kind = "a folder" if target.is_dir() else "a file"
        raise PlacetypesError(
            f"{wrong} is {kind} where {target.name} belongs; rename or delete it and "
            "run again. Nothing was published."
        )
    try:
        probe = folder / f".{target.name}.probe"
        probe.touch()
        probe.unlink()
        if target.exists():
            target.open("r+b").close()  # a file that is held open elsewhere refuses
    except OSError as error:
        raise PlacetypesError(
            f"{target} can't be written ({error.strerror}): close it where it is open, "
            "or make its folder writable, and run again. Nothing was published."
        ) from error


def write_json(path: Path, content: Any) -> None:
    """Write a file that is there whole or not at all, even when the power fails."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as opened:
        json.dump(content, opened, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(path)


def hash_of(path: Path) -> str:
    """Return the sha256 of a file's content."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_manifest(output: Path) -> dict[str, Any]:
    """Return what is noted of the published files: their run, each file's hash."""
    path = output / MANIFEST
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except (ValueError, RecursionError):
        return {}  # damaged: the next run writes it anew, `check` says so
    is_ours = isinstance(found, dict) and isinstance(found.get("files"), dict)
    return found if is_ours else {}


def refuse_mixture(output: Path) -> int:
    """Compare the published files with the manifest; return how many there are.

    Raises PlacetypesError where one is missing or not the one that was published, and
    where a figure or handbook lies beside them that no run published.
    """
    files = read_manifest(output).get("files", {})
    changed = [
        name
        for name, digest in files.items()
        if not (output / name).is_file() or hash_of(output / name) != digest
    ]
    if changed or not files:
        raise PlacetypesError(
            f"{listed(changed, most=5) or MANIFEST} in {output} is not as the run "
            "published it: changed, or missing. `export` and `report` write exports "
            "and page anew, `run --fresh` everything."
        )
    strangers = sorted(figures_and_handbooks(output) - files.keys())
    if strangers:
        raise PlacetypesError(
            f"{listed(strangers, most=5)} in {output} is of no run that is published "
            "there: delete or move it. `report` and `handbook` make theirs anew."
        )
    return len(files)


def figures_and_handbooks(output: Path) -> set[str]:
    """Return figures and handbooks that lie in jobs' folders, as paths below it."""
    patterns = [f"*/{FIGURES}/*", *(f"*/{name}" for name in HANDBOOK)]
    found = (path for pattern in patterns for path in output.glob(pattern))
    return {path.relative_to(output).as_posix() for path in found if path.is_file()}
