"""A handbook, read back from its PDF and its Word file."""

import re

import docx
import pytest
from pypdf import PdfReader

from placetypes.database import connect, connect_published
from placetypes.handbook import commands
from placetypes.handbook.contents import read_measure

MARKUP = "#let x = 1 *bold* $y$ <b> _a_ @ref \\ `c` [z] // & ]]>"


@pytest.fixture(scope="module")
def written(nasty_output):
    from typer.testing import CliRunner

    from pipeline import app

    arguments = ["handbook", "--author", MARKUP, "--output", str(nasty_output)]
    outcome = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return nasty_output / "census"


def squeezed(text):
    return re.sub(r"\s+", "", text)


def pdf_text(file):
    return squeezed("".join(page.extract_text() for page in PdfReader(file).pages))


def test_both_files_count_what_the_tables_count(written):
    query = (
        "select cluster, areas from census.cluster_summary "
        "where level = 'supergroup' order by cluster"
    )
    with connect_published(written.parent) as connection:
        counts = connection.execute(query).fetchall()
    document = docx.Document(str(written / "handbook.docx"))
    table = document.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert [(row[0], int(row[2])) for row in rows] == counts
    assert len(document.inline_shapes) == 1 + 2 * len(counts)
    text = pdf_text(written / "handbook.pdf")
    for row in rows:
        assert squeezed("".join(row)) in text
    for heading in ("Variables", "Methods", "Parameters", "Howtocite"):
        assert heading in text


def test_the_same_result_gives_the_same_pdf(written, command):
    before = (written / "handbook.pdf").read_bytes()
    arguments = ["handbook", "--author", MARKUP, "--output", written.parent]
    assert command(*arguments).code == 0
    assert (written / "handbook.pdf").read_bytes() == before


def test_without_index_scores_standardised_differences_set_apart():
    with connect() as connection:
        connection.execute(
            "create table cluster_profile as select 'A' as cluster, "
            "unnest(['u', 'v', 'w']) as variable, "
            "unnest([-1.5, 0.0, 2.0]) as standardised_difference"
        )
        measure = read_measure(connection, "cluster")
    assert measure.middle == 0
    assert measure.of("A")["variable"].tolist() == ["w", "u"]


def test_what_users_write_is_text_in_both_files(written, tmp_path):
    paragraphs = docx.Document(str(written / "handbook.docx")).paragraphs
    assert any(part.text.startswith(f"{MARKUP}: ") for part in paragraphs)
    assert squeezed(MARKUP) in pdf_text(written / "handbook.pdf")


def test_a_missing_library_is_a_sentence(monkeypatch, command, tmp_path):
    monkeypatch.setattr(commands, "NEEDED", {"no_such_module": "no-such-package"})
    outcome = command("handbook", "--output", tmp_path)
    assert outcome.code == 1
    assert "pip install no-such-package" in outcome.err
