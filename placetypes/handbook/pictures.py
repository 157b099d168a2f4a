"""The pictures of a handbook."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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


class Measure(NamedTuple):
    """What sets clusters apart: scores, and what the mean of all areas has."""

    scores: "pd.DataFrame"  # cluster, variable, variable_name, score
    middle: float
    meaning: str
    decimals: int

    def of(self, cluster: str) -> "pd.DataFrame":
        """Return a cluster's variables farthest above and below the middle."""
        own = self.scores[self.scores["cluster"] == cluster]
        ordered = own.dropna(subset="score").sort_values(
            ["score", "variable"], ascending=[False, True]
        )
        high = ordered[ordered["score"] > self.middle].head(MOST)
        low = ordered[ordered["score"] < self.middle].tail(MOST)
        return ordered.loc[[*high.index, *low.index]]


def bars(
    measure: Measure, cluster: str, colour: str, frame: Frame, folder: Path
) -> Path:
    """Draw a cluster's scores as bars from what the mean of all areas has."""
    scores, middle = measure.of(cluster), measure.middle
    figure = new_figure(8, 1 + 0.3 * len(scores), "")
    axes = figure.subplots()
    tidy(axes, "x")
    places = range(len(scores))
    values = scores["score"].to_numpy(dtype=float)
    axes.barh(places, values - middle, left=middle, color=colour, edgecolor=FAINT)
    axes.axvline(middle, color=FAINT, linewidth=1)
    axes.set_yticks(places, [shortened(n) for n in scores["variable_name"]])
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            f"{value:.{measure.decimals}f}",
            (value, place),
            (4 if value > middle else -4, 0),
            textcoords="offset points",
            ha="left" if value > middle else "right",
            va="center",
            fontsize=8,
        )
    axes.margins(x=0.12)
    axes.set_xlabel(measure.meaning)
    axes.invert_yaxis()
    return save(figure, folder / f"index_{cluster}", frame)[0]
