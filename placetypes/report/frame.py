"""What stands around every figure: which classification, whose data, which page."""

from typing import TYPE_CHECKING, NamedTuple

from placetypes.colours import DEFAULT_RAMP, DEFAULT_SCHEME
from placetypes.database import table_columns
from placetypes.job import Job
from placetypes.report.result import parameters_of

if TYPE_CHECKING:
    import duckdb
    from matplotlib.figure import Figure

    from placetypes.parameters import Parameters

SYNTHETIC = "SYNTHETIC demo data: every figure is invented"
FITTED = "fitted"
# Inches: a figure that needs more than its page has gets a larger one of its shape.
PAGES = {
    "a4_portrait": (8.27, 11.69),
    "a4_landscape": (11.69, 8.27),
    "screen_16_9": (13.33, 7.5),
}
LETTERS_PER_INCH = 15  # of small print


class Look(NamedTuple):
    """What parameters say of how figures look."""

    scheme: str = DEFAULT_SCHEME
    ramp: str = DEFAULT_RAMP
    page: str = FITTED
    credit: str = ""  # empty for what job.yml says of the job's inputs

    @property
    def is_wide(self) -> bool:
        """Tell whether there is more room beside a map than below it."""
        return self.page in ("a4_landscape", "screen_16_9")


class Frame(NamedTuple):
    """The lines above and below a figure, and the page that it is for."""

    above: str = ""
    below: str = ""
    page: str = FITTED


def look_of(parameters: "Parameters") -> Look:
    """Return what the parameters say of how figures look."""
    names = ("colours", "ramp", "figure_format", "credit")
    return Look(*(parameters[f"pipeline.{name}"].value for name in names))


def read_frame(
    connection: "duckdb.DuckDBPyConnection", job: Job, look: Look, *, synthetic: bool
) -> Frame:
    """Return the frame of the figures of a job's published result."""
    day = run_day(connection)
    above = title_of(connection, job) + (f" · {day:%-d %B %Y}" if day else "")
    said = (job.release or {}).get("credit", "")
    credit = said.format(year=day.year) if day else said.partition(" {year}")[0]
    # What is invented comes from nobody, unless somebody says so.
    below = [SYNTHETIC if synthetic else "", look.credit or credit * (not synthetic)]
    return Frame(above, "\n".join(filter(None, below)), look.page)


def title_of(connection: "duckdb.DuckDBPyConnection", job: Job) -> str:
    """Return what a result is called: as job.yml says, with the run's parameters."""
    values = parameters_of(connection, job)
    title = (job.release or {}).get("title")
    if not title or not values:
        return job.title
    named_by = (job.page or {}).get("named_by")
    if values.get(named_by) == "all":
        values[named_by] = "all areas"
    return title.format_map(values)


def run_day(connection: "duckdb.DuckDBPyConnection") -> "object | None":
    """Return the day of the latest run."""
    if not table_columns(connection, "meta.runs"):
        return None
    query = "select max(started)::timestamp::date from meta.runs"
    return connection.execute(query).fetchone()[0]


def put_into(figure: "Figure", frame: Frame) -> float:
    """Write the lines around a figure and fit it to its page.

    Returns by how much the page must be made smaller in print.
    """
    from textwrap import fill

    from placetypes.colours import FAINT, INK

    width, height = figure.get_size_inches()
    shrunk = 1.0
    if frame.page in PAGES:
        page = PAGES[frame.page]
        shrunk = max(width / page[0], height / page[1], 1.0)
        width, height = page[0] * shrunk, page[1] * shrunk
        figure.set_size_inches(width, height)
    letters = int(width * LETTERS_PER_INCH)
    if frame.above and figure.get_suptitle():
        lines = fill(frame.above, letters)
        # The layout makes room for a title: for its empty lines too.
        room = "\n" * (lines.count("\n") + 1)
        figure.suptitle(
            figure.get_suptitle() + room, fontsize=13, color=INK, x=0.02, ha="left"
        )
        top = 1 - (0.1 + 13 * 1.3 / 72) / height
        figure.text(0.02, top, lines, va="top", fontsize=9, color=FAINT)
    if frame.below:
        below = "\n".join(fill(line, letters) for line in frame.below.split("\n"))
        figure.supxlabel(below, x=0.99, ha="right", fontsize=8, color=FAINT)
    return shrunk
