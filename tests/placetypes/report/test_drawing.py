"""Figures: what users name is text, whatever it holds."""

import pytest

from placetypes.database import connect, literal, quoted_table
from placetypes.report.drawing import new_figure, save
from placetypes.report.figures import write_figures
from placetypes.report.frame import Frame, Look
from placetypes.runner.project import load_project


@pytest.mark.parametrize("name", ["homes at $100 to $200", r"$\nothing{", "$x^2$", "%"])
def test_dollars_are_no_mathematics(name, tmp_path):
    figure = new_figure(4, 3, name)
    axes = figure.add_subplot()
    axes.set_xlabel(name)
    axes.set_xticks([0], labels=[name])
    axes.plot([0], [0], label=name)
    axes.legend()
    _, svg = save(figure, tmp_path / "figure.png", Frame(above=name, below=name))
    assert svg.read_text("utf-8").count(f">{name}<") == 6


@pytest.mark.parametrize("job", ["census", "embeddings"])
def test_whichever_table_was_built_alone_figures_can_be_drawn(
    job, nasty_output, tmp_path
):
    file = str(nasty_output / "placetypes.duckdb")
    drawn = set()
    with connect() as connection:
        connection.execute(f"attach {literal(file)} as whole (read_only)")
        connection.execute(f"create schema meta; create schema {job}")
        found = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'whole' and schema_name in ('meta', $1)",
            [job],
        ).fetchall()
        tables = [table for schema, table in found if schema == job]
        for schema, table in found:
            if schema == "meta":
                name = quoted_table(f"meta.{table}")
                connection.execute(f"create table {name} as from whole.{name}")
        for table in tables:
            name = quoted_table(f"{job}.{table}")
            connection.execute(f"create table {name} as from whole.{name}")
            files = write_figures(
                connection, load_project().jobs[job], tmp_path, Look(), synthetic=True
            )
            drawn |= {file.stem for file in files}
            connection.execute(f"drop table {name}")
    assert len(tables) > 5
    assert drawn
