"""The command line of placetypes: python pipeline.py --help."""

import gc
import os
import sys

if __name__ == "__main__":
    # Else Python searches all that it has loaded over and over: 0.4 s of a run.
    gc.set_threshold(100_000, 50, 1000)
    # Before NumPy is loaded, which rooms do: it asks only then.
    # Steps run side by side. How many threads a product of matrices has would depend on
    # what the other step does, and with it the last digits.
    for library in ("OPENBLAS_NUM", "MKL_NUM", "BLIS_NUM", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_THREADS"] = "1"

import typer

from placetypes.catalogue import commands as catalogue
from placetypes.command_line import running
from placetypes.command_line.ending import INTERRUPTED, run_command
from placetypes.compare import commands as compare
from placetypes.exports import commands as exports
from placetypes.handbook import commands as handbook
from placetypes.names.commands import app as names
from placetypes.records import commands as records
from placetypes.release import commands as release
from placetypes.report import commands as report

app = typer.Typer(
    help="Named, mapped area classifications in SQL.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for room in (running, report, exports, catalogue, compare, records, release, handbook):
    room.register(app)
app.add_typer(names, name="names")


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    return run_command(app, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    code = main()
    if code == INTERRUPTED:  # and a step may still be computing in another thread
        sys.stdout.flush()
        os._exit(code)
    gc.freeze()  # else Python searches all it has loaded as it ends: 0.4 s
    sys.exit(code)
