"""What tests of topic tables share: small files of the formats that users download."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

RELIGION = [
    "Religion: Total: All usual residents",
    "Religion: No religion",
    "Religion: Christian",
]


@pytest.fixture
def nomis_zip(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a bulk zip of table ts030 as Nomis has it."""

    def write(
        rows: list[str] | None = None,
        *,
        name: str = "census2021-ts030",
        level: str = "oa",
        header: list[str] = RELIGION,
        year: str = "2021",
    ) -> Path:
        rows = ["E00000001,10,4,6", "E00000003,20,15,5"] if rows is None else rows
        lines = [",".join(["date", "geography", "geography code", *header])]
        lines += [
            f"{year},{row.split(',')[0]},{row}" if "," in row else row for row in rows
        ]
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}-{level}.csv", "\n".join(lines) + "\n")
        return path

    return write


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Give a function that writes a loose CSV."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def scottish_zip(tmp_path: Path) -> Callable[[str, str], Path]:
    """Give a function that writes the one zip of Scotland's Output Areas."""

    def write(member: str, text: str) -> Path:
        path = tmp_path / "Census-2022-Output-Area-v1.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, text)
        return path

    return write


def asked(
    cells: list[str],
    table: str = "ts030",
    country: str = "England and Wales",
    year: str = "2021",
) -> pa.Table:
    """Return the table asked_cells for cells of one topic table."""
    rows: list[dict[str, Any]] = [
        {
            "country": country,
            "table_name": table,
            "cell": cell,
            "census_year": year,
            "variables": "v21",
            "place": place,
        }
        for place, cell in enumerate(cells, 1)
    ]
    return pa.Table.from_pylist(rows)
