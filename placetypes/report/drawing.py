"""What all figures share: an empty figure, plain axes, and how they are saved."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from placetypes.colours import FAINT, GRID, INK
from placetypes.report.frame import BESIDE, Frame, put_into

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 300
# zlib's default takes three times as long for files a tenth smaller.
QUICK_PNG = {"pil_kwargs": {"compress_level": 4}}
SVG_SETTINGS = {
    "svg.fonttype": "none",  # letters stay letters, which can be edited and searched
    "svg.hashsalt": "placetypes",  # the same figure gives the same file
}


def new_figure(width: float, height: float, title: str) -> "Figure":
    """Return an empty figure; made without pyplot, so no window and no global state."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # What users name may hold dollars, which aren't mathematics. Whatever text a figure
    # gets asks for this.
    mpl.rcParams["text.parse_math"] = False
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    figure.suptitle(title, fontsize=13, color=INK, x=0.02, ha="left")
    return figure


def tidy(axes: "Axes", grid: str) -> None:
    """Leave of the frame only what helps to read."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(axis=grid, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def outlined(width: float) -> list[object]:
    """Return an outline for lines of a pale colour, which paper would swallow."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width, foreground=FAINT), Normal()]


def legend_of(
    figure: "Figure",
    handles: list[object],
    columns: int,
    fontsize: int = 9,
    *,
    beside: bool = False,
    **more: Any,
) -> None:
    """Write a legend below all else, or in one column beside it."""
    legend = figure.legend(
        handles=handles,
        loc="outside right upper" if beside else "outside lower left",
        ncols=1 if beside else columns,
        frameon=False,
        fontsize=fontsize,
        **more,
    )
    if beside:
        legend.set_gid(BESIDE)


def shortened(text: str, most: int = 50) -> str:
    """Cut a text that would leave a figure no room."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def save(figure: "Figure", path: Path, frame: Frame) -> list[Path]:
    """Write a figure as PNG and SVG beside each other, and return both files."""
    import matplotlib as mpl

    dots = DOTS_PER_INCH / put_into(figure, frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [path.with_suffix(".png"), path.with_suffix(".svg")]
    figure.savefig(files[0], dpi=dots, facecolor="white", **QUICK_PNG)
    figure.set_layout_engine("none")  # it is laid out, and stays so
    with mpl.rc_context(SVG_SETTINGS):
        figure.savefig(files[1], facecolor="white", metadata={"Date": None})
    return files
