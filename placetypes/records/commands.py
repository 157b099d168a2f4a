"""The commands for people's own files: append, find."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from placetypes import console
from placetypes.database import connect_published, table_columns
from placetypes.errors import PlacetypesError
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder


def register(app: typer.Typer) -> None:
    """Add this room's commands to the command line."""
    app.command()(append)


def append(
    file: Annotated[
        Path, typer.Argument(help="Your file: CSV, Excel or Parquet.", exists=True)
    ],
    column: Annotated[
        str, typer.Option("--column", help="Its column of postcodes.")
    ] = "postcode",
    to: Annotated[
        Path | None,
        typer.Option("-o", "--to", help="File to write; default: FILE_classes."),
    ] = None,
    areas: Annotated[
        bool, typer.Option("--areas", help="The column holds area codes.")
    ] = False,
    sheet: Annotated[str, typer.Option("--sheet", help="Sheet of an Excel file.")] = "",
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Add each row's class, name, fit and probability to a file of your own."""
    from placetypes.records import append as appending

    target = to or file.with_stem(f"{file.stem}_classes")
    if target.resolve() == file.resolve():
        raise PlacetypesError("-o names the file itself; give the result another name.")
    with connect_published(output, spatial=False) as connection:
        for table in ("records.directory", "records.area_classes"):
            if not table_columns(connection, table):
                raise PlacetypesError(
                    f"There is no {table} in {output} yet: python pipeline.py run "
                    "records.directory records.area_classes makes both."
                )
        found = appending.append(
            connection, file, target, column, holds_areas=areas, sheet=sheet
        )
    share = 100 * found.matched / max(found.rows, 1)
    said = f"{found.matched:,} of {found.rows:,} rows have a class ({share:.1f} %)"
    console.output.print(Text(f"{target}: {said}"))
