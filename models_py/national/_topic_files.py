"""Topic tables as the census offices publish them: found by name, their layout read.

A file's data begin with the first row that holds an area code. The rows above with as
many fields are its header, one for each level of the category; what stands above them
is its title, what stands below the last area is its footer.
"""

import calendar
import csv
import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

AREA_CODE = re.compile(r"[EWSNK]\d{8}")
ENDS = 1 << 18  # bytes at either end of a file in which header and footer are sought
ENCODINGS = ("utf-8-sig", "cp1252")
TOTAL = "Total"  # what the label of a sum begins with, whichever table's
MONTHS = list(calendar.month_abbr)
MEASURE = re.compile(r"\s*;\s*measures?\s*:\s*value\s*$", re.IGNORECASE)
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


class Country(NamedTuple):
    """What the codes of one census' areas and tables look like."""

    areas: str  # a regular expression
    tables: str
    unit: str


COUNTRIES = {
    "England and Wales": Country(r"[EW]00\d{6}", r"ts\d{3}[a-z]?", "Output Area"),
    "Scotland": Country(r"S00\d{6}", r"uv\d{3}[a-z]?", "Output Area"),
    "Northern Ireland": Country(
        r"N[02]0\d{6}", r"[a-z]+-?[a-z]?\d+[a-z]?", "Data Zone"
    ),
}


class TopicFile(NamedTuple):
    """A CSV that holds a topic table; `member` is '' where it lies in no zip."""

    table_name: str
    path: Path
    member: str

    @property
    def label(self) -> str:
        """Return how sentences name it."""
        name = self.member.rpartition("/")[2]
        return f"{name} in {self.path.name}" if name else self.path.name


class Layout(NamedTuple):
    """Where a file's data stand and what its columns are."""

    title: str
    census_year: str  # '' where the file doesn't say
    labels: list[str]  # one for each column, cells by their path: Owned: Owns outright
    area_column: int
    first_byte: int  # of the first row of data
    encoding: str


def find_topic_files(paths: Iterable[Path], wanted: list[str]) -> list[TopicFile]:
    """Return the one file of each wanted table that is there, in the tables' order.

    Raises ValueError for a damaged zip, for two files of one table, and for a table
    that is there for other areas than Output Areas only.
    """
    found: dict[str, list[TopicFile]] = {}
    elsewhere: dict[str, list[TopicFile]] = {}
    for file in candidates(paths, wanted):
        level = geography_of(file)
        (found if level in ("", "oa") else elsewhere).setdefault(
            file.table_name, []
        ).append(file)
    for table, files in elsewhere.items():
        if table not in found:
            levels = sorted({geography_of(file) for file in files})
            raise ValueError(
                f"{files[0].path.name} holds table {table} by {', '.join(levels)}, not "
                f"by Output Area (oa); download the zip that has {table}-oa.csv in it"
            )
    for table, files in found.items():
        if len(files) > 1:
            labels = " and ".join(file.label for file in files[:3])
            raise ValueError(
                f"{len(files)} files hold table {table}: {labels}; leave one in the "
                "folder"
            )
    return [files[0] for _, files in sorted(found.items())]


def candidates(paths: Iterable[Path], wanted: list[str]) -> Iterator[TopicFile]:
    """Find the files, in zips or out of them, whose name or title is a wanted table."""
    for path in sorted(paths):
        if path.suffix.lower() != ".zip":
            table = table_of(path.stem, wanted) or table_of(title_of(path), wanted)
            if table:
                yield TopicFile(table, path, "")
            continue
        with opened_zip(path) as archive:
            members = archive.namelist()
        for member in members:
            name = member.rpartition("/")[2]
            table = table_of(name, wanted) if name.lower().endswith(".csv") else ""
            if table:
                yield TopicFile(table, path, member)


def table_of(text: str, wanted: list[str]) -> str:
    """Return the table whose code a name or title bears, '' for none."""
    words = re.findall(r"[a-z0-9]+(?:-[a-z]\d+)?", text.lower())
    return next((table for table in wanted if table in words), "")


