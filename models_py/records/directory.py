"""The postcode directory."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.postcodes import no_directory, read_directory
from placetypes.database import connect_plain
from placetypes.errors import visible

if TYPE_CHECKING:
    import pyarrow as pa


def directory(directory_file: Path, directory_area_column: str) -> "pa.Table":
    """One row: one postcode with its area, district and grid reference."""
    with connect_plain() as connection:
        if directory_file.stat().st_size == 0:  # none: records may do without
            return no_directory(connection).to_arrow_table()
        rows, chosen = read_directory(connection, directory_file, directory_area_column)
        listed = rows.to_arrow_table()
        said = ", ".join(f"{role} from {name}" for role, name in chosen.items())
        print(visible(f"{directory_file.name}: {said}"), file=sys.stderr)
        twice = connection.sql(
            "select postcode, count(*) from listed group by all having count(*) > 1"
        ).fetchone()
    if twice:
        raise ValueError(
            f"{directory_file.name} has {twice[1]} rows for the postcode {twice[0]}; "
            "leave one"
        )
    return listed
