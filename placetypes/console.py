"""What a person sees in the terminal: progress, tables, sentences."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text as RichText

from placetypes.errors import visible

# Without a terminal (a pipe, a log, a test) lines are as long as they need to be.
WIDTH = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160

output = Console(width=WIDTH, highlight=False)
errors = Console(stderr=True, width=WIDTH, highlight=False, soft_wrap=True)


class Text(RichText):
    """A text of which nothing is markup, and no character moves the cursor.

    All that is printed is one, since names and codes come from others' files.
    """

    def __init__(self, text: str = "", *styles: Any, **options: Any) -> None:
        super().__init__(visible(text), *styles, **options)


def progress_bar() -> Progress:
    """Return a bar that shows where a person watches, and is gone afterwards."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )


class Reporter:
    """What a run tells while it works: this one passes on sentences and no more."""

    def message(self, text: str) -> None:
        """Print a sentence."""
        errors.print(Text(text))

    def start(self, models: list[str]) -> None:
        """Take note of which models will be built."""

    def building(self, models: str) -> None:
        """Take note of which models are being built."""

    def built(self, model: str, rows: int, seconds: float) -> None:
        """Take note that a model is built."""


class ProgressReporter(Reporter):
    """Show a bar where a person watches, and a line for each model that is built."""

    def __init__(self) -> None:
        self.progress = progress_bar()
        self.task = self.progress.add_task("", total=None)
        self.width = 0

    def start(self, models: list[str]) -> None:
        """Show the bar with the number of models."""
        self.width = max(map(len, models), default=0)
        self.progress.update(self.task, total=len(models))
        self.progress.start()

    def building(self, models: str) -> None:
        """Name what is being done."""
        self.progress.update(self.task, description=models)

    def built(self, model: str, rows: int, seconds: float) -> None:
        """Print the model's rows and seconds."""
        errors.print(Text(f"{model:<{self.width}} {rows:>12,} rows {seconds:>8.2f} s"))
        self.progress.advance(self.task)

    def stop(self) -> None:
        """Take the bar away."""
        self.progress.stop()


def say(words: str, style: str = "") -> None:
    """Print a sentence; nothing in it is taken for markup."""
    output.print(Text(words, style=style))


def print_table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows as a table; user text is never taken for markup."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    materialised = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = all(
            row[index] is None or isinstance(row[index], int | float)
            for row in materialised
        )
        table.add_column(Text(column), justify="right" if numeric else "left")
    for row in materialised:
        table.add_row(*[Text(cell(value)) for value in row])
    output.print(table)


def cell(value: Any) -> str:
    """Write one value so that it can be read: short numbers, no bytes."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}" if abs(value) < 1e15 else f"{value:.3e}"
        case bytes():
            return f"({len(value):,} bytes)"
        case dict() | list():
            return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)
