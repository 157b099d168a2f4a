"""Figures of clusters: maps, the map of likeness, sizes, clustergrams."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from placetypes.colours import (
    FAINT,
    INK,
    NO_VALUE,
    QUALITATIVE,
    darker,
)
from placetypes.report.drawing import legend_of, new_figure, shortened, tidy
from placetypes.report.maps import AreaShapes, draw_areas
from placetypes.report.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from placetypes.report.frame import Look

FLOW = QUALITATIVE[0]
CHOSEN = "#f0a30a"
SCORES = {
    "silhouette": "Silhouette (higher is better)",
    "calinski_harabasz": "Calinski–Harabasz (higher is better)",
    "davies_bouldin": "Davies–Bouldin (lower is better)",
}


def cluster_figures(result: Result) -> dict[str, "Figure"]:
    """Draw what is known of the clusters: of each level, and within its clusters."""
    figures = clustergrams(result)
    coarsest = next(iter(result.levels), "")
    summary = result.tables.get("cluster_summary", {})
    if coarsest and "share_of_population" in summary:
        figures["cluster_sizes"] = cluster_sizes(result, coarsest)
    if result.areas is None:
        return figures
    for level in result.levels:
        figures |= level_figures(result, level)
    if coarsest and "fit" in result.areas:
        figures["fit_map"] = fit_map(result, coarsest)
    return figures


def level_figures(result: Result, level: str) -> dict[str, "Figure"]:
    """Draw the map and the map of likeness of a level's clusters."""
    areas, summary = result.areas, result.summary(level)
    ordered = {cluster: result.colours[cluster] for cluster in summary["cluster"]}
    counts = zip(summary["cluster"], summary["areas"], strict=True)
    labels = {
        cluster: f"{shortened(result.called(cluster))}   {count:,} areas"
        for cluster, count in counts
    }
    title = f"{len(ordered)} {level}s"
    figures = {
        f"{level}_map": category_map(
            result.shapes,
            areas["area"],
            areas[level],
            ordered,
            labels,
            title,
            result.look,
        )
    }
    if "umap_x" in areas:
        name = f"{level}_umap" if len(result.levels) > 1 else "umap"
        figures[name] = likeness_figure(
            areas,
            level,
            ordered,
            labels,
            f"{title}: areas that are alike lie close (UMAP)",
        )
    return figures


def clustergrams(result: Result) -> dict[str, "Figure"]:
    """Draw the clustergram of all areas, and those within clusters split further."""
    tables, figures = result.tables, {}
    kinds = ("clustergram", "clustergram_flows", "clustergram_scores")
    if result.has(*kinds):
        chosen = len(next(iter(result.levels.values()), []))
        is_split = any(level.parent for level in result.job.levels)
        title = "Clustergram of all areas" if is_split else "Clustergram"
        figures["clustergram"] = clustergram_figure(
            *(tables[kind] for kind in kinds), chosen, title
        )
    for level in result.job.levels:
        within = [f"{level.name}_{kind}" for kind in ("clustergrams", *kinds[1:])]
        if level.name not in result.levels or not result.has(*within):
            continue
        sizes = result.summary(level.name).groupby("parent").size()
        for letter, chosen in sizes.items():
            frames = [tables[kind] for kind in within]
            # The first column of each is the parent.
            own = [frame[frame.iloc[:, 0] == letter] for frame in frames]
            title = f"Clustergram within {level.parent} {result.called(letter)}"
            figures[f"clustergram_{letter}"] = clustergram_figure(
                *own, int(chosen), title
            )
    return figures


