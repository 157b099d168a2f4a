"""Figures of the census job for papers and slides, from published tables only."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from placetypes.report.census_page import NEEDED, TABLES
from placetypes.report.cluster_figures import (
    category_map,
    clustergram_figure,
    likeness_figure,
)
from placetypes.report.colours import (
    BAND_COLOURS,
    BANDS,
    DEFAULT_SCHEME,
    DIVERGING,
    FAINT,
    INK,
    NO_VALUE,
    QUALITATIVE,
    SEQUENTIAL_STEPS,
    cluster_colours,
    subgroup_colours,
)
from placetypes.report.drawing import new_figure, save, tidy
from placetypes.report.maps import AreaShapes, draw_areas, read_shapes

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["NEEDED", "write_figures"]

BAR = QUALITATIVE[0]
BAND_EDGES = (80, 120, 200)


def write_figures(
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
    note: str = "",
    scheme: str = DEFAULT_SCHEME,
) -> list[Path]:
    """Write all figures; `note`, such as SYNTHETIC, stands below each."""
    tables = {name: connection.sql(query).df() for name, query in TABLES.items()}
    areas = connection.sql(
        "select * exclude (geometry) from census.classification order by area"
    ).df()
    shapes = read_shapes(connection, "census.classification")
    colours = {
        "supergroup": cluster_colours(areas["supergroup"], scheme),
        "subgroup": subgroup_colours(areas["subgroup"], scheme),
    }
    figures = {
        **cluster_figures(tables, areas, shapes, colours),
        **clustergrams(tables),
        "fit_map": fit_map(areas, shapes),
        "cluster_sizes": cluster_sizes(tables, colours["supergroup"]),
        "index_scores": index_heatmap(tables, ["index_scores"]),
        "subgroup_index_scores": index_heatmap(tables, ["subgroup_index_scores"]),
        "correlations": correlations(tables),
        "variance": variance(tables),
        "histograms_published": histograms(tables, "published"),
        "histograms_scaled": histograms(tables, "scaled"),
    }
    return [
        file
        for name, figure in figures.items()
        for file in save(figure, folder / name, note)
    ]


def cluster_figures(
    tables: dict[str, "pd.DataFrame"],
    areas: "pd.DataFrame",
    shapes: AreaShapes,
    colours: dict[str, dict[str, str]],
) -> dict[str, "Figure"]:
    """Draw the map and the map of likeness of both levels."""
    summaries = {
        "supergroup": tables["cluster_summary"],
        "subgroup": tables["subgroup_summary"],
    }
    figures = {}
    for level, summary in summaries.items():
        names = summary[level].tolist()
        ordered = {name: colours[level][name] for name in names}
        labels = {
            letter: f"{with_name(letter, name)}   {count:,} areas"
            for letter, name, count in zip(
                names, names_of(summary), summary["areas"], strict=True
            )
        }
        title = f"{len(names)} {level}s"
        figures[f"{level}_map"] = category_map(
            shapes, areas["area"], areas[level], ordered, labels, title
        )
        figures[f"{level}_umap"] = likeness_figure(
            areas, level, ordered, f"{title}: areas that are alike lie close (UMAP)"
        )
    return figures


def names_of(summary: "pd.DataFrame") -> list[str | None]:
    """Return the names of a summary's clusters, if they have been named."""
    if "name" not in summary:
        return [None] * len(summary)
    return [name if isinstance(name, str) else None for name in summary["name"]]


def with_name(letter: str, name: str | None) -> str:
    """Return a cluster's letter and its name where it has one."""
    return shortened(f"{letter} · {name}") if name else letter


def shortened(text: str, most: int = 50) -> str:
    """Cut a text that would leave a figure no room."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def clustergrams(tables: dict[str, "pd.DataFrame"]) -> dict[str, "Figure"]:
    """Draw the clustergram of all areas and that within each supergroup."""
    groups = tables["subgroup_summary"].groupby("supergroup").size()
    figures = {
        "clustergram": clustergram_figure(
            tables["clustergram"],
            tables["clustergram_flows"],
            tables["clustergram_scores"],
            len(tables["cluster_summary"]),
            "Clustergram of all areas",
        )
    }
    for letter, chosen in groups.items():
        within = [
            frame[frame["supergroup"] == letter]
            for frame in (
                tables["subgroup_clustergrams"],
                tables["subgroup_clustergram_flows"],
                tables["subgroup_clustergram_scores"],
            )
        ]
        figures[f"clustergram_{letter}"] = clustergram_figure(
            *within, int(chosen), f"Clustergram within supergroup {letter}"
        )
    return figures


def fit_map(areas: "pd.DataFrame", shapes: AreaShapes) -> "Figure":
    """Draw how well the areas fit their supergroup, in classes of equally many."""
    from matplotlib.patches import Patch

    fit = areas["fit"].to_numpy(dtype=float)
    known = fit[np.isfinite(fit)]
    tops = np.unique(np.quantile(known, np.linspace(0, 1, 8))[1:]) if len(known) else []
    classes = np.searchsorted(tops, fit)
    palette = [*SEQUENTIAL_STEPS[: len(tops)], NO_VALUE]
    figure = new_figure(9, 8.8 * shapes.height_to_width + 1.1, "Fit to the supergroup")
    axes = figure.subplots()
    draw_areas(
        axes,
        shapes,
        areas["area"],
        [palette[place] if place < len(tops) else NO_VALUE for place in classes],
    )
    lows = [known.min(), *tops[:-1]] if len(known) else []
    figure.legend(
        handles=[
            Patch(facecolor=colour, edgecolor=FAINT, label=f"{low:.2f} – {top:.2f}")
            for colour, low, top in zip(palette, lows, tops, strict=False)
        ],
        loc="outside lower left",
        ncols=4,
        frameon=False,
        fontsize=9,
        title="0 is on the border to the next supergroup",
        title_fontsize=9,
    )
    return figure


def cluster_sizes(
    tables: dict[str, "pd.DataFrame"], colours: dict[str, str]
) -> "Figure":
    """Draw each supergroup's share of the areas and of the residents."""
    summary = tables["cluster_summary"]
    figure = new_figure(9, 1.4 + 0.45 * len(summary), "Supergroups by size, per cent")
    for axes, column, name in zip(
        figure.subplots(1, 2, sharey=True),
        ("share_of_areas", "share_of_population"),
        ("Areas", "Residents"),
        strict=True,
    ):
        tidy(axes, "x")
        axes.barh(
            [
                with_name(letter, name)
                for letter, name in zip(
                    summary["supergroup"], names_of(summary), strict=True
                )
            ],
            summary[column],
            color=[colours[name] for name in summary["supergroup"]],
            edgecolor=FAINT,
            linewidth=0.6,
        )
        axes.set_title(name, fontsize=10, color=INK, loc="left")
    axes.invert_yaxis()
    return figure


