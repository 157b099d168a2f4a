"""Classifications to be held against an outcome: ours, and a published one."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import read_classes
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def compared_classes(
    cluster_members: "pd.DataFrame",
    classified_shapes: "pd.DataFrame",
    outcomes: "pd.DataFrame",
    published_file: Path,
) -> "pa.Table":
    """One row: one area and its class on one level of one classification.

    Only areas that have an outcome and that all of them classify on all levels, so that
    all are held against the same. Raises ValueError where the published one has none.
    """
    with connect_plain() as connection:
        ours = connection.from_df(cluster_members).project(
            "'ours' as classification, level, area, cluster as class"
        )
        for needed in (classified_shapes, outcomes):
            areas = connection.from_df(needed[["area"]])
            ours = ours.join(areas, "area", how="semi")
        if not published_file.stat().st_size:
            return ours.to_arrow_table()
        published = read_classes(connection, published_file).project(
            "'published' as classification, level_name as level, area, class"
        )
        both = ours.union(published)
        known = both.query(
            "both_of_them",
            "select area from both_of_them group by area having count(*) = "
            "(select count(distinct (classification, level)) from both_of_them)",
        )
        if not known.fetchone():
            raise ValueError(
                f"{published_file.name} holds none of the classified areas; is its "
                "first column their codes?"
            )
        return both.join(known, "area", how="semi").to_arrow_table()