def title_of(path: Path) -> str:
    """Return a CSV's first lines, in which a table builder names the table."""
    with path.open("rb") as opened:
        return decoded(opened.read(400))[0]


def geography_of(file: TopicFile) -> str:
    """Return the level that a bulk file's name ends with: oa, lsoa, ltla; or ''."""
    name = (file.member or file.path.name).lower()
    bulk = rf"census\d{{4}}-{re.escape(file.table_name)}-([a-z]+)\.csv$"
    match = re.search(bulk, name)
    return match[1] if match else ""


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; raise ValueError for a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DAMAGED_ZIP as error:
        raise ValueError(
            f"{path.name} is damaged or was cut short ({error}); download it again"
        ) from error


@contextmanager
def opened(file: TopicFile) -> Iterator[IO[bytes]]:
    """Open a topic file's bytes, in a zip or out of it."""
    if not file.member:
        with file.path.open("rb") as content:
            yield content
        return
    with opened_zip(file.path) as archive, archive.open(file.member) as content:
        yield content


def decoded(content: bytes) -> tuple[str, str]:
    """Return text and its encoding: UTF-8, or what Excel makes of it."""
    for encoding in ENCODINGS:
        try:
            # A character may be cut in two where the reading ended.
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.start >= len(content) - 3:
                return content[: error.start].decode(encoding), encoding
    return content.decode("latin-1"), "latin-1"


def read_layout(file: TopicFile) -> Layout | None:
    """Read where a file's data begin and what its columns are; None without any data.

    Raises ValueError where rows of data hold no area code or the header doesn't fit.
    """
    with opened(file) as content:
        start = content.read(ENDS)
    encoding = decoded(start)[1]
    above: list[tuple[int, list[str]]] = []  # first byte and fields of each line
    position = 0
    for line in start.splitlines(keepends=True):
        text = line.decode(encoding, errors="replace").lstrip("\ufeff")
        fields = next(csv.reader([text]), [])
        area_column = area_column_of(fields)
        if area_column is not None:
            return make_layout(file, above, fields, area_column, position, encoding)
        above.append((position, fields))
        position += len(line)
    data = next((fields for _, fields in above if holds_counts(fields)), None)
    if data is None:
        return None
    raise ValueError(
        f"{file.label} has no area codes but “{data[0][:40]}” in its first columns; "
        "download the table by Output Area, with codes"
    )


def holds_counts(fields: list[str]) -> bool:
    """Tell a row of numbers, with a name before them, from a line of text."""
    numbers = [field.strip().replace(",", "") for field in fields[1:]]
    return bool(numbers) and all(
        number == "-" or number.replace(".", "", 1).isdigit() for number in numbers
    )


def area_column_of(fields: list[str]) -> int | None:
    """Return which of a row's first three fields is an area code."""
    for column, field in enumerate(fields[:3]):
        if AREA_CODE.fullmatch(field.strip()):
            return column
    return None


def first_cell_of(fields: list[str]) -> int:
    """Return the column behind a row's codes: Nomis gives a code, then once more."""
    codes = [
        n for n, field in enumerate(fields[:3]) if AREA_CODE.fullmatch(field.strip())
    ]
    return codes[-1] + 1


def make_layout(
    file: TopicFile,
    above: list[tuple[int, list[str]]],
    first: list[str],
    area_column: int,
    first_byte: int,
    encoding: str,
) -> Layout:
    """Tell the header from the title and read both."""
    header: list[list[str]] = []
    rest = [fields for _, fields in above]
    while rest and len(rest[-1]) == len(first):
        header.insert(0, rest.pop())
    if not header:
        wide = len(rest[-1]) if rest else 0
        raise ValueError(
            f"{file.label} has {len(first)} columns of data but {wide} names above "
            "them; download it again"
        )
    title = " ".join(" ".join(filter(None, fields)) for fields in rest).strip()
    return Layout(
        title,
        year_of(file, rest, header[-1], first),
        read_labels(header, first_cell_of(first)),
        area_column,
        first_byte,
        encoding,
    )


