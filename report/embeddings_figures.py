"""Pictures of the embeddings job: one PNG for each, from published tables only."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from report.colours import (
    FAINT,
    GRID,
    INK,
    NO_VALUE,
    QUALITATIVE,
    SEQUENTIAL,
    cluster_colours,
)
from report.maps import AreaShapes, draw_areas, read_shapes

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 200
SCHEMES = {
    "quantile": "quantiles",
    "equal_interval": "equal intervals",
    "natural_breaks": "natural breaks",
}
FEATURE_SETS = {
    "socioeconomic": "Predictors alone",
    "embeddings": "Embeddings alone",
    "both": "Both together",
}
VALIDATIONS = {"single_split": "single split", "blocked": "unseen blocks"}
TOP = 15  # importances shown


def write_figures(
    connection: "duckdb.DuckDBPyConnection", folder: Path, note: str = ""
) -> list[Path]:
    """Write all figures as PNG; `note`, such as SYNTHETIC, stands below each."""
    shapes = read_shapes(connection, "embeddings.classification")
    figures = {
        "cluster_map": cluster_map(connection, shapes),
        "representative_areas": representative_areas(connection),
        "confusion": confusion(connection),
        **{
            f"importances_{feature_set}": importances(connection, feature_set)
            for feature_set in FEATURE_SETS
        },
    }
    maps = class_maps(connection, shapes)
    if maps is not None:
        figures["class_schemes"] = maps
    folder.mkdir(parents=True, exist_ok=True)
    return [
        save(figure, folder / f"{name}.png", note) for name, figure in figures.items()
    ]


def save(figure: "Figure", path: Path, note: str) -> Path:
    """Write a figure and let go of it."""
    if note:
        figure.text(0.99, 0.005, note, ha="right", va="bottom", fontsize=8, color=FAINT)
    figure.savefig(path, dpi=DOTS_PER_INCH, facecolor="white")
    return path


def new_figure(width: float, height: float, title: str) -> "Figure":
    """Return an empty figure; made without pyplot, so no window and no global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

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


def cluster_map(
    connection: "duckdb.DuckDBPyConnection", shapes: AreaShapes
) -> "Figure":
    """Draw the areas in the colours of their clusters."""
    from matplotlib.patches import Patch

    members = connection.execute(
        "select area, cluster from embeddings.classification order by area"
    ).df()
    summary = connection.execute(
        "select cluster, areas from embeddings.cluster_summary order by cluster"
    ).fetchall()
    colours = cluster_colours(members["cluster"])
    height = 8.8 * shapes.height_to_width + 1.1
    figure = new_figure(9, height, f"{len(summary)} kinds of place by their embeddings")
    axes = figure.subplots()
    draw_areas(
        axes, shapes, members["area"], [colours[name] for name in members["cluster"]]
    )
    figure.legend(
        handles=[
            Patch(color=colours[name], label=f"{name}   {areas:,} areas")
            for name, areas in summary
        ],
        loc="outside lower center",
        ncols=min(4, len(summary)),
        frameon=False,
        fontsize=9,
    )
    return figure


