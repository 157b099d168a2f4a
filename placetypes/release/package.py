"""A release as a folder and a zip, whose bytes depend on what is in it alone."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from placetypes.errors import PlacetypesError
from placetypes.publishing import hash_of
from placetypes.release import metadata, texts
from placetypes.release.contents import Contents

WRITERS: dict[str, Callable[[Contents], str]] = {
    "README.md": texts.readme,
    "LICENCES.md": texts.licences,
    "CITATION.cff": metadata.citation_file,
    "codebook.csv": texts.codebook,
    "datapackage.json": metadata.datapackage,
    "croissant.json": metadata.croissant,
    "remake/pipeline.toml": texts.parameters,
    "remake/inputs.csv": texts.sources,
}
CHECKSUMS = "SHA256SUMS"
SAME_TIME = (1980, 1, 1, 0, 0, 0)  # of files in a zip, in place of that of writing
READABLE = 0o644 << 16


def refuse_existing(folder: Path) -> None:
    """Raise PlacetypesError where a release is already there: it may be cited."""
    for place in (folder, zip_of(folder)):
        if place.exists():
            raise PlacetypesError(
                f"{place} exists, and others may cite it: give another --version, or "
                "another folder with --to."
            )


def zip_of(folder: Path) -> Path:
    """Return the path of a release's zip, beside its folder."""
    return folder.with_name(f"{folder.name}.zip")


def write_release(contents: Contents, folder: Path) -> int:
    """Write the folder and its zip, whole or not at all; return how many files."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        fill(contents, partial)
        packed = zip_of(partial)
        files = pack(partial, folder.name, packed)
        packed.replace(zip_of(folder))
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        zip_of(partial).unlink(missing_ok=True)
    return files


def fill(contents: Contents, folder: Path) -> None:
    """Write the release's files into an empty folder."""
    copies = {file.name: file.path for file in contents.files}
    copies |= {f"remake/{path.name}": path for path in contents.given_names}
    for name, path in copies.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name, write in WRITERS.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(write(contents), "utf-8", newline="\n")
    sums = [f"{hash_of(path)}  {name}\n" for name, path in files_in(folder)]
    (folder / CHECKSUMS).write_text("".join(sums), "utf-8", newline="\n")


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """Return a folder's files by their names below it, in order."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted((path.relative_to(folder).as_posix(), path) for path in files)


def pack(folder: Path, name: str, target: Path) -> int:
    """Pack a folder, under its name to be; return how many files it has."""
    files = files_in(folder)
    with ZipFile(target, "w") as packed:
        for file, path in files:
            entry = ZipInfo(f"{name}/{file}", SAME_TIME)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, READABLE
            entry.create_system = 3  # the same on every system
            entry.file_size = path.stat().st_size
            with packed.open(entry, "w") as written, path.open("rb") as opened:
                shutil.copyfileobj(opened, written)
    return len(files)
