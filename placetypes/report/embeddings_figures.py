"""Figures of the embeddings job, from published tables only."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.report.cluster_figures import (
    category_map,
    clustergram_figure,
    likeness_figure,
)
from placetypes.report.colours import (
    DEFAULT_SCHEME,
    FAINT,
    GRID,
    INK,
    NO_VALUE,
    QUALITATIVE,
    SEQUENTIAL,
    cluster_colours,
    ink_on,
    place_of,
)
from placetypes.report.drawing import new_figure, outlined, save, tidy
from placetypes.report.maps import AreaShapes, draw_areas, read_shapes

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEEDED = ("classification", "run_summary", "clustergram", "forest_importances")
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
MEASURES = {
    "accuracy": "Accuracy",
    "label_error": "Label error (lower is better)",
    "macro_f1": "Macro F1",
    "quadratic_weighted_kappa": "Quadratic weighted kappa",
}
TOP = 15  # importances shown


def write_figures(
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
    note: str = "",
    scheme: str = DEFAULT_SCHEME,
) -> list[Path]:
    """Write all figures; `note`, such as SYNTHETIC, stands below each."""
    shapes = read_shapes(connection, "embeddings.classification")
    figures = {
        "cluster_map": cluster_map(connection, shapes, scheme),
        "representative_areas": representative_areas(connection, scheme),
        "representative_map": representative_map(connection, shapes, scheme),
        "umap": umap(connection, scheme),
        "clustergram": clustergram(connection),
        "forest_scores": forest_scores(connection),
        "confusion": confusion(connection),
        **{
            f"importances_{feature_set}": importances(connection, feature_set)
            for feature_set in FEATURE_SETS
        },
    }
    maps = class_maps(connection, shapes)
    if maps is not None:
        figures["class_schemes"] = maps
    return [
        file
        for name, figure in figures.items()
        for file in save(figure, folder / name, note)
    ]


def cluster_map(
    connection: "duckdb.DuckDBPyConnection", shapes: AreaShapes, scheme: str
) -> "Figure":
    """Draw the areas in the colours of their clusters."""
    members = connection.execute(
        "select area, cluster from embeddings.classification order by area"
    ).df()
    summary = connection.execute(
        "select cluster, areas from embeddings.cluster_summary "
        "order by len(cluster), cluster"
    ).fetchall()
    return category_map(
        shapes,
        members["area"],
        members["cluster"],
        cluster_colours(members["cluster"], scheme),
        {name: f"{name}   {areas:,} areas" for name, areas in summary},
        f"{len(summary)} kinds of place by their embeddings",
    )


def umap(connection: "duckdb.DuckDBPyConnection", scheme: str) -> "Figure":
    """Draw the map of likeness in the colours of the clusters."""
    points = connection.execute(
        "select area, cluster, umap_x, umap_y from embeddings.classification "
        "order by area"
    ).df()
    colours = cluster_colours(points["cluster"], scheme)
    ordered = dict(sorted(colours.items(), key=lambda item: place_of(item[0])))
    title = "Areas whose embeddings are alike lie close (UMAP)"
    return likeness_figure(points, "cluster", ordered, title)


def clustergram(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw the clustergram with its scores."""
    tables = [
        connection.execute(f"from embeddings.{name} order by all").df()
        for name in ("clustergram", "clustergram_flows", "clustergram_scores")
    ]
    chosen = connection.execute("select count(*) from embeddings.cluster_summary")
    return clustergram_figure(*tables, chosen.fetchone()[0], "Clustergram")


def representative_map(
    connection: "duckdb.DuckDBPyConnection", shapes: AreaShapes, scheme: str
) -> "Figure":
    """Draw where the representative areas lie, over all areas."""
    table = connection.execute(
        "from embeddings.representative_areas order by cluster, rank"
    ).df()
    colours = cluster_colours(table["cluster"], scheme)
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


def forest_scores(connection: "duckdb.DuckDBPyConnection") -> "Figure":
    """Draw the feature sets' scores under both validations, with their spread."""
    table = connection.execute("from embeddings.forest_scores").df()
    table = table.set_index(["feature_set", "validation"])
    figure = new_figure(12, 3.4, f"How well {target_name(connection)} is predicted")
    for axes, (measure, name) in zip(
        figure.subplots(1, len(MEASURES), sharey=True), MEASURES.items(), strict=True
    ):
        tidy(axes, "x")
        for shift, (validation, words) in zip(
            (-0.15, 0.15), VALIDATIONS.items(), strict=True
        ):
            rows = [(feature_set, validation) for feature_set in FEATURE_SETS]
            axes.errorbar(
                table[measure].reindex(rows),
                [place + shift for place in range(len(rows))],
                xerr=table[f"{measure}_spread"].reindex(rows).fillna(0),
                fmt="o" if validation == "blocked" else "D",
                color=QUALITATIVE[0] if validation == "blocked" else FAINT,
                label=words,
            )
        axes.set_title(name, fontsize=10, color=INK, loc="left")
        axes.set_yticks(range(len(FEATURE_SETS)), FEATURE_SETS.values())
        axes.set_ylim(len(FEATURE_SETS) - 0.5, -0.5)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def representative_areas(
    connection: "duckdb.DuckDBPyConnection", scheme: str
) -> "Figure":
    """Draw how far the representative areas lie from their cluster's mean, by rank."""
    table = connection.execute(
        "select * from embeddings.representative_areas order by cluster, rank"
    ).df()
    colours = cluster_colours(table["cluster"], scheme)
    figure = new_figure(8, 5, "How typical the representative areas are")
    axes = figure.subplots()
    tidy(axes, "y")
    for name, group in table.groupby("cluster"):
        axes.plot(
            group["rank"],
            group["distance"],
            "o-",
            color=colours[name],
            label=name,
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
