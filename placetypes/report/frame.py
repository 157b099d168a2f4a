"""What stands around every figure: which classification, whose data, which page."""

from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from placetypes.colours import DEFAULT_RAMP, DEFAULT_SCHEME, FAINT, INK
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
BESIDE = "beside"  # marks legends that stand there
LETTERS_PER_INCH = 15  # of small print


class Look(NamedTuple):
    """What parameters say of how figures look."""

    scheme: str = DEFAULT_SCHEME
    ramp: str = DEFAULT_RAMP
    page: str = FITTED
    credit: str = ""  # empty for what job.yml says of the job's inputs

    def size(self, width: float, height: float) -> tuple[float, float]:
        """Return the size of a map, which fills whatever page there is."""
        return PAGES.get(self.page, (width, height))

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
    shrunk = fit_to_page(figure, frame.page)
    width, height = figure.get_size_inches()
    letters = int(width * LETTERS_PER_INCH)
    top = write_above(figure, fill(frame.above, letters)) / height
    lines = [fill(line, letters) for line in frame.below.splitlines()]
    bottom = write_below(figure, "\n".join(lines)) / height
    right, low = 1.0, bottom
    for legend in figure.legends:
        box = (0.01, bottom, 0.98, 1 - bottom - top)
        legend.set_bbox_to_anchor(box, transform=figure.transFigure)
        extent = legend.get_window_extent(figure.canvas.get_renderer())
        if legend.get_gid() == BESIDE:
            right = 1 - extent.width / figure.bbox.width
        else:
            low = bottom + (extent.height + 10) / figure.bbox.height
    if figure.get_layout_engine():
        figure.get_layout_engine().set(rect=(0, low, right, 1 - low))
    return shrunk


def fit_to_page(figure: "Figure", name: str) -> float:
    """Give a figure its page's shape; return by how much it is larger than the page."""
    if name not in PAGES:
        return 1.0
    page, size = PAGES[name], figure.get_size_inches()
    shrunk = max(size[0] / page[0], size[1] / page[1], 1.0)
    figure.set_size_inches(page[0] * shrunk, page[1] * shrunk)
    return shrunk


def write_above(figure: "Figure", lines: str) -> float:
    """Write lines below the title; return the inches that both take."""
    title, height = figure.get_suptitle(), figure.get_size_inches()[1]
    if not (title and lines):
        return 0.5
    # The layout makes room for a title: for its empty lines too.
    room = "\n" * (lines.count("\n") + 1)
    where = {} if figure.get_layout_engine() else {"y": 1 - 0.1 / height}
    figure.suptitle(title + room, fontsize=13, color=INK, x=0.02, ha="left", **where)
    figure.text(0.02, 1 - 0.35 / height, lines, va="top", fontsize=9, color=FAINT)
    return 0.4 + 0.23 * len(room)


def write_below(figure: "Figure", lines: str) -> float:
    """Write lines at the foot; return the inches that they take."""
    if not lines:
        return 0.0
    height = figure.get_size_inches()[1]
    figure.text(
        *(0.99, 0.08 / height, lines), ha="right", va="bottom", fontsize=8, color=FAINT
    )
    return 0.14 + 0.14 * len(lines.splitlines())
