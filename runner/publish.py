"""Publishing: everything new is staged whole, then renamed into place.

Renaming several files can be interrupted between two of them. So the staged folder is
marked ready first; whoever finds a ready folder finishes the renaming.
"""

import json
import os
import shutil
from pathlib import Path

import duckdb

from runner.errors import PlacetypesError
from runner.warehouse import PUBLISHED, stage

STAGING = ".staging"
READY = "ready.json"


def publish(
    connection: duckdb.DuckDBPyConnection, output: Path, staged: list[str]
) -> None:
    """Publish the database and the staged exports (paths within the output folder)."""
    staging = output / STAGING
    stage(connection, staging / PUBLISHED)
    partial = staging / f"{READY}.partial"
    with partial.open("w") as opened:
        json.dump([PUBLISHED, *staged], opened)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(staging / READY)
    finish_publishing(output)


def finish_publishing(output: Path) -> None:
    """Rename what is staged and ready into place; clear away what is not ready."""
    staging = output / STAGING
    ready = staging / READY
    if ready.exists():
        for name in json.loads(ready.read_text()):
            source, target = staging / name, output / name
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                rename(source, target)
    shutil.rmtree(staging, ignore_errors=True)


def rename(source: Path, target: Path) -> None:
    """Rename a file over another one."""
    try:
        source.replace(target)
    except PermissionError as error:
        raise PlacetypesError(
            f"{target} can't be replaced: another program holds it open. Close it "
            "there and run again; the new result is kept and will be put in place."
        ) from error
