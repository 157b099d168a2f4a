"""Zips: the wanted files of each `input_data*.zip` are unpacked into its folder."""

import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from placetypes.inputs.find import matches_any
from placetypes.inputs.rules import refusal

# Beyond both, a member is no table or boundary file but made to fill a disk.
MOST_TIMES, MOST_BYTES = 200, 2**30
DAMAGED = (
    *(zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError),
    *(zlib.error, lzma.LZMAError, struct.error, IndexError),
)


def unpack_zips(folder: Path, wanted: list[str]) -> list[str]:
    """Unpack the wanted files of each `input_data*.zip`; say what was unpacked.

    Files that already lie in the folder are kept. Folders inside the zip don't count.
    Raises PlacetypesError for a damaged zip or one whose paths lead outside.
    """
    messages = []
    for archive in sorted(folder.glob("input_data*.zip")):
        try:
            with zipfile.ZipFile(archive) as opened:
                unpacked = unpack(opened, archive.name, folder, wanted)
        except DAMAGED as error:
            raise refusal(
                "zip_unreadable", file=archive.name, reason=str(error)
            ) from error
        except RuntimeError as error:  # zipfile's word for a password
            raise refusal("zip_locked", file=archive.name, reason=str(error)) from error
        if unpacked:
            messages.append(f"{archive.name}: unpacked {', '.join(unpacked)}")
    return messages


def unpack(
    archive: zipfile.ZipFile, name: str, folder: Path, wanted: list[str]
) -> list[str]:
    """Write the zip's wanted files into the folder under their bare names."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    for member in members:
        inside = path_inside(member)
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if (
            inside.is_absolute()
            or ".." in inside.parts
            or ":" in "".join(inside.parts[:1])
            or is_link
        ):
            raise refusal("zip_outside", file=name, member=ascii(member.filename)[1:-1])
    unpacked: list[str] = []
    for member in members:
        target = folder / path_inside(member).name
        if not matches_any(target.name, wanted):
            continue
        if target.name in unpacked:
            raise refusal("zip_twice", file=name, member=target.name)
        if not target.exists():
            refuse_too_large(member, name)
            write_member(archive, member, target)
            unpacked.append(target.name)
    return unpacked


def path_inside(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's path; some programs write Windows' separators."""
    return PurePosixPath(member.filename.replace("\\", "/"))


def refuse_too_large(member: zipfile.ZipInfo, name: str) -> None:
    """Refuse a member that would unpack to far more than any table does."""
    times = member.file_size // max(member.compress_size, 1)
    if times > MOST_TIMES and member.file_size > MOST_BYTES:
        raise refusal(
            "zip_too_large",
            file=name,
            member=member.filename,
            size=member.file_size,
            times=times,
        )


def write_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path
) -> None:
    """Write one member whole, or leave nothing of it."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        with archive.open(member) as source, partial.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
