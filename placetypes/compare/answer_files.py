"""What a comparison leaves: tables as CSV, a heatmap, a map of agreement."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from placetypes.compare.held_against import Answer
from placetypes.compare.query import CLASSIFICATION
from placetypes.database import (
    connect_published,
    is_geometry,
    quoted_table,
    table_columns,
)

MATCHING_COLUMNS = [
    "class",
    "areas",
    "match",
    "areas_shared",
    "share_of_class",
    "share_of_match",
    "most_common",
    "share_most_common",
]
AREA_COLUMNS = ["area", "class", "other_class", "fit", "agrees"]


def matching_rows(answer: Answer) -> list[list[Any]]:
    """Return for each class its match, what they share, and its most common class."""
    counts = answer.table.counts
    rows = []
    for place, name in enumerate(answer.table.classes):
        common = int(counts[place].argmax())
        match = answer.matching.get(name)
        shared = counts[place, answer.table.others.index(match)] if match else 0
        size = counts[place].sum()
        other = counts[:, answer.table.others.index(match)].sum() if match else 0
        rows.append(
            [
                name,
                int(size),
                match,
                int(shared),
                round(100 * shared / size, 1),
                round(100 * shared / other, 1) if match else None,
                answer.table.others[common],
                round(100 * counts[place, common] / size, 1),
            ]
        )
    return rows


def share_rows(answer: Answer) -> list[list[Any]]:
    """Return each pair of classes, its areas and its shares of both in per cent."""
    counts = answer.table.counts
    of_class = 100 * counts / counts.sum(axis=1, keepdims=True)
    of_other = 100 * counts / counts.sum(axis=0, keepdims=True)
    return [
        [
            *(name, other, int(counts[row, column])),
            *(float(of_class[row, column]), float(of_other[row, column])),
        ]
        for row, name in enumerate(answer.table.classes)
        for column, other in enumerate(answer.table.others)
    ]


def write_answer(answer: Answer, output: Path, note: str = "") -> list[Path]:
    """Write the tables as CSV and both figures into a folder named after the other."""
    folder = output / answer.job / "compared" / answer.name
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "measures.csv": (["measure", "value"], list(answer.measures.items())),
        "cross_table.csv": (
            ["class", "other_class", "areas", "share_of_class", "share_of_other"],
            share_rows(answer),
        ),
        "matching.csv": (MATCHING_COLUMNS, matching_rows(answer)),
        "areas.csv": (AREA_COLUMNS, answer.pairs),
    }
    files = [
        write_csv(folder / name, columns, rows)
        for name, (columns, rows) in tables.items()
    ]
    return [*files, *write_figures(answer, output, folder, note)]


def write_csv(path: Path, columns: list[str], rows: list[Any]) -> Path:
    """Write a table under another name, then rename it: no reader sees half of it."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    partial.replace(path)
    return path


def write_figures(answer: Answer, output: Path, folder: Path, note: str) -> list[Path]:
    """Write the heatmap, and the map of agreement where areas have boundaries."""
    from placetypes.report.drawing import save
    from placetypes.report.frame import Frame
    from placetypes.report.maps import read_shapes

    save(heatmap(answer), folder / "heatmap.png", Frame(below=note))
    with connect_published(output) as connection:
        table = f"{answer.job}.{CLASSIFICATION}"
        if not is_geometry(table_columns(connection, table).get("geometry", "")):
            return [folder / "heatmap.png"]
        drawn = f"(from {quoted_table(table)} where geometry is not null)"
        if connection.execute(f"select count(*) from {drawn}").fetchone() == (0,):
            return [folder / "heatmap.png"]
        shapes = read_shapes(connection, drawn)
    save(agreement_map(answer, shapes), folder / "agreement_map.png", Frame(below=note))
    return [folder / "heatmap.png", folder / "agreement_map.png"]


def heatmap(answer: Answer) -> Any:
    """Draw each class's shares over the other's classes; matches have a frame."""
    from placetypes.colours import INK, SEQUENTIAL
    from placetypes.report.drawing import new_figure

    counts = answer.table.counts
    shares = 100 * counts / counts.sum(axis=1, keepdims=True)
    rows, columns = counts.shape
    figure = new_figure(
        max(6.5, 2.5 + 0.9 * columns),
        2.2 + 0.55 * rows,
        f"Where each {answer.level} lies in {answer.name}, % of its areas",
    )
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # the note stands below
    axes = figure.subplots()
    axes.imshow(shares, cmap=SEQUENTIAL, vmin=0, vmax=100, aspect="auto")
    labels = [shortened(text) for text in answer.table.others]
    turned = max(map(len, labels)) > 4
    axes.set_xticks(
        range(columns),
        labels,
        rotation=35 if turned else 0,
        ha="right" if turned else "center",
    )
    axes.set_yticks(range(rows), answer.table.classes)
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_visible(False)
    label_cells(axes, answer, shares)
    axes.set_ylabel(answer.level, color=INK)
    axes.set_xlabel(f"{answer.name} (framed: best one-to-one match)", color=INK)
    return figure


def label_cells(axes: Any, answer: Answer, shares: np.ndarray) -> None:
    """Write each share that is not nought into its cell; frame the best matching."""
    from matplotlib.patches import Rectangle

    from placetypes.colours import INK

    style = {"ha": "center", "va": "center", "fontsize": 8}
    for row, name in enumerate(answer.table.classes):
        for column, other in enumerate(answer.table.others):
            share = shares[row, column]
            if share:
                colour = "white" if share > 55 else INK
                axes.text(column, row, f"{share:.0f}", color=colour, **style)
            if answer.matching.get(name) == other:
                corner = (column - 0.47, row - 0.47)
                frame = {"fill": False, "edgecolor": INK, "linewidth": 1.6}
                axes.add_patch(Rectangle(corner, 0.94, 0.94, **frame))


def shortened(text: str) -> str:
    """Cut a long class name for an axis."""
    return text if len(text) <= 24 else f"{text[:23]}…"


def agreement_map(answer: Answer, shapes: Any) -> Any:
    """Draw which areas are in matching classes, which are not, which aren't in both."""
    from matplotlib.patches import Patch

    from placetypes.colours import NO_VALUE, QUALITATIVE
    from placetypes.report.drawing import new_figure
    from placetypes.report.maps import draw_areas

    kinds = {
        True: (QUALITATIVE[9], "in matching classes"),
        False: (QUALITATIVE[2], "in other classes"),
        None: (NO_VALUE, "not in both"),
    }
    agrees = {pair[0]: pair[4] for pair in answer.pairs}
    share = answer.measures["areas in matching classes, %"]
    figure = new_figure(
        9,
        8.8 * shapes.height_to_width + 1.1,
        f"{answer.level} against {answer.name}: {share:.0f} % in matching classes",
    )
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # the note stands below
    found = [agrees.get(area) for area in shapes.outlines]
    draw_areas(
        figure.subplots(),
        shapes,
        list(shapes.outlines),
        [kinds[kind][0] for kind in found],
    )
    figure.legend(
        handles=[
            Patch(color=colour, label=f"{words}   {found.count(kind):,} areas")
            for kind, (colour, words) in kinds.items()
            if kind in found
        ],
        loc="outside lower center",
        ncols=3,
        frameon=False,
        fontsize=9,
    )
    return figure


def confused(answer: Answer) -> np.ndarray:
    """Return the cross-table with its margins, shape (classes + 1, others + 1)."""
    counts = answer.table.counts
    below = np.vstack([counts, counts.sum(axis=0)])
    return np.column_stack([below, below.sum(axis=1)])
