"""The pictures of a handbook."""

from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.colours import FAINT, GRID
from placetypes.report.cluster_figures import level_figures
from placetypes.report.drawing import new_figure, save, shortened, tidy
from placetypes.report.frame import Frame
from placetypes.report.maps import draw_areas
from placetypes.report.result import Result

if TYPE_CHECKING:
    import pandas as pd

MOST = 8  # variables above and below the mean


def overview(result: Result, level: str, frame: Frame, folder: Path) -> Path:
    """Draw the map of all clusters of a level."""
    figure = level_figures(result, level)[f"{level}_map"]
    return save(figure, folder / "overview", frame)[0]


def where_it_is(
    result: Result, level: str, cluster: str, frame: Frame, folder: Path
) -> Path:
    """Draw where one cluster's areas are, among all areas."""
    shapes, areas = result.shapes, result.areas
    figure = new_figure(7, 6.6 * shapes.height_to_width + 0.4, "")
    own = result.colours[cluster]
    colours = [own if value == cluster else GRID for value in areas[level]]
    draw_areas(figure.subplots(), shapes, areas["area"], colours)
    return save(figure, folder / f"map_{cluster}", frame)[0]


def set_apart(scores: "pd.DataFrame") -> "pd.DataFrame":
    """Return the variables whose index is farthest above and below 100, high to low."""
    ordered = scores.dropna(subset="index_score").sort_values(
        ["index_score", "variable"], ascending=[False, True]
    )
    high = ordered[ordered["index_score"] > 100].head(MOST)
    low = ordered[ordered["index_score"] < 100].tail(MOST)
    return ordered.loc[[*high.index, *low.index]]


def index_bars(
    scores: "pd.DataFrame", colour: str, name: str, frame: Frame, folder: Path
) -> Path:
    """Draw the index scores of a cluster as bars from 100."""
    figure = new_figure(8, 1 + 0.3 * len(scores), "")
    axes = figure.subplots()
    tidy(axes, "x")
    places = range(len(scores))
    values = scores["index_score"].to_numpy(dtype=float)
    axes.barh(places, values - 100, left=100, color=colour, edgecolor=FAINT)
    axes.axvline(100, color=FAINT, linewidth=1)
    axes.set_yticks(places, [shortened(n) for n in scores["variable_name"]])
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            f"{value:.0f}",
            (value, place),
            (4 if value > 100 else -4, 0),
            textcoords="offset points",
            ha="left" if value > 100 else "right",
            va="center",
            fontsize=8,
        )
    axes.margins(x=0.12)
    axes.set_xlabel("Index score (100 is the mean of all areas)")
    axes.invert_yaxis()
    return save(figure, folder / f"index_{name}", frame)[0]
