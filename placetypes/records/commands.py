"""The commands for people's own files: append, find."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from placetypes import console
from placetypes.console import Text
from placetypes.database import connect_published, has_rows
from placetypes.errors import PlacetypesError
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder
from placetypes.report.outlets import REPORT
from placetypes.runner.project import Project, load_project

if TYPE_CHECKING:
    from placetypes.records.find import Found


POSTCODE_TABLES = ("directory", "area_classes")


def register(app: typer.Typer) -> None:
    """Add this room's commands to the command line."""
    app.command()(append)
    app.command()(find)


def postcode_job(project: Project) -> str:
    """Return the job that publishes a postcode directory and classes of areas."""
    return next(
        name
        for name in project.jobs
        if all(f"{name}.{table}" in project.models for table in POSTCODE_TABLES)
    )


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
    job = postcode_job(load_project())
    with connect_published(output, spatial=False) as connection:
        tables = [f"{job}.{name}" for name in POSTCODE_TABLES]
        needed = tables[1:] if areas else tables  # area codes need no directory
        for table in needed:
            if not has_rows(connection, table):
                raise PlacetypesError(
                    f"There is no {table} in {output} yet, or nothing in it: "
                    f"python pipeline.py run {' '.join(needed)} makes "
                    f"{'it' if areas else 'both'} of your files."
                )
        try:
            found = appending.append(
                connection, file, target, column, job, holds_areas=areas, sheet=sheet
            )
        except ValueError as error:  # a reader's word for a file that doesn't fit
            raise PlacetypesError(str(error)) from error
    share = 100 * found.matched / max(found.rows, 1)
    said = f"{found.matched:,} of {found.rows:,} rows have a class ({share:.1f} %)"
    console.output.print(Text(f"{target}: {said}"))


def find(
    wanted: Annotated[
        str,
        typer.Argument(help="A postcode, an area, a district, or a place of the maps."),
    ],
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Tell the class, portrait, fit and neighbours of a place."""
    from placetypes.records import find as finding

    project = load_project()
    places = project.root / "data" / "places.csv"
    with connect_published(output) as connection:
        for macro in project.macros.values():
            connection.execute(macro.replace("replace macro", "replace temp macro", 1))
        jobs = finding.classifications(connection, project.jobs)
        lists = postcode_job(project)
        area, point = finding.find_area(connection, wanted, lists, places)
        found = [finding.look_up(connection, job, area, point) for job in jobs]
        districts = {
            j.name: finding.district_classes(connection, j, wanted) for j in jobs
        }
        listed = finding.listed_classes(connection, lists, area)
        if not any(found) and point:
            raise PlacetypesError(f"No published area's boundary holds {wanted}.")
        if not any((*found, *districts.values(), listed)):
            raise finding.not_found(connection, jobs, wanted)
    for area_found in filter(None, found):
        print_area(area_found)
        print_link(area_found, output)
    if listed:
        console.output.print(Text(f"{lists}: area {listed.pop('area')}"))
        console.print_table(list(listed), [list(listed.values())])
    for job, rows in districts.items():
        if rows:
            console.output.print(Text(f"{job}: {wanted}"))
            console.print_table(["class", "areas", "share, %"], rows)


def print_link(found: "Found", output: Path) -> None:
    """Print the address of an area on the page's map, where there is a page."""
    page = output / REPORT
    if page.exists() and found.classes:
        place = urlencode({"area": found.area, "by": found.classes[0].level})
        # Without a fold of the line: a terminal opens only an address in one piece.
        address = f"  {page.resolve().as_uri()}#{place}"
        console.output.print(Text(address), soft_wrap=True)


def print_area(found: "Found") -> None:
    """Print an area's classes, the first with its portrait, fit and neighbours."""
    place = f" in {found.district}" if found.district else ""
    fit = "" if found.fit is None else f", fit {found.fit:.2f}"
    console.output.print(Text(f"{found.job}: area {found.area}{place}{fit}"))
    for entry in found.classes:
        console.output.print(Text(f"  {entry.level} {entry.code}  {entry.name}"))
        if entry.portrait:
            console.output.print(Text(f"    {entry.portrait}"))
    if found.neighbours:
        said = ", ".join(f"{code} {count}" for code, count in found.neighbours.items())
        console.output.print(Text(f"  areas around it: {said}"))
