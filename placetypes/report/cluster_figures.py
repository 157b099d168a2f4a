"""Figures that both jobs have: cluster maps, the map of likeness, clustergrams."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from placetypes.report.colours import FAINT, INK, QUALITATIVE, darker
from placetypes.report.drawing import new_figure, tidy
from placetypes.report.maps import AreaShapes, draw_areas

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FLOW = QUALITATIVE[0]
CHOSEN = "#f0a30a"
SCORES = {
    "silhouette": "Silhouette (higher is better)",
    "calinski_harabasz": "Calinski–Harabasz (higher is better)",
    "davies_bouldin": "Davies–Bouldin (lower is better)",
}


def category_map(
    shapes: AreaShapes,
    areas: Sequence[str],
    values: Sequence[str],
    colours: dict[str, str],
    labels: dict[str, str],
    title: str,
) -> "Figure":
    """Draw the areas in the colours of their clusters, with a legend below."""
    from matplotlib.patches import Patch

    widest = max(map(len, labels.values()), default=1)
    columns = max(1, min(4, len(labels), 120 // widest))
    rows = -(-len(labels) // columns)
    height = 8.8 * shapes.height_to_width + 0.8 + 0.25 * rows
    figure = new_figure(9, height, title)
    axes = figure.subplots()
    draw_areas(axes, shapes, areas, [colours[value] for value in values])
    figure.legend(
        handles=[
            Patch(facecolor=colours[name], edgecolor=FAINT, label=label)
            for name, label in labels.items()
        ],
        loc="outside lower left",
        ncols=columns,
        frameon=False,
        fontsize=9,
    )
    return figure


def likeness_figure(
    points: "pd.DataFrame", column: str, colours: dict[str, str], title: str
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
            label=f"{name}   {len(members):,}",
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
            linewidth=max(0.4, 16 * areas / total),
            solid_capstyle="round",
            zorder=1,
        )
    axes.scatter(
        clusters["k"],
        clusters["component_mean"],
        s=12 + 250 * clusters["areas"] / total,
        color=FLOW,
        edgecolors="white",
        zorder=2,
    )
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
