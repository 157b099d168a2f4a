"""Workbooks that other processes write while this one draws the page.

Python runs one thread at a time, and a workbook is written by Python, cell by cell: of
188,880 areas 16 s, as long as the page takes. So each is left to a process of its own,
which reads the finished database's file.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from placetypes.database import connect_plain
from placetypes.errors import PlacetypesError
from placetypes.exports.workbook import write_workbook
from placetypes.runner.project import Project, read_project

CODE = Path(__file__).parents[2]

Writing = tuple["subprocess.Popen[bytes]", Path]


@contextmanager
def workbooks_apart(database: Path) -> Iterator[Callable[..., None]]:
    """Give what takes write_workbook's arguments and leaves the work to a process.

    The workbooks are finished where the block ends. Raises there what went wrong with
    one; where the block itself fails, none goes on.
    """
    writing: list[Writing] = []

    def write(_: object, project: Project, job: str, target: Path, file: str) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=CODE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        writing.append((process, target))
        request = (database.resolve(), project.root, job, target.resolve(), file)
        pickle.dump(request, process.stdin)
        process.stdin.flush()

    try:
        yield write
        for process, target in writing:
            finish(process, target)
    finally:
        for process, _ in writing:
            process.kill()
            process.communicate()


def finish(process: "subprocess.Popen[bytes]", target: Path) -> None:
    """Wait for a workbook; raise what its process answers."""
    answer = process.stdout.read()
    if not answer:
        lines = process.stderr.read().decode(errors="replace").strip().split("\n")
        raise PlacetypesError(
            f"{target.name} can't be written: the process that was to do so ended with "
            f"{lines[-1] or process.wait()}."
        )
    errors = pickle.loads(answer)  # noqa: S301, since a process of ours wrote it
    for error, cause in pairwise(errors):
        error.__cause__ = cause
    if errors:
        raise errors[0]


def main() -> None:
    """Write the workbook that the standard input asks for.

    Answers with the errors: what went wrong, what that came of and so on; or none.
    """
    database, root, *request = pickle.load(sys.stdin.buffer)  # noqa: S301, as above
    threading.Thread(target=end_with_parent, daemon=True).start()
    # DuckDB would load it with the first parameter, a fifth of this process's time.
    sys.modules["pandas"] = None
    errors: list[BaseException] = []
    try:
        with connect_plain(database, read_only=True) as connection:
            write_workbook(connection, read_project(root), *request)
    except Exception as error:
        # A pickled error leaves behind what it came of.
        cause: BaseException | None = error
        while cause:
            errors.append(cause)
            cause = cause.__cause__ or cause.__context__
    pickle.dump(errors, sys.stdout.buffer)


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone."""
    if not os.read(sys.stdin.fileno(), 1):
        os._exit(1)


if __name__ == "__main__":
    main()
