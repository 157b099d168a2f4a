"""Input files: found by name in the input folder, hashed.

What a job expects stands under `inputs` in its job.yml or in a part.yml.
"""

import atexit
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from placetypes.errors import PlacetypesError, listed, nearest
from placetypes.inputs.rules import refusal

ABSENT = "no_"  # how the name of what stands in for an optional file begins


class InputFile(NamedTuple):
    """A file that a job reads: where it is, what it holds, what SQL may call it."""

    name: str
    path: Path
    sha256: str
    details: dict[str, Any]  # layer, geometry, messages: known once it is checked
    checked: str  # hash of the content and of the rules that it met
    files: tuple[Path, ...] = ()  # of an entry that takes many; `path` is their folder
    stamps: tuple[int, ...] = ()  # size and time of its parts when it was hashed

    @property
    def messages(self) -> list[str]:
        """Return what must be told of the file, and of it beside another."""
        apart = (self.details.get(key, {}) for key in ("beside", "wholes"))
        told = [message for found in apart for message in found.get("messages", [])]
        return [*self.details.get("messages", []), *told]

    @property
    def handed(self) -> Path | list[Path]:
        """Return what a step is handed: the path, or the paths where it takes many."""
        return list(self.files) if self.files else self.path

    @property
    def variables(self) -> dict[str, Any]:
        """Return the SQL variables that stand for the file."""
        if self.files:
            return {self.name: [str(path) for path in self.files]}
        derived = {
            f"{self.name}_{key}": self.details[key]
            for key in ("layer", "geometry", "crs")
            if key in self.details
        }
        # What a geometry file holds was written anew for SQL: see geometry.py.
        written = content_path(self.path, self.sha256)
        place = written if "layer" in self.details else self.path
        return {self.name: str(place), **derived}


