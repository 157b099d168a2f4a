"""How the classes cluster in space."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = (
    *("level", "level_name", "class", "areas"),
    *("morans_i", "expected", "z", "p_value", "joins_within", "joins_expected"),
)


def autocorrelation(classes: "pd.DataFrame", boundaries_file: Path) -> "pd.DataFrame":
    """One row: one class of one level and how its areas lie together."""
    import geopandas as gpd
    import pandas as pd

    from models_py.methods import spatial_autocorrelation as spatial

    rows = []
    if boundaries_file.stat().st_size:
        shapes = gpd.read_file(boundaries_file)
        code = next(name for name in shapes.columns if name != shapes.geometry.name)
        shapes = shapes.drop_duplicates(code).set_index(code).sort_index()
        shapes = shapes[shapes.index.isin(classes["area"]) & ~shapes.geometry.is_empty]
        pairs = spatial.queen_pairs(shapes.geometry.to_numpy())
        weights = spatial.contiguity(range(len(shapes)), *pairs)
        for (level, name), of_level in classes.groupby(["level", "level_name"]):
            found = of_level.set_index("area")["class"].reindex(shapes.index)
            for one in sorted(found.dropna().unique()):
                member = (found == one).to_numpy(dtype=float)
                if 0 < member.sum() < len(member):
                    row = [level, name, one, int(member.sum())]
                    row += spatial.moran(member, weights).values()
                    rows.append([*row, *spatial.join_counts(member, *pairs)])
    kinds = dict.fromkeys(COLUMNS, np.float64)
    kinds |= {"level": np.int64, "level_name": str, "class": str, "areas": np.int64}
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)
