"""The handbook for Word, by python-docx, which escapes every text that it is given."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.handbook.blocks import Block, Heading, Picture, Table, Words

if TYPE_CHECKING:
    from docx.document import Document

WIDTH = 17.0  # cm between the margins of A4
# What XML can't hold, such as a bell, isn't part of any name.
NOT_IN_XML = {code: None for code in range(32) if chr(code) not in "\t\n"}


def write_word(blocks: list[Block], file: Path, day: datetime) -> None:
    """Write blocks into a Word document that is dated a day."""
    import docx
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(10)
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "", day, day
    for block in blocks:
        add(document, block)
    document.save(str(file))


def add(document: "Document", block: Block) -> None:
    """Add one block."""
    from docx.shared import Cm

    match block:
        case Heading(text, level, new_page):
            if new_page:
                document.add_page_break()
            document.add_heading(clean(text), level)
            if level == 0:
                document.core_properties.title = clean(text)[:255]
        case Words(text):
            document.add_paragraph(clean(text))
        case Picture(path, about, width, height):
            shape = document.add_picture(str(path), height=Cm(height))
            if shape.width > Cm(width):
                shape.height = int(shape.height * Cm(width) / shape.width)
                shape.width = Cm(width)
            shape._inline.docPr.set("descr", clean(about))
        case Table():
            add_table(document, block)


def add_table(document: "Document", block: Table) -> None:
    """Add a table, its header repeated on each page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    table = document.add_table(1 + len(block.rows), len(block.header), "Table Grid")
    table.autofit = False
    shares = [width / sum(block.widths) for width in block.widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(WIDTH * share)  # which LibreOffice goes by; Word by cells
    cells = list(table._cells)  # asking for each costs the square of their number
    texts = [cell for row in (block.header, *block.rows) for cell in row]
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        column = place % len(block.header)
        cell.width = Cm(WIDTH * shares[column])
        run = cell.paragraphs[0].add_run(clean(text))
        run.font.size, run.bold = Pt(8), place < len(block.header)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def clean(text: str) -> str:
    """Return a text without what XML can't hold."""
    return text.translate(NOT_IN_XML)
