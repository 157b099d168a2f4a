"""How the classes cluster in space."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def autocorrelation(classes: "pd.DataFrame", boundaries_file: Path) -> "pd.DataFrame":
    """One row: one class of one level and how its areas lie together."""
    import geopandas as gpd
    import pandas as pd

    from models_py.methods import spatial_autocorrelation as spatial

    columns = [
        "level",
        "level_name",
        "class",
        "areas",
        *spatial.Autocorrelation._fields,
    ]
    rows = []
    if boundaries_file.stat().st_size:
        shapes = gpd.read_file(boundaries_file)
        code = next(name for name in shapes.columns if name != shapes.geometry.name)
        shapes = shapes.drop_duplicates(code).set_index(code).sort_index()
        shapes = shapes[shapes.index.isin(classes["area"]) & ~shapes.geometry.is_empty]
        joins = spatial.neighbours(shapes.geometry.to_numpy())
        for (level, name), of_level in classes.groupby(["level", "level_name"]):
            found = of_level.set_index("area")["class"].reindex(shapes.index)
            for one in sorted(found.dropna().unique()):
                member = (found == one).to_numpy(dtype=float)
                if 0 < member.sum() < len(member):
                    measured = spatial.autocorrelation(member, joins)
                    rows.append([level, name, one, int(member.sum()), *measured])
    kinds = dict.fromkeys(columns, np.float64)
    kinds |= {"level": np.int64, "level_name": str, "class": str, "areas": np.int64}
    return pd.DataFrame(rows, columns=columns).astype(kinds)