def category_map(
    shapes: AreaShapes,
    areas: Sequence[str],
    values: Sequence[str],
    colours: dict[str, str],
    labels: dict[str, str],
    title: str,
    look: "Look",
) -> "Figure":
    """Draw the areas in the colours of their clusters, with a legend."""
    from matplotlib.patches import Patch

    widest = max(map(len, labels.values()), default=1)
    columns = max(1, min(4, len(labels), 120 // widest))
    rows = -(-len(labels) // columns)
    height = 8.8 * shapes.height_to_width + 0.8 + 0.25 * rows
    figure = new_figure(*look.size(9, height), title)
    axes = figure.subplots()
    draw_areas(axes, shapes, areas, [colours[value] for value in values])
    handles = [
        Patch(facecolor=colours[name], edgecolor=FAINT, label=label)
        for name, label in labels.items()
    ]
    legend_of(figure, handles, columns, beside=look.is_wide)
    return figure


def fit_map(result: Result, level: str) -> "Figure":
    """Draw how well the areas fit their cluster, in classes of equally many."""
    from matplotlib.patches import Patch

    areas, shapes = result.areas, result.shapes
    fit = areas["fit"].to_numpy(dtype=float)
    known = fit[np.isfinite(fit)]
    tops = np.unique(np.quantile(known, np.linspace(0, 1, 8))[1:]) if len(known) else []
    classes = np.searchsorted(tops, fit)
    palette = [*result.steps("fit", len(tops)), NO_VALUE]
    size = result.look.size(9, 8.8 * shapes.height_to_width + 1.1)
    figure = new_figure(*size, f"Fit to the {level}")
    axes = figure.subplots()
    draw_areas(
        axes,
        shapes,
        areas["area"],
        [palette[place] if place < len(tops) else NO_VALUE for place in classes],
    )
    lows = [known.min(), *tops[:-1]] if len(known) else []
    handles = [
        Patch(facecolor=colour, edgecolor=FAINT, label=f"{low:.2f} – {top:.2f}")
        for colour, low, top in zip(palette, lows, tops, strict=False)
    ]
    legend_of(
        figure,
        handles,
        columns=4,
        beside=result.look.is_wide,
        title=f"0 is on the border to the next {level}",
        title_fontsize=9,
    )
    return figure


def cluster_sizes(result: Result, level: str) -> "Figure":
    """Draw each cluster's share of the areas and of the residents."""
    summary = result.summary(level)
    figure = new_figure(
        9, 1.4 + 0.45 * len(summary), f"{level.capitalize()}s by size, per cent"
    )
    for axes, column, name in zip(
        figure.subplots(1, 2, sharey=True),
        ("share_of_areas", "share_of_population"),
        ("Areas", "Residents"),
        strict=True,
    ):
        tidy(axes, "x")
        axes.barh(
            [shortened(result.called(letter)) for letter in summary["cluster"]],
            summary[column],
            color=[result.colours[letter] for letter in summary["cluster"]],
            edgecolor=FAINT,
            linewidth=0.6,
        )
        axes.set_title(name, fontsize=10, color=INK, loc="left")
    axes.invert_yaxis()
    return figure


def likeness_figure(
    points: "pd.DataFrame",
    column: str,
    colours: dict[str, str],
    labels: dict[str, str],
    title: str,
) -> "Figure":
    """Draw the UMAP places of the areas in the colours of their clusters."""
    figure = new_figure(8, 6.5, title)
    axes = figure.subplots()
    size = 9 if len(points) < 10_000 else 3
    for name, colour in colours.items():
        members = points[points[column] == name]
        axes.scatter(
            members["umap_x"],
            members["umap_y"],
            s=size,
            color=colour,
            edgecolors=darker(colour, 0.3),
            linewidths=0.2,
            label=labels[name],
        )
    axes.set_aspect("equal", "datalim")
    axes.set_axis_off()
    axes.legend(
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
        fontsize=9,
        markerscale=2 if size > 3 else 4,
    )
    return figure


def clustergram_figure(
    clusters: "pd.DataFrame",
    flows: "pd.DataFrame",
    scores: "pd.DataFrame",
    chosen: int,
    title: str,
) -> "Figure":
    """Draw a clustergram with its three quality scores beside it; `chosen` k marked."""
    figure = new_figure(12, 6.5, title)
    grid = figure.add_gridspec(3, 2, width_ratios=[2.3, 1])
    axes = figure.add_subplot(grid[:, 0])
    tidy(axes, "y")
    axes.axvspan(chosen - 0.25, chosen + 0.25, color=CHOSEN, alpha=0.2, linewidth=0)
    draw_clustergram(axes, clusters, flows)
    axes.set_xticks(sorted(clusters["k"].unique()))
    axes.set_xlabel("Number of clusters (k)")
    axes.set_ylabel("Mean on the first principal component")
    for row, (column, name) in enumerate(SCORES.items()):
        small = figure.add_subplot(grid[row, 1])
        tidy(small, "y")
        small.plot(scores["k"], scores[column], "o-", color=FLOW, markersize=4)
        marked = scores[scores["k"] == chosen]
        small.plot(marked["k"], marked[column], "o", color=CHOSEN, markersize=8)
        small.set_xticks(scores["k"])
        small.set_title(name, fontsize=9, color=INK, loc="left")
    return figure


def draw_clustergram(
    axes: "Axes", clusters: "pd.DataFrame", flows: "pd.DataFrame", scale: float = 1
) -> None:
    """Draw each k's clusters by their mean component, joined by the areas they share.

    Source: Schonlau (2002), The clustergram, The Stata Journal 2(4).
    """
    total = clusters.loc[clusters["k"] == clusters["k"].min(), "areas"].sum()
    means = clusters.set_index(["k", "cluster"])["component_mean"]
    for k, cluster, following, areas in flows[
        ["k", "cluster", "next_cluster", "areas"]
    ].itertuples(index=False):
        axes.plot(
            [k, k + 1],
            [means[k, cluster], means[k + 1, following]],
            color=FLOW,
            alpha=0.4,
            linewidth=max(0.4, 16 * areas / total) * scale,
            solid_capstyle="round",
            zorder=1,
        )
    axes.scatter(
        clusters["k"],
        clusters["component_mean"],
        s=(12 + 250 * clusters["areas"] / total) * scale,
        color=FLOW,
        edgecolors="white",
        zorder=2,
    )
