"""Pictures of the evidence for k and for the variables.

The job's schema is current while they are drawn.
"""

from typing import TYPE_CHECKING, NamedTuple

from placetypes.colours import FAINT, INK, QUALITATIVE
from placetypes.database import table_columns
from placetypes.report.cluster_figures import draw_clustergram
from placetypes.report.drawing import new_figure, tidy

if TYPE_CHECKING:
    import duckdb
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Panel(NamedTuple):
    """One measure of k: its column, its title, and what its error bars show."""

    column: str
    title: str
    spread: str = ""


PANELS = (
    Panel("inertia", "Inertia: look for the bend"),
    Panel("silhouette", "Silhouette: higher is better"),
    Panel("calinski_harabasz", "Calinski–Harabasz: higher is better"),
    Panel("davies_bouldin", "Davies–Bouldin: lower is better"),
    Panel("gap", "Gap statistic ± standard error", "gap_error"),
    Panel("stability", "Stability ± spread: 1 is the same again", "stability_spread"),
)


def k_evidence(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw the clustergram and beside it every measure by k, the chosen k marked."""
    table = connection.execute("from k_evidence order by k").df()
    chosen = chosen_k(connection)
    figure = new_figure(13, 9, "What speaks for which number of clusters")
    grid = figure.subplots(3, 3)
    draw_flows_by_k(grid[0, 0], connection)
    draw_sizes(grid[0, 1], table)
    grid[0, 2].set_axis_off()
    for axes, panel in zip(grid.flat[3:], PANELS, strict=True):
        axes.errorbar(
            table["k"],
            table[panel.column],
            yerr=table[panel.spread] if panel.spread else None,
            fmt="o-",
            color=QUALITATIVE[0],
            ecolor=FAINT,
            markersize=4,
        )
        axes.set_title(panel.title, fontsize=10, color=INK, loc="left")
    for axes in (grid[0, 0], grid[0, 1], *grid.flat[3:]):
        tidy(axes, "y")
        axes.set_xlabel("k", color=INK)
        if chosen:
            axes.axvline(chosen, color=FAINT, linewidth=0.8, linestyle="--")
    write_reading(grid[0, 2], connection)
    return figure


def chosen_k(connection: "duckdb.DuckDBPyConnection") -> int:
    """Return the number of clusters on the coarsest level, 0 where it isn't known."""
    columns = table_columns(connection, "cluster_summary")
    if not columns:
        return 0
    coarsest = "where parent is null" if "parent" in columns else ""
    query = f"select count(*) from cluster_summary {coarsest}"
    return connection.execute(query).fetchone()[0]


def draw_flows_by_k(axes: "Axes", connection: "duckdb.DuckDBPyConnection") -> None:
    """Draw the clustergram where there is one."""
    axes.set_title("Clustergram", fontsize=10, color=INK, loc="left")
    if table_columns(connection, "clustergram"):
        clusters, flows = (
            connection.sql(f"from {table}").df()
            for table in ("clustergram", "clustergram_flows")
        )
        draw_clustergram(axes, clusters, flows, scale=0.4)
        axes.set_ylabel("Mean first component", fontsize=9, color=INK)


def draw_sizes(axes: "Axes", table: object) -> None:
    """Draw the largest and the smallest cluster's share of the areas."""
    for column, colour in (
        ("largest_share", QUALITATIVE[1]),
        ("smallest_share", QUALITATIVE[2]),
    ):
        axes.plot(
            table["k"],
            table[column],
            "o-",
            color=colour,
            markersize=4,
            label=column.removesuffix("_share"),
        )
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=9)
    axes.set_title(
        "Per cent of the areas in a cluster", fontsize=10, color=INK, loc="left"
    )


def write_reading(axes: "Axes", connection: "duckdb.DuckDBPyConnection") -> None:
    """Write the advice in words."""
    from textwrap import fill

    if not table_columns(connection, "k_reading"):
        return
    sentences = connection.execute(
        "select text from k_reading order by line"
    ).fetchall()
    axes.text(
        0,
        1,
        "\n\n".join(fill(sentence, 62) for (sentence,) in sentences),
        va="top",
        fontsize=8.5,
        color=INK,
        transform=axes.transAxes,
    )


def variable_selection(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw for each variable what it moves, how it differs, and what it contributes."""
    table = connection.execute(
        "from variable_selection "
        "order by share_moved desc nulls last, contribution desc, variable"
    ).df()
    labels = [
        f"{row.variable_name[:48]} ({row.variable})"
        + ("" if row.kept_variable == row.variable else f" ≈ {row.kept_variable}")
        for row in table.itertuples()
    ]
    figure = new_figure(
        13, 2 + 0.19 * len(table), "What the classification owes each variable"
    )
    panels = [
        ("share_moved", "Areas that move without it, %"),
        ("separated_share", "Share of it between supergroups"),
        ("contribution", "Contribution to the components, %"),
        ("lost_share", "Share that an autoencoder loses"),
    ]
    for axes, (column, title) in zip(
        figure.subplots(1, len(panels), sharey=True), panels, strict=True
    ):
        axes.barh(labels, table[column], color=QUALITATIVE[0], height=0.7)
        axes.set_title(title, fontsize=9, color=INK, loc="left")
        axes.set_ylim(len(table) - 0.4, -0.6)
        tidy(axes, "x")
        axes.tick_params(axis="y", labelsize=8)
        if column == "contribution":
            # Beyond this line PCA proposes the variable.
            axes.axvline(100 / len(table), color=INK, linewidth=0.8, linestyle="--")
    return figure


DRAWN = {"k_evidence": k_evidence, "variable_selection": variable_selection}
