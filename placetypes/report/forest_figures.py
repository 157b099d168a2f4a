"""Figures of forests: how well a target is predicted, and by what."""

from typing import TYPE_CHECKING

from placetypes.colours import FAINT, INK, QUALITATIVE, SEQUENTIAL
from placetypes.report.drawing import new_figure, tidy
from placetypes.report.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VALIDATIONS = {
    "single_split": "single split",
    "random": "random folds",
    "blocked": "held-out blocks",
}
# Random folds are a yardstick of scores; a matrix of their own says little.
CONFUSED = ("single_split", "blocked")
MEASURES = {
    "accuracy": "Accuracy",
    "label_error": "Label error (lower is better)",
    "macro_f1": "Macro F1",
    "quadratic_weighted_kappa": "Quadratic weighted kappa",
    "r_squared": "R²",
    "rank_correlation": "Rank correlation",
}
TOP = 15  # importances shown


def forest_figures(result: Result) -> dict[str, "Figure"]:
    """Draw scores, confusion and importances where all three are there."""
    if not result.has("forest_scores", "forest_confusion", "forest_importances"):
        return {}
    table = result.tables["forest_importances"]
    return {
        "forest_scores": forest_scores(result),
        # Of numbers there are no classes to confuse.
        **({"confusion": confusion(result)} if is_of_classes(result) else {}),
        **{
            f"importances_{name}": importances(
                table[table["feature_set"] == name], words
            )
            for name, words in feature_sets(result).items()
        },
    }


def is_of_classes(result: Result) -> bool:
    """Tell whether what is predicted is classes, not a number."""
    return not result.tables["forest_confusion"].empty


def feature_sets(result: Result) -> dict[str, str]:
    """Return the feature sets with their words: job.yml's, else as they come."""
    found = result.tables["forest_scores"]["feature_set"]
    said = (result.job.page or {}).get("feature_sets")
    return said or {name: name.capitalize() for name in dict.fromkeys(found)}


def forest_scores(result: Result) -> "Figure":
    """Draw the feature sets' scores under each validation, with their spread."""
    table = result.tables["forest_scores"]
    sets = feature_sets(result)
    table = table.set_index(["feature_set", "validation"])
    # A measure that says nothing of the target is null, or no column of its job's.
    known = {
        measure: name
        for measure, name in MEASURES.items()
        if measure in table and table[measure].notna().any()
    }
    figure = new_figure(12, 3.4, f"How well {result.target} is predicted")
    for axes, (measure, name) in zip(
        figure.subplots(1, len(known), sharey=True), known.items(), strict=True
    ):
        tidy(axes, "x")
        for shift, (validation, words) in zip(
            (-0.2, 0, 0.2), VALIDATIONS.items(), strict=True
        ):
            rows = [(feature_set, validation) for feature_set in sets]
            axes.errorbar(
                table[measure].reindex(rows),
                [place + shift for place in range(len(rows))],
                xerr=table[f"{measure}_spread"].reindex(rows).fillna(0),
                fmt="o" if validation == "blocked" else "D",
                color=QUALITATIVE[0] if validation == "blocked" else FAINT,
                label=words,
            )
        axes.set_title(name, fontsize=10, color=INK, loc="left")
        axes.set_yticks(range(len(sets)), sets.values())
        axes.set_ylim(len(sets) - 0.5, -0.5)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def importances(table: "pd.DataFrame", words: str) -> "Figure":
    """Draw a feature set's most important features, by impurity and permutation."""
    shown = min(TOP, len(table))
    figure = new_figure(
        11,
        1.8 + 0.28 * shown,
        f"{words}: what the forest owes its features",
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


def confusion(result: Result) -> "Figure":
    """Draw the confusion matrices of all feature sets under both validations."""
    table, sets = result.tables["forest_confusion"], feature_sets(result)
    scores = result.tables["forest_scores"].set_index(["feature_set", "validation"])
    figure = new_figure(
        12, 8.6, f"{result.target}: predicted for each actual class, per cent"
    )
    grid = figure.subplots(
        len(CONFUSED), len(sets), squeeze=False, sharex=True, sharey=True
    )
    for row, validation in zip(grid, CONFUSED, strict=True):
        for axes, (feature_set, title) in zip(row, sets.items(), strict=True):
            chosen = table[
                (table["feature_set"] == feature_set)
                & (table["validation"] == validation)
            ]
            draw_matrix(axes, chosen)
            accuracy = scores["accuracy"][feature_set, validation]
            axes.set_title(
                f"{title}, {VALIDATIONS[validation]}: accuracy {accuracy:.2f}",
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