def index_heatmap(tables: dict[str, "pd.DataFrame"], names: list[str]) -> "Figure":
    """Draw index scores in their bands, by domain, supergroups parted by a line."""
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    scores = tables[names[0]]
    order = tables["variables"]["variable"].tolist()
    clusters = list(dict.fromkeys(scores["cluster"]))
    wide = scores.pivot(index="variable", columns="cluster", values="index_score")
    matrix = wide.reindex(index=order, columns=clusters).to_numpy(dtype=float)
    labels = [shortened(name) for name in tables["variables"]["variable_name"]]
    figure = new_figure(
        4.6 + 0.55 * len(clusters),
        1.6 + 0.2 * len(order),
        "Index scores (region = 100)",
    )
    axes = figure.subplots()
    axes.imshow(
        matrix,
        cmap=ListedColormap(BAND_COLOURS),
        norm=BoundaryNorm([-1, *BAND_EDGES, np.inf], len(BAND_COLOURS)),
        aspect="auto",
    )
    for row, column in np.argwhere(np.isfinite(matrix)):
        score = matrix[row, column]
        ink = "white" if score >= BAND_EDGES[-1] else INK
        axes.text(
            column, row, f"{score:.0f}", ha="center", va="center", fontsize=7, color=ink
        )
    axes.set_xticks(range(len(clusters)), clusters)
    axes.set_yticks(range(len(order)), labels, fontsize=7.5)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    for place in borders([name.rstrip("0123456789") for name in clusters]):
        axes.axvline(place - 0.5, color=INK, linewidth=1.8)
    for place in borders(tables["variables"]["domain"].fillna("").tolist()):
        axes.axhline(place - 0.5, color=INK, linewidth=0.8)
    figure.legend(
        handles=[
            Patch(facecolor=colour, edgecolor=FAINT, label=band.replace("-", "–"))
            for band, colour in zip(BANDS, BAND_COLOURS, strict=True)
        ],
        loc="outside lower left",
        ncols=4,
        frameon=False,
        fontsize=8,
    )
    return figure


def borders(values: list[str]) -> list[int]:
    """Return the places where a value differs from the one before it."""
    return [i for i in range(1, len(values)) if values[i] != values[i - 1]]


def correlations(tables: dict[str, "pd.DataFrame"]) -> "Figure":
    """Draw the correlations of all pairs of variables."""
    variables = tables["variables"]
    place = {code: index for index, code in enumerate(variables["variable"])}
    matrix = np.eye(len(place))
    pairs = tables["correlations"]
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


def variance(tables: dict[str, "pd.DataFrame"]) -> "Figure":
    """Draw the variance of each variable's scaled values, the largest on top."""
    ordered = tables["variables"].sort_values("scaled_variance", ascending=False)
    figure = new_figure(9, 1.2 + 0.2 * len(ordered), "Variance of the scaled values")
    axes = figure.subplots()
    tidy(axes, "x")
    places = range(len(ordered))
    axes.barh(places, ordered["scaled_variance"], color=BAR)
    axes.set_yticks(places, [shortened(name) for name in ordered["variable_name"]])
    axes.tick_params(axis="y", labelsize=7.5)
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    return figure


def histograms(tables: dict[str, "pd.DataFrame"], stage: str) -> "Figure":
    """Draw each variable's histogram at one stage of the transform."""
    variables = tables["variables"]
    bars = tables["histograms"].query("stage == @stage")
    columns = 5
    rows = -(-len(variables) // columns)
    height = 0.8 + 1.25 * rows
    figure = new_figure(12, height, f"The variables, {stage}")
    # Finding a layout for so many axes takes longer than all else.
    figure.set_layout_engine()
    figure.subplots_adjust(
        left=0.04,
        right=0.99,
        top=1 - 0.75 / height,
        bottom=0.3 / height,
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
        axes.bar(own["lower_bound"], own["areas"], width=width, align="edge", color=BAR)
        axes.set_title(shortened(name, 40), fontsize=6.5, color=INK, loc="left")
        axes.tick_params(labelsize=6)
        axes.locator_params(nbins=4)
    return figure
