"""commands.py: what ls says of a model."""

import typer
from typer.testing import CliRunner

from placetypes.catalogue.commands import listed, register


def test_a_line_says_what_one_row_is_and_what_it_is_made_from(town, village):
    assert listed(town, "town.prices") == [
        "town.prices",
        "one variable.",
        "groups, homes",
    ]
    assert listed(village, "village.farms")[2] == "town.homes"


def test_the_room_brings_its_commands():
    app = typer.Typer()
    register(app)
    printed = CliRunner().invoke(app, ["ls", "--help"]).output
    assert "JOB.table" in printed
    assert "--mermaid" in printed
    assert CliRunner().invoke(app, ["docs", "--help"]).exit_code == 0