def file_pattern(entry: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Return an input's file name or pattern, which may be a parameter."""
    return from_parameter(entry["file"], parameters)


def from_parameter(value: Any, parameters: dict[str, Any]) -> Any:
    """Return what `{parameter: name}` refers to, or the value itself."""
    if isinstance(value, dict) and "parameter" in value:
        return parameters[value["parameter"]]
    return value


def matches_any(name: str, patterns: list[str]) -> bool:
    """Tell whether a file name fits one of the patterns."""
    return any(fnmatch(name, pattern) for pattern in patterns)


def ensure_demo(place: Path) -> Path:
    """Let a demo's module, data/demo.py, write its files; return their folder."""
    specification = importlib.util.spec_from_file_location(place.stem, place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.ensure_demo(place.with_suffix(""))


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that fit a name, or patterns with | between.

    What has a folder of its own, such as data/models/oac2021.json, is a path.
    """
    patterns = [part.strip() for part in pattern.split("|")]
    paths = [Path(part).expanduser() for part in patterns if Path(part).name != part]
    if not folder.is_dir():
        return [path for path in paths if path.is_file()]
    refuse_bytes_in_names(folder, patterns)
    return [path for path in paths if path.is_file()] + sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and matches_any(path.name, patterns) and path.name[0] != "."
    )


def refuse_bytes_in_names(folder: Path, patterns: list[str]) -> None:
    """Stop where the name of a file that fits isn't text, which no SQL can open."""
    for path in folder.iterdir():
        if not path.name.isascii() and matches_any(path.name, patterns):
            try:
                path.name.encode()
            except UnicodeEncodeError as error:
                raise refusal("name_not_text", file=ascii(path.name)[1:-1]) from error


def find_file(folder: Path, pattern: str) -> Path | None:
    """Return the one file of a folder that fits a name or pattern, None without one."""
    found = files_in(folder, pattern)
    if len(found) > 1:
        raise PlacetypesError(
            f"{folder}: {len(found)} files fit {pattern} "
            f"({listed(path.name for path in found)}); leave one."
        )
    return found[0] if found else None


def own_patterns(inputs: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """Return the patterns of the files that only a user can bring."""
    return [
        pattern.strip()
        for entry in inputs.values()
        if not entry.get("in_output")
        for pattern in file_pattern(entry, values).split("|")
    ]


def holds_any(inputs: dict[str, Any], folder: Path, values: dict[str, Any]) -> bool:
    """Tell whether a folder holds at least one of the input files."""
    return any(
        files_in(folder, file_pattern(entry, values)) for entry in inputs.values()
    )


def find_input(
    name: str,
    entry: dict[str, Any],
    folder: Path,
    root: Path,
    output: Path,
    parameters: dict[str, Any],
) -> InputFile:
    """Find and hash an input file, or all files of an entry that takes `many`.

    An entry `from_job` is, where the folder lacks it, the file that another job made in
    the output folder. Raises PlacetypesError where a file is missing that is needed.
    """
    pattern = file_pattern(entry, parameters)
    made = output / entry["from_job"] if "from_job" in entry else None
    files: tuple[Path, ...] = ()
    if entry.get("many"):
        files = tuple(path.resolve() for path in files_in(folder, pattern))
        if not files:
            raise PlacetypesError(f"{folder} holds no {entry['meaning']}.")
    if files:
        path = folder.resolve()
        stamps, sha256 = stamps_of(*files), hash_files(files)
    else:
        is_here = bool(files_in(folder, pattern))
        is_made = made is not None and made.exists() and not is_here
        path = (
            made.resolve() if is_made else locate(name, entry, folder, root, parameters)
        )
        stamps, sha256 = stamps_of(path), hash_file(path)
    checked = rules_hash(sha256, entry, parameters)
    return InputFile(name, path, sha256, {}, checked, files, stamps)


def locate(
    name: str,
    entry: dict[str, Any],
    folder: Path,
    root: Path,
    parameters: dict[str, Any],
) -> Path:
    """Return the path of an input, of a stand-in where an optional one isn't there.

    `folder` is the input folder, or for an entry `in_output` the job's output folder.
    Raises PlacetypesError where a file is missing that is needed.
    """
    patterns = [
        pattern.strip() for pattern in file_pattern(entry, parameters).split("|")
    ]
    for pattern in patterns:
        path = find_file(folder, pattern)
        if path is not None:
            return path.resolve()
    refuse_folder(folder, patterns, entry)
    if "project_file" in entry and not is_needed(entry, parameters):
        return root / entry["project_file"]
    if entry.get("optional") and not is_needed(entry, parameters):
        return absent_file(entry, parameters)
    neighbours = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    hint = nearest(patterns[0], neighbours) if neighbours else " The folder is empty."
    hint = hint.replace("Known:", "The folder holds")
    if "from_job" in entry:
        hint += f" The job {entry['from_job'].partition('/')[0]} makes it."
    raise PlacetypesError(
        f"{' or '.join(patterns)} is missing from {folder} ({entry['meaning']}).{hint}"
    )


def refuse_folder(folder: Path, patterns: list[str], entry: dict[str, Any]) -> None:
    """Say so where a folder, a pipe or a broken link bears the name of the file."""
    named = [path for path in map(Path, patterns) if path.name != str(path)]
    there = [path for path in named if os.path.lexists(path.expanduser())]
    if folder.is_dir():
        there += [p for p in folder.iterdir() if matches_any(p.name, patterns)]
    for path in (path.expanduser() for path in there):
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "a pipe, a device or a broken link"
            raise refusal(
                "not_a_file",
                file=path.name,
                folder=path.parent,
                kind=kind,
                meaning=entry["meaning"],
            )


def is_needed(entry: dict[str, Any], parameters: dict[str, Any]) -> bool:
    """Tell whether an otherwise optional file is necessary.

    It is where a user names it, or where a parameter's value says so.
    """
    pattern = file_pattern(entry, parameters)
    if pattern not in ("", entry.get("usual_file", pattern)):
        return True
    conditions = entry.get("needed_when", {})
    return bool(conditions) and all(
        parameters[name] == value for name, value in conditions.items()
    )


def is_absent(entry: dict[str, Any], file: str) -> bool:
    """Tell whether a noted file is what stood in for an optional one."""
    return bool(entry.get("optional")) and file.startswith(ABSENT)


@cache
def absent_folder() -> Path:
    """Return a folder for stand-ins, which goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="placetypes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def absent_file(entry: dict[str, Any], parameters: dict[str, Any]) -> Path:
    """Write what stands in for an optional file: its columns and no rows.

    Where a step reads the file, which then has no columns here, it is empty.
    """
    named = isinstance(entry["file"], str)
    file = PurePosixPath(entry["file"] if named else "file.csv")
    columns = list(expected_columns(entry, parameters))
    header = ",".join(columns) + "\n" if columns else ""
    content = {".json": "[]\n", ".jsonl": ""}.get(file.suffix, header)
    digest = hashlib.sha256(content.encode()).hexdigest()
    path = absent_folder() / digest / f"{ABSENT}{file.name}"
    path.parent.mkdir(exist_ok=True)
    if file.suffix == ".gpkg" or entry.get("geometry"):
        return absent_boundaries(path.with_suffix(".fgb"), columns)
    path.write_text(content, "utf-8")
    return path


def absent_boundaries(path: Path, columns: list[str]) -> Path:
    """Write a layer without areas: a FlatGeobuf, whose bytes hold no time of day."""
    import pyarrow as pa
    import pyogrio.raw

    fields = [(name, pa.string()) for name in columns]
    table = pa.schema([*fields, ("geometry", pa.binary())]).empty_table()
    pyogrio.raw.write_arrow(
        table,
        path,
        geometry_name="geometry",
        geometry_type="MultiPolygon",
        crs="EPSG:27700",
    )
    return path


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's content, of a shapefile's in all its parts."""
    digests = []
    for part in (path, *sidecars(path)):
        with part.open("rb") as opened:
            digests.append(hashlib.file_digest(opened, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def sidecars(path: Path) -> list[Path]:
    """Return the other files of a shapefile that decide what is read of it."""
    if path.suffix.lower() != ".shp":
        return []
    return [
        beside
        for beside in sorted(path.parent.iterdir())
        if beside.stem == path.stem
        and beside.suffix.lower() in (".dbf", ".shx", ".prj", ".cpg")
    ]


def content_path(path: Path, sha256: str) -> Path:
    """Return where what was read of a geometry file waits for SQL, as GeoParquet."""
    folder = absent_folder() / sha256
    folder.mkdir(exist_ok=True)
    return folder / f"{path.stem}.parquet"


def is_ready(file: InputFile, details: dict[str, Any] | None) -> bool:
    """Tell whether a file is checked, and what SQL reads of it is there."""
    if details is None:
        return False
    return "layer" not in details or content_path(file.path, file.sha256).exists()


def stamps_of(*paths: Path) -> tuple[int, ...]:
    """Return size and time of change of files and of what belongs to them."""
    found = [part.stat() for path in paths for part in (path, *sidecars(path))]
    return tuple(n for stat in found for n in (stat.st_size, stat.st_mtime_ns))


def refuse_changed(found: dict[str, dict[str, InputFile]]) -> None:
    """Stop where a file of any job is no longer what it was when it was hashed."""
    for file in (file for files in found.values() for file in files.values()):
        paths = file.files or (file.path,)
        are_there = all(path.exists() for path in paths)
        if are_there and stamps_of(*paths) == file.stamps:
            continue
        hashing = hash_files if file.files else lambda only: hash_file(*only)
        if not are_there or hashing(paths) != file.sha256:
            raise refusal("file_changed", file=file.path.name)


def hash_files(paths: Iterable[Path]) -> str:
    """Return one sha256 of several files' names and contents."""
    named = "\n".join(f"{path.name} {hash_file(path)}" for path in paths)
    return hashlib.sha256(named.encode()).hexdigest()


def rules_hash(sha256: str, entry: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Hash what a check depends on: the content, the rules, parameters in them."""
    resolved = {
        key: from_parameter(value, parameters)
        for key, value in entry.items()
        if key not in ("meaning", "columns", "licence", "private")
    }
    columns = expected_columns(entry, parameters)
    missing = [parameters.get(name) for name in ("missing_values", "missing_codes")]
    text = json.dumps([sha256, resolved, columns, missing], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def expected_columns(
    entry: dict[str, Any], parameters: dict[str, Any]
) -> dict[str, str]:
    """Return the necessary columns with their kinds; names may be parameters."""
    named = parameters_of_columns(entry, parameters)
    return {column: kind for _, column, kind in named}


def parameters_of_columns(
    entry: dict[str, Any], parameters: dict[str, Any]
) -> list[tuple[str, str, str]]:
    """Return for each expected column the parameter that names it, name and kind."""
    columns = []
    for name, kind in entry.get("columns", {}).items():
        parameter = name.removeprefix("$")
        value = parameters[parameter] if name.startswith("$") else name
        # A parameter that is empty names no column.
        for column in filter(None, value if isinstance(value, list) else [value]):
            columns.append((parameter, column, kind))
    return columns
