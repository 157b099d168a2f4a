"""What a user's file draws over the page's maps: lines, outlines, named points."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from placetypes.database import connect, literal, quoted
from placetypes.errors import PlacetypesError, refuse_folder
from placetypes.inputs.geometry import read_apart
from placetypes.report.shapes import WEB_MERCATOR

FINEST = 5.0  # metres: what is drawn over areas needs no finer bends
MOST_POINTS = 200_000  # about 1 MB of the page


def read_context(file: str) -> dict[str, list[Any]]:
    """Return the file's `lines`, of points (x, y), and `points`, (x, y, name).

    All in whole metres of Web Mercator; of polygons the outlines. Raises
    PlacetypesError for a file that isn't there, can't be read, says no coordinate
    system or holds too much.
    """
    import shapely

    if not file:
        return {"lines": [], "points": []}
    names, shapes = read_shapes(Path(file).expanduser())
    parts, owner = shapely.get_parts(shapes, return_index=True)
    dots = shapely.get_type_id(parts) == 0
    lines = shapely.simplify(outlines(parts[~dots]), FINEST)
    count = int(shapely.get_num_coordinates(lines).sum() + dots.sum())
    if count > MOST_POINTS:
        raise PlacetypesError(
            f"pipeline.context: {file} has {count:,} points, of which a page can draw "
            f"{MOST_POINTS:,}; keep what lies in the region, and simplify it."
        )
    return {
        "lines": [whole_metres(line) for line in lines],
        "points": [
            [*whole_metres(parts[place])[0], names[owner[place]]]
            for place in np.flatnonzero(dots)
        ],
    }


def read_shapes(path: Path) -> tuple[list[str], np.ndarray]:
    """Return the file's names ('' for none) and shapes (n,), in Web Mercator."""
    import shapely

    refuse_folder(path)
    if not path.exists():
        raise PlacetypesError(
            f"pipeline.context names {path}, which isn't there; --set context= draws "
            "the maps without."
        )
    with TemporaryDirectory() as folder, connect() as connection:
        target = Path(folder) / "context.parquet"
        details = read_apart(path, target, [], any_shape=True)
        if not details["crs"]:
            raise PlacetypesError(
                f"pipeline.context: {path.name} says no coordinate system, so nobody "
                "knows where it lies; save it with one."
            )
        found = connection.sql(
            f"from read_parquet({literal(str(target))}, hive_partitioning = false)"
        )
        name = next((c for c in found.columns if c.lower() == "name"), None)
        text = f"coalesce({quoted(name)}::varchar, '')" if name else "''"
        place = f"st_transform({quoted(details['geometry'])}, '{WEB_MERCATOR}')"
        rows = found.project(f"{text}, st_aswkb({place})").fetchall()
    return [row[0] for row in rows], shapely.from_wkb([bytes(row[1]) for row in rows])


def outlines(shapes: np.ndarray) -> np.ndarray:
    """Return lines as they are, and the rings of polygons."""
    import shapely

    is_polygon = shapely.get_type_id(shapes) == 3
    return np.concatenate([shapes[~is_polygon], shapely.get_rings(shapes[is_polygon])])


def whole_metres(shape: Any) -> list[list[int]]:
    """Return a shape's points in whole metres."""
    import shapely

    return np.rint(shapely.get_coordinates(shape)).astype(int).tolist()
