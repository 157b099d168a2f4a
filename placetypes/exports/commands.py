"""The command that writes published tables into files again."""

from typing import Annotated

import typer

from placetypes.console import say
from placetypes.database import connect_published
from placetypes.inputs.remembered import remember_look, resolve_again
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder, Overrides
from placetypes.runner.project import load_project


def register(app: typer.Typer) -> None:
    """Add the room's command."""
    app.command()(export)


def export(
    overrides: Overrides = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    kepler: Annotated[
        bool,
        typer.Option(
            "--kepler", help="Write data and a configuration for kepler.gl as well."
        ),
    ] = False,
    older_duckdb: Annotated[
        bool,
        typer.Option(
            "--older-duckdb",
            help="Write a copy of the database that DuckDB 1.1 opens, too.",
        ),
    ] = False,
    debug: Debug = False,
) -> None:
    """Write the exports again from what is published, such as in other colours."""
    from placetypes.exports.kepler import write_kepler
    from placetypes.exports.tables import write_exports

    project = load_project()
    parameters = resolve_again(output, project.specifications, project.root, overrides)
    scheme = parameters["pipeline.colours"].value
    layers = parameters["pipeline.variable_layers"].value
    with connect_published(output) as connection:
        files = write_exports(
            connection, project, output, scheme, layers=layers, older=older_duckdb
        )
        if kepler:
            for job in project.jobs.values():
                files += write_kepler(connection, job, output / job.name, scheme)
    remember_look(output, parameters)
    for file in files:
        say(str(file))
