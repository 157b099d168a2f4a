"""Publishing a run: the former result goes into the history, the new one into place."""

import os
import shutil
from pathlib import Path

from placetypes.database import PUBLISHED, connect_plain, latest_run
from placetypes.publishing import publish_staged

HISTORY = "history"


def publish(
    output: Path, staged: list[str], run_id: str, keep: int | None
) -> list[str]:
    """Publish what is staged: the database and paths within the output folder.

    `keep` is how many former databases stay in the history; None leaves it alone.
    Returns the files of the former result that are deleted, having no new one.
    """
    if keep is not None:
        keep_former(output, keep)
    return publish_staged(output, [PUBLISHED, *staged], run_id, is_whole=True)


def keep_former(output: Path, keep: int) -> None:
    """Put what is published now into the history, which holds the last `keep` runs."""
    history = output / HISTORY
    published = output / PUBLISHED
    if published.exists() and keep:
        history.mkdir(exist_ok=True)
        target = history / f"{run_of(published)}.duckdb"
        if not target.exists():
            partial = target.with_suffix(".partial")
            partial.unlink(missing_ok=True)
            try:
                os.link(published, partial)  # no second copy: renaming spares this one
            except OSError:
                shutil.copyfile(published, partial)
            partial.replace(target)
    for old in sorted(history.glob("*.duckdb"))[: -keep or None]:
        old.unlink()


def run_of(database: Path) -> str:
    """Return the id of the run that published a database."""
    with connect_plain(database, read_only=True) as connection:
        return latest_run(connection)