def representative_areas(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw how far the representative areas lie from their cluster's mean, by rank."""
    table = connection.execute(
        "select * from embeddings.representative_areas order by cluster, rank"
    ).df()
    colours = cluster_colours(table["cluster"])
    figure = new_figure(8, 5, "How typical the representative areas are")
    axes = figure.subplots()
    tidy(axes, "y")
    for name, group in table.groupby("cluster"):
        axes.plot(
            group["rank"], group["distance"], "o-", color=colours[name], label=name
        )
    axes.set_xticks(sorted(table["rank"].unique()))
    axes.set_xlabel("Rank within the cluster")
    axes.set_ylabel("Distance to the cluster's mean")
    axes.legend(
        title="Cluster", loc="center left", bbox_to_anchor=(1, 0.5), frameon=False
    )
    return figure


def importances(connection: "duckdb.DuckDBPyConnection", feature_set: str) -> "Figure":
    """Draw a feature set's most important features, by impurity and permutation."""
    table = connection.execute(
        "select * from embeddings.forest_importances where feature_set = $1",
        [feature_set],
    ).df()
    shown = min(TOP, len(table))
    figure = new_figure(
        11,
        1.8 + 0.28 * shown,
        f"{FEATURE_SETS[feature_set]}: what the forest owes its features",
    )
    left, right = figure.subplots(1, 2)
    draw_bars(left, table.nsmallest(TOP, "impurity_rank"), "impurity")
    draw_bars(right, table.nsmallest(TOP, "permutation_rank"), "permutation")
    left.set_xlabel("Share of the fall in Gini impurity (training)")
    right.set_xlabel("Fall in accuracy when shuffled (test)")
    return figure


def draw_bars(axes: "Axes", table: "pd.DataFrame", measure: str) -> None:
    """Draw one bar for each feature, the most important on top."""
    spread = table.get(f"{measure}_spread")
    axes.barh(
        table["feature"],
        table[measure],
        xerr=spread,
        color=QUALITATIVE[0],
        ecolor=FAINT,
        height=0.7,
    )
    axes.invert_yaxis()
    tidy(axes, "x")


def confusion(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw the confusion matrices of all feature sets under both validations."""
    table = connection.execute("from embeddings.forest_confusion").df()
    scores = connection.execute(
        "select feature_set, validation, accuracy from embeddings.forest_scores"
    ).fetchall()
    accuracy = {(name, validation): value for name, validation, value in scores}
    figure = new_figure(
        12, 8.6, f"{target_name(connection)}: predicted for each actual class, per cent"
    )
    grid = figure.subplots(2, 3, sharex=True, sharey=True)
    for row, (validation, words) in zip(grid, VALIDATIONS.items(), strict=True):
        for axes, (feature_set, title) in zip(row, FEATURE_SETS.items(), strict=True):
            chosen = table[
                (table["feature_set"] == feature_set)
                & (table["validation"] == validation)
            ]
            draw_matrix(axes, chosen)
            axes.set_title(
                f"{title}, {words}: accuracy {accuracy[feature_set, validation]:.2f}",
                fontsize=10,
                color=INK,
            )
    for axes in grid[1]:
        axes.set_xlabel("Predicted")
    for axes in grid[:, 0]:
        axes.set_ylabel("Actual")
    return figure


def draw_matrix(axes: "Axes", table: "pd.DataFrame") -> None:
    """Draw one confusion matrix, each row of which makes 100 per cent."""
    matrix = table.pivot(index="actual", columns="predicted", values="share_of_actual")
    shares = matrix.to_numpy(dtype=float)
    axes.imshow(shares, cmap=SEQUENTIAL, vmin=0, vmax=80)
    axes.set_xticks(range(len(matrix.columns)), matrix.columns)
    axes.set_yticks(range(len(matrix.index)), matrix.index)
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_visible(False)
    for actual, line in enumerate(shares):
        for predicted, share in enumerate(line):
            if share >= 0.5:
                axes.text(
                    predicted,
                    actual,
                    f"{share:.0f}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if share > 45 else INK,
                )


def class_maps(
    connection: "duckdb.DuckDBPyConnection", shapes: AreaShapes
) -> "Figure | None":
    """Draw the target beside a predictor under the three class schemes.

    None where fewer than two variables are mapped.
    """
    chosen = mapped_pair(connection)
    if chosen is None:
        return None
    target, predictor = chosen
    height = 2 * (5.2 * shapes.height_to_width + 0.6) + 0.5
    figure = new_figure(
        13, height, f"{target}, and {predictor} under three class schemes"
    )
    grid = figure.subplots(2, 2)
    draw_classes(grid[0, 0], connection, shapes, target, "quantile", target)
    for axes, (scheme, words) in zip(grid.flat[1:], SCHEMES.items(), strict=True):
        title = f"{predictor}, {words}"
        draw_classes(axes, connection, shapes, predictor, scheme, title)
    return figure


def mapped_pair(connection: "duckdb.DuckDBPyConnection") -> tuple[str, str] | None:
    """Return the target and the most important predictor among mapped variables."""
    target = target_name(connection)
    rows = connection.execute(
        """
        select variables.variable
        from (select distinct variable from embeddings.class_breaks) as variables
        left join embeddings.forest_importances as importances
            on importances.feature = variables.variable
            and importances.feature_set = 'both'
        order by
            variables.variable = $1 desc,
            importances.permutation desc nulls last,
            variables.variable
        """,
        [target],
    ).fetchall()
    return (rows[0][0], rows[1][0]) if len(rows) > 1 else None


def target_name(connection: "duckdb.DuckDBPyConnection") -> str:
    """Return the target's column name, as the run used it."""
    row = connection.execute(
        "select value from meta.parameters where parameter = 'embeddings.target'"
    ).fetchone()
    return json.loads(row[0])


def draw_classes(
    axes: "Axes",
    connection: "duckdb.DuckDBPyConnection",
    shapes: AreaShapes,
    variable: str,
    scheme: str,
    title: str,
) -> None:
    """Draw one variable's classes under one scheme, with a legend."""
    import matplotlib as mpl
    from matplotlib.patches import Patch

    classes = connection.execute(
        "select area, class from embeddings.map_classes "
        "where variable = $1 and scheme = $2 order by area",
        [variable, scheme],
    ).fetchall()
    labels = connection.execute(
        "select class, label from embeddings.class_breaks "
        "where variable = $1 and scheme = $2 order by class",
        [variable, scheme],
    ).fetchall()
    palette = mpl.colormaps[SEQUENTIAL].resampled(len(labels) + 1)
    # The palest colour is left out: it would not stand out from the paper.
    colours = {
        number: mpl.colors.to_hex(palette(place + 1))
        for place, (number, _) in enumerate(labels)
    }
    class_of = dict(classes)
    draw_areas(
        axes,
        shapes,
        list(shapes.outlines),
        [colours.get(class_of.get(area), NO_VALUE) for area in shapes.outlines],
    )
    axes.set_title(title, fontsize=11, color=INK, loc="left")
    axes.legend(
        handles=[Patch(color=colours[number], label=label) for number, label in labels],
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
        fontsize=8,
        handlelength=1.2,
    )
