"""The handbook as PDF, by Typst.

All texts reach the template as JSON and are shown as strings, so none becomes markup.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from placetypes.handbook.blocks import Block, Picture

TEMPLATE = Path(__file__).with_name("handbook.typ")


def write_pdf(blocks: list[Block], folder: Path, file: Path, day: datetime) -> None:
    """Write blocks, whose pictures lie in a folder, into a PDF that is dated a day."""
    import matplotlib
    import typst

    shutil.copy(TEMPLATE, folder)
    content = json.dumps([as_data(block) for block in blocks], ensure_ascii=False)
    (folder / "contents.json").write_text(content, "utf-8")
    typst.compile(
        folder / TEMPLATE.name,
        output=file,
        root=folder,
        font_paths=[Path(matplotlib.get_data_path()) / "fonts" / "ttf"],
        ignore_system_fonts=True,  # the same letters on every machine
        timestamp=int(day.replace(tzinfo=UTC).timestamp()),
    )


def as_data(block: Block) -> dict[str, object]:
    """Return a block as the template reads it."""
    data = {"kind": type(block).__name__.lower(), **block._asdict()}
    return data | {"path": block.path.name} if isinstance(block, Picture) else data
