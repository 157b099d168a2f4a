"""Figures of single areas: representative ones, and variables in classes."""

from typing import TYPE_CHECKING

from placetypes.colours import (
    FAINT,
    GRID,
    INK,
    NO_VALUE,
    ink_on,
)
from placetypes.report.drawing import new_figure, outlined, shortened, tidy
from placetypes.report.maps import AreaShapes, draw_areas
from placetypes.report.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCHEMES = {
    "quantile": "quantiles",
    "equal_interval": "equal intervals",
    "natural_breaks": "natural breaks",
}


def area_figures(result: Result) -> dict[str, "Figure"]:
    """Draw the representative areas and the mapped classes that are there."""
    figures = {}
    if result.levels and result.has("representative_areas"):  # else without colours
        table = result.tables["representative_areas"]
        figures["representative_areas"] = representative_areas(result)
        if result.shapes:
            figures["representative_map"] = representative_map(
                table, result.colours, result.shapes
            )
    if result.shapes and result.has("class_breaks", "map_classes"):
        mapped = mapped_variables(result)
        if len(mapped) > 1:
            figures["class_schemes"] = class_maps(result, *mapped[:2])
    return figures


def representative_map(
    table: "pd.DataFrame", colours: dict[str, str], shapes: AreaShapes
) -> "Figure":
    """Draw where the representative areas lie, over all areas."""
    figure = new_figure(9, 8.8 * shapes.height_to_width + 0.6, "Representative areas")
    axes = figure.subplots()
    areas = list(shapes.outlines)
    draw_areas(axes, shapes, areas, [GRID] * len(areas))
    for cluster, rank, area in table[["cluster", "rank", "area"]].itertuples(
        index=False
    ):
        if area not in shapes.outlines:
            continue
        box = shapes.outlines[area].get_extents()
        axes.annotate(
            f"{cluster}{rank}",
            ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2),
            ha="center",
            va="center",
            fontsize=7,
            color=ink_on(colours[cluster]),
            bbox={
                "boxstyle": "circle,pad=0.25",
                "facecolor": colours[cluster],
                "edgecolor": INK,
                "linewidth": 0.6,
            },
        )
    return figure


def representative_areas(result: Result) -> "Figure":
    """Draw how far the representative areas lie from their cluster's mean, by rank."""
    figure = new_figure(8, 5, "How typical the representative areas are")
    axes = figure.subplots()
    tidy(axes, "y")
    table = result.tables["representative_areas"]
    for name, group in table.groupby("cluster"):
        axes.plot(
            group["rank"],
            group["distance"],
            "o-",
            color=result.colours[name],
            label=shortened(result.called(name)),
            markeredgecolor=FAINT,
            path_effects=outlined(2.4),
        )
    axes.set_xticks(sorted(table["rank"].unique()))
    axes.set_xlabel("Rank within the cluster")
    axes.set_ylabel("Distance to the cluster's mean")
    axes.legend(
        title="Cluster", loc="center left", bbox_to_anchor=(1, 0.5), frameon=False
    )
    return figure


def class_maps(result: Result, target: str, predictor: str) -> "Figure":
    """Draw the target beside a predictor under the three class schemes."""
    height = 2 * (5.2 * result.shapes.height_to_width + 0.6) + 0.5
    figure = new_figure(
        13, height, f"{target}, and {predictor} under three class schemes"
    )
    grid = figure.subplots(2, 2)
    draw_classes(grid[0, 0], result, target, "quantile", target)
    for axes, (scheme, words) in zip(grid.flat[1:], SCHEMES.items(), strict=True):
        title = f"{predictor}, {words}"
        draw_classes(axes, result, predictor, scheme, title)
    return figure


def mapped_variables(result: Result) -> list[str]:
    """Return the mapped variables: the target first, then by importance."""
    variables = sorted(result.tables["class_breaks"]["variable"].unique())
    importance: dict[str, float] = {}
    if result.has("forest_importances"):
        table = result.tables["forest_importances"]
        whole = table[table["feature_set"] == "both"]
        importance = dict(zip(whole["feature"], whole["permutation"], strict=True))
    return sorted(
        variables,
        key=lambda name: (name != result.target, -importance.get(name, float("-inf"))),
    )


def draw_classes(
    axes: "Axes", result: Result, variable: str, scheme: str, title: str
) -> None:
    """Draw one variable's classes under one scheme, with a legend."""
    from matplotlib.patches import Patch

    breaks, classes = (
        table[(table["variable"] == variable) & (table["scheme"] == scheme)]
        for table in (result.tables["class_breaks"], result.tables["map_classes"])
    )
    palette = result.steps(variable, len(breaks))
    colours = dict(zip(breaks["class"], palette, strict=True))
    class_of = dict(zip(classes["area"], classes["class"], strict=True))
    areas = list(result.shapes.outlines)
    filled = [colours.get(class_of.get(area), NO_VALUE) for area in areas]
    draw_areas(axes, result.shapes, areas, filled)
    axes.set_title(title, fontsize=11, color=INK, loc="left")
    axes.legend(
        handles=[
            Patch(color=colours[number], label=label)
            for number, label in zip(breaks["class"], breaks["label"], strict=True)
        ],
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
        fontsize=8,
        handlelength=1.2,
    )
