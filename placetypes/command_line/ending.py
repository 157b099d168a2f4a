"""How a command ends: whatever it meets becomes a sentence and an exit code."""

import duckdb
import typer
from typer.exceptions import TyperException

from placetypes import console
from placetypes.console import Text
from placetypes.errors import (
    PlacetypesError,
    disk_full,
    is_disk_full,
    of_older_version,
    one_line,
    redacted,
    was_interrupted,
)

INTERRUPTED = 130


def run_command(app: typer.Typer, arguments: list[str]) -> int:
    """Run a command; turn its errors into a sentence and an exit code."""
    debug = "--debug" in arguments
    if unreadable := [a for a in arguments if a.encode(errors="ignore").decode() != a]:
        return complain(
            f"{unreadable[0]!a} holds bytes that are no text (UTF-8): rename the "
            "file or the folder.",
            2,
        )
    try:
        code = app(arguments, standalone_mode=False) or 0
    except TyperException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader, such as head, has seen enough
    except (PlacetypesError, duckdb.Error, OSError) as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(sentence_of(error, arguments), 1)
    except Exception as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(
                f"{type(error).__name__}: {error}. This is a fault of the program or "
                "of an edited model, not of your data; --debug shows where.",
                1,
            )
    if code == INTERRUPTED:  # which Typer makes of Ctrl-C
        return complain(
            "Stopped. What is published stays as it was; the tables that were "
            "finished wait for the next run.",
            INTERRUPTED,
        )
    return code


def sentence_of(error: Exception, arguments: list[str]) -> str:
    """Return what is said of an error that isn't the program's fault."""
    if is_disk_full(error):
        return str(disk_full(getattr(error, "filename", None) or "the output folder"))
    if isinstance(error, duckdb.Error) and arguments[:1] != ["sql"]:
        return one_line(error) + of_older_version(error)
    return str(error)


def complain(sentence: str, code: int) -> int:
    """Print an error sentence and return the exit code."""
    console.errors.print(
        Text.assemble(("error: ", "bold red"), Text(redacted(sentence)))
    )
    return code
