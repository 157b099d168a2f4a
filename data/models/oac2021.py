"""The UK Output Area Classification 2021/22 as a model: data/models/oac2021.json.

    python -m data.models.oac2021 OAC_FOLDER AREAS.parquet

OAC_FOLDER holds what was published: UK_OAC_Final.parquet (each area's classes), the
three files of centroids and oac_variable_definitions.csv. AREAS.parquet holds areas of
England and Wales with as many of the variables as could be had, as percentages (v01:
residents per km²), one column each, and their codes in OA.

The centroids lie in a space whose variables were arcsinh-transformed and scaled to 0–1
over the United Kingdom; the minima and maxima are unpublished. Of a variable that AREAS
has, they are set so that the mean of each subgroup's areas comes as near as possible to
its published centroid: a line through 52 points, weighted by size (`fit_bounds`). A
variable that it lacks is a share and takes a share's own bounds, 0 and 100 %.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models_py.methods.margin_calibration import calibration_curve

LEVELS = {
    "supergroup": "OAC_centroids.csv",
    "group": "OAC_Groups_centroids.csv",
    "subgroup": "OAC_Subgroups_centroids.csv",
}
SOURCE = (
    "UK Output Area Classification 2021/22 (Wyszomierski, Longley, Singleton, Gale and "
    "O'Brien 2024, The Geographical Journal 190), Geographic Data Service; centroids "
    "and classes as published. Minima and maxima: this project's, see "
    "data/models/oac2021.py."
)
LICENCE = (
    "Open Government Licence v3.0. Contains National Statistics, National Records of "
    "Scotland and NISRA data © Crown copyright and database right."
)
NAMES = Path(__file__).with_name("oac2021_names.csv")


def main(folder: Path, areas_file: Path) -> None:
    """Write oac2021.json beside this file."""
    published = pd.read_parquet(folder / "UK_OAC_Final.parquet").astype(str)
    published.columns = ["area", *LEVELS]
    published = published.set_index("area")
    centroids = {level: read_centroids(folder / name) for level, name in LEVELS.items()}
    areas = pd.read_parquet(areas_file).reset_index().set_index("OA")
    areas = areas[[name for name in centroids["subgroup"] if name in areas]]
    definitions = pd.read_csv(folder / "oac_variable_definitions.csv")
    labels = definitions.set_index("workshop_code")["name"]
    bounds = all_bounds(areas, published, centroids["subgroup"])
    model = {
        "schema": "placetypes-model/1",
        "name": "UK Output Area Classification 2021/22",
        "region": "United Kingdom",
        "run": None,
        "areas": len(published),
        "source": SOURCE,
        "licence": LICENCE,
        "variables": [
            {
                "variable": name,
                "name": labels[name],
                "domain": None,
                "transform": "arcsinh",
                "minimum": round(bounds.loc[name, "minimum"], 4),
                "maximum": round(bounds.loc[name, "maximum"], 4),
                "weight": 1,
            }
            for name in bounds.index
        ],
        "classes": list_classes(centroids, published),
        "calibration": calibrate(areas, bounds, centroids, published),
    }
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(model, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{target}: {len(bounds)} variables, {len(model['classes'])} classes")


def read_centroids(path: Path) -> pd.DataFrame:
    """Return a level's centroids: a row a class, a column a variable."""
    table = pd.read_csv(path)
    return table.set_index(table.columns[0]).rename(index=str)


def all_bounds(
    areas: pd.DataFrame, published: pd.DataFrame, centroids: pd.DataFrame
) -> pd.DataFrame:
    """Return minimum and maximum of each variable, in the data's own units."""
    subgroups = published["subgroup"].reindex(areas.index)
    means = np.arcsinh(areas).groupby(subgroups).mean()
    sizes = subgroups.value_counts().reindex(means.index)
    # A subgroup of which few areas are at hand says little of its published centroid.
    covered = sizes / published["subgroup"].value_counts().reindex(means.index)
    fitted = {
        name: fit_bounds(
            centroids.loc[means.index, name].to_numpy(),
            means[name].to_numpy(),
            (sizes * covered).to_numpy(),
        )
        if name in areas
        else (0.0, 100.0)
        for name in centroids
    }
    return pd.DataFrame(fitted, index=["minimum", "maximum"]).T


def fit_bounds(
    centroids: np.ndarray, means: np.ndarray, weights: np.ndarray
) -> tuple[float, float]:
    """Return the bounds that carry classes' means to their centroids; all shapes (k,).

    A scaled value is (x - lowest) / (highest - lowest) with x the arcsinh of what was
    measured. So means = lowest + (highest - lowest) · centroids: least squares.
    """
    slope, lowest = np.polyfit(centroids, means, 1, w=np.sqrt(weights))
    return float(np.sinh(lowest)), float(np.sinh(lowest + slope))


def list_classes(
    centroids: dict[str, pd.DataFrame], published: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the classes of all levels with parent, name, size and centroid."""
    names = pd.read_csv(NAMES, dtype=str).set_index("class")["name"]
    return [
        {
            "level": number,
            "level_name": level,
            "class": code,
            "parent": code[: number - 1] or None,
            "name": names[code],
            "areas": int((published[level] == code).sum()),
            "centroid": [round(value, 6) for value in table.loc[code]],
        }
        for number, (level, table) in enumerate(centroids.items(), start=1)
        for code in sorted(table.index)
    ]


def calibrate(
    areas: pd.DataFrame,
    bounds: pd.DataFrame,
    centroids: dict[str, pd.DataFrame],
    published: pd.DataFrame,
) -> list[dict[str, Any]]:
    """Return each level's curve from margin to the share that has its published class.

    A level is judged among the areas whose class above is the published one, by
    distances within that class: how sure each step down is.
    """
    lowest, highest = (np.arcsinh(bounds.loc[areas.columns, end]) for end in bounds)
    positions = ((np.arcsinh(areas) - lowest) / (highest - lowest)).clip(0, 1)
    truth = published.reindex(areas.index)
    points = []
    above = pd.Series("", index=areas.index)
    for number, (level, table) in enumerate(centroids.items(), start=1):
        margins, rights = [], []
        for parent, members in positions.groupby(above):
            children = table.loc[[c for c in table.index if c[: number - 1] == parent]]
            near, margin = nearest(members, children[areas.columns])
            margins.append(margin)
            rights.append(near == truth.loc[members.index, level].to_numpy())
        curve = calibration_curve(np.concatenate(margins), np.concatenate(rights))
        points += [
            {"level": number, "margin": m, "probability": round(p, 4)} for m, p in curve
        ]
        above = truth[level]
    return points


def nearest(
    positions: pd.DataFrame, centroids: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest class of each area and its margin, both of shape (n,)."""
    x, c = positions.to_numpy(), centroids.to_numpy()
    squared = (x**2).sum(axis=1)[:, None] - 2 * x @ c.T + (c**2).sum(axis=1)
    two = np.sqrt(np.sort(squared, axis=1)[:, :2].clip(0))
    return centroids.index.to_numpy()[squared.argmin(axis=1)], 1 - two[:, 0] / two[:, 1]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