def year_of(
    file: TopicFile, title: list[list[str]], names: list[str], first: list[str]
) -> str:
    """Return the year of the census that a file says it is of, '' where it doesn't."""
    if names[0].strip().lower() == "date":
        return first[0].strip()[:4]
    dated = [fields[1] for fields in title if fields[:1] == ["Date"] and fields[1:]]
    lines = [" ".join(fields) for fields in title]
    sources = [*dated, *names[:3], *lines, file.member, file.path.name]
    for text in sources:
        pattern = r"^\D{0,2}((?:19|20)\d\d)\b|census\W{0,3}((?:19|20)\d\d)"
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return match[1] or match[2]
    return ""


def read_labels(header: list[list[str]], first_cell: int) -> list[str]:
    """Return a cell's path for each column: its levels from the header's rows.

    What all columns from the `first_cell` on begin with, the name of the whole
    classification, says nothing; in the table builder's files they don't.
    """
    if len(header) > 1:
        header = [filled(header[0]), *header[1:]]
    labels = [
        ": ".join(filter(None, (plain_label(level) for level in levels)))
        for levels in zip(*header, strict=True)
    ]
    starts = {label.partition(": ")[0] for label in labels[first_cell:]}
    if len(header) == 1 and len(starts) == 1 and starts != {TOTAL}:
        return [label.partition(": ")[2] or label for label in labels]
    return labels


def filled(levels: list[str]) -> list[str]:
    """Repeat a level over the columns that it spans, where it stands once."""
    result: list[str] = []
    for place, level in enumerate(levels):
        result.append(level if level.strip() or place < 2 else result[-1])
    return result


def plain_label(text: str) -> str:
    """Return a label without its measure and odd blanks, and as it was before Excel."""
    text = MEASURE.sub("", " ".join(text.split()))
    text = re.sub(r"\s*:\s*", ": ", text).strip(" :")
    return undo_excel(text)


def undo_excel(text: str) -> str:
    """Return the range of ages that Excel took for a date: Mar-15 was 3 - 15."""
    match = re.fullmatch(r"([A-Za-z]{3})-(\d{1,2})|(\d{1,2})-([A-Za-z]{3})", text)
    if not match:
        return text
    month = (match[1] or match[4]).capitalize()
    if month not in MONTHS:
        return text
    number = MONTHS.index(month)
    if match[1]:
        return f"{number} - {int(match[2])}"
    return f"{int(match[3])} - {number}"


def comparable(label: str) -> str:
    """Return a label as it is compared: without case, odd dashes, double blanks."""
    return plain_label(re.sub("[\u2010-\u2015\u2212]", "-", label)).casefold()


def column_of(file: TopicFile, layout: Layout, cell: str, variables: str) -> int:
    """Return the column of a cell. Raises ValueError where there is none or several."""
    wanted = comparable(cell)
    places = [n for n, name in enumerate(layout.labels) if comparable(name) == wanted]
    if len(places) == 1:
        return places[0]
    if places:
        raise ValueError(f"{file.label} has {len(places)} columns called {cell}")
    known = [name for n, name in enumerate(layout.labels) if n > layout.area_column]
    raise ValueError(
        f"{file.label} has no column {cell}, which {variables} asks for."
        f"{nearest(cell, known)}"
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ' Did you mean Christian?', or what is known."""
    choices = list(known)
    matches = difflib.get_close_matches(name, choices, n=1)
    if matches:
        return f" Did you mean {matches[0]}?"
    return f" Known: {', '.join(choices)}"


def split_footer(tail: bytes, layout: Layout) -> tuple[bytes, str]:
    """Cut what stands below the last area off a file's last bytes; return both."""
    lines = tail.splitlines(keepends=True)
    footer: list[bytes] = []
    while lines and not begins_with_area(lines[-1], layout):
        footer.insert(0, lines.pop())
    text = b" ".join(footer).decode(layout.encoding, errors="replace")
    return b"".join(lines), " ".join(text.replace('"', " ").split())


def begins_with_area(line: bytes, layout: Layout) -> bool:
    """Tell whether a line holds an area code where the data have theirs."""
    text = line.decode(layout.encoding, errors="replace")
    fields = next(csv.reader(io.StringIO(text)), [])
    return area_column_of(fields) == layout.area_column
