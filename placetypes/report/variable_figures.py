"""Figures of variables: index scores, correlations, variance, histograms."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from placetypes.colours import (
    DIVERGING,
    INDEX_STEPS,
    INK,
    QUALITATIVE,
    ink_on,
)
from placetypes.report.drawing import new_figure, shortened, tidy
from placetypes.report.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR, LINE = QUALITATIVE[0], QUALITATIVE[6]
MOST_INDEX = 200  # the scale ends there; scores beyond it are written in their cells


def variable_figures(result: Result) -> dict[str, "Figure"]:
    """Draw what the tables of variables allow."""
    tables, figures = result.tables, {}
    variables = result.variables
    if result.has("index_scores"):
        scores = tables["index_scores"]
        for place, level in enumerate(result.levels):
            name = f"{level}_index_scores" if place else "index_scores"
            own = scores[scores["level"] == level]
            if len(own):
                figures[name] = index_heatmap(own, variables, result.called)
    if not result.has("variables"):
        return figures
    if result.has("correlations"):
        figures["correlations"] = correlation_matrix(variables, tables["correlations"])
    figures["variance"] = variance(variables)
    if result.has("histograms"):
        for stage in ("published", "scaled"):
            figures[f"histograms_{stage}"] = histograms(
                variables, tables["histograms"], stage, tables.get("file_histograms")
            )
    return figures


def index_heatmap(
    scores: "pd.DataFrame",
    variables: "pd.DataFrame",
    called: Callable[[str], str] = str,
) -> "Figure":
    """Draw a level's index scores by domain, 100 in the middle; lines part families."""
    from matplotlib.colors import LinearSegmentedColormap

    order = variables["variable"].tolist()
    clusters = list(dict.fromkeys(scores["cluster"]))
    wide = scores.pivot(index="variable", columns="cluster", values="index_score")
    matrix = wide.reindex(index=order, columns=clusters).to_numpy(dtype=float)
    labels = [shortened(name) for name in variables["variable_name"]]
    titles = [shortened(called(name)) for name in clusters]
    figure = new_figure(
        4.6 + 0.55 * len(clusters),
        1.6 + 0.2 * len(order) + 0.06 * max(map(len, titles)),
        "Index scores (region = 100)",
    )
    axes = figure.subplots()
    palette = LinearSegmentedColormap.from_list("index", INDEX_STEPS)
    image = axes.imshow(matrix, cmap=palette, vmin=0, vmax=MOST_INDEX, aspect="auto")
    write_scores(axes, matrix, lambda score: palette(score / MOST_INDEX))
    upright = max(map(len, titles)) <= 4
    axes.set_xticks(
        range(len(clusters)), titles, rotation=0 if upright else 90, fontsize=9
    )
    axes.set_yticks(range(len(order)), labels, fontsize=7.5)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    for place in borders([name.rstrip("0123456789") for name in clusters]):
        axes.axvline(place - 0.5, color=INK, linewidth=1.8)
    for place in borders(variables["domain"].fillna("").tolist()):
        axes.axhline(place - 0.5, color=INK, linewidth=0.8)
    scale = figure.colorbar(image, ax=axes, location="bottom", aspect=40, extend="max")
    scale.ax.tick_params(labelsize=8)
    return figure


def write_scores(
    axes: "Axes", matrix: np.ndarray, colour_of: Callable[[float], tuple]
) -> None:
    """Write each known index score into its cell."""
    from matplotlib.colors import to_hex

    for row, column in np.argwhere(np.isfinite(matrix)):
        score = matrix[row, column]
        ink = ink_on(to_hex(colour_of(score)))
        axes.text(
            column, row, f"{score:.0f}", ha="center", va="center", fontsize=7, color=ink
        )


def borders(values: list[str]) -> list[int]:
    """Return the places where a value differs from the one before it."""
    return [i for i in range(1, len(values)) if values[i] != values[i - 1]]


def correlation_matrix(variables: "pd.DataFrame", pairs: "pd.DataFrame") -> "Figure":
    """Draw the correlations of all pairs of variables."""
    place = {code: index for index, code in enumerate(variables["variable"])}
    matrix = np.eye(len(place))
    one, other = pairs["variable"].map(place), pairs["partner"].map(place)
    matrix[one, other] = matrix[other, one] = pairs["correlation"]
    side = 3 + 0.17 * len(place)
    figure = new_figure(side + 0.8, side, "Correlations of the scaled values")
    axes = figure.subplots()
    image = axes.imshow(matrix, cmap=DIVERGING, vmin=-1, vmax=1)
    names = [shortened(name) for name in variables["variable_name"]]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, shrink=0.5, label="Pearson's r")
    return figure


def variance(variables: "pd.DataFrame") -> "Figure":
    """Draw the variance of each variable's scaled values, the largest on top."""
    ordered = variables.sort_values("scaled_variance", ascending=False)
    figure = new_figure(9, 1.2 + 0.2 * len(ordered), "Variance of the scaled values")
    axes = figure.subplots()
    tidy(axes, "x")
    places = range(len(ordered))
    axes.barh(places, ordered["scaled_variance"], color=BAR)
    axes.set_yticks(places, [shortened(name) for name in ordered["variable_name"]])
    axes.tick_params(axis="y", labelsize=7.5)
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    return figure


def histograms(
    variables: "pd.DataFrame",
    all_bars: "pd.DataFrame",
    stage: str,
    others: "pd.DataFrame | None" = None,
) -> "Figure":
    """Draw each variable's histogram at one stage of the transform, in per cent.

    `others` are all areas of the file, drawn as a line over the published values.
    """
    bars = all_bars[all_bars["stage"] == stage]
    columns = 5
    rows = -(-len(variables) // columns)
    height = 1.2 + 1.25 * rows
    figure = new_figure(12, height, f"The variables, {stage}: per cent of areas")
    # Finding a layout for so many axes takes longer than all else.
    figure.set_layout_engine()
    figure.subplots_adjust(
        left=0.04,
        right=0.99,
        top=1 - 0.95 / height,
        bottom=0.5 / height,
        hspace=0.7,
        wspace=0.25,
    )
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, (code, name) in zip(
        grid.flat,
        variables[["variable", "variable_name"]].itertuples(index=False),
        strict=False,
    ):
        own = bars[bars["variable"] == code]
        axes.set_axis_on()
        tidy(axes, "y")
        width = (own["upper_bound"] - own["lower_bound"]).clip(lower=1e-9)
        share = 100 * own["areas"] / own["areas"].sum()
        axes.bar(own["lower_bound"], share, width=width, align="edge", color=BAR)
        if stage == "published" and others is not None:
            line = others[others["variable"] == code]
            middles = (line["lower_bound"] + line["upper_bound"]) / 2
            axes.plot(middles, line["share_of_file"], color=LINE, linewidth=1)
        axes.set_title(shortened(name, 40), fontsize=6.5, color=INK, loc="left")
        axes.tick_params(labelsize=6)
        axes.locator_params(nbins=4)
    return figure
