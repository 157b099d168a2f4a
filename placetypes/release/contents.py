"""What goes into a release: data, codebook, sources with licences, how to make it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.database import is_synthetic
from placetypes.exports.documented import (
    Source,
    licences_of,
    read_parameters,
    read_software,
    read_sources,
)
from placetypes.job import Job
from placetypes.publishing import hash_of, read_manifest
from placetypes.release.codebook import Column, read_codebook
from placetypes.runner.project import Project

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection


class Citation(NamedTuple):
    """Who made a release and which one it is, as its maker says."""

    version: str
    authors: list[str]  # "Family, Given", or an institution's name
    date: str  # of the release; empty if it isn't said


class DataFile(NamedTuple):
    """A file of data: its name in the release, where it is, what it holds."""

    name: str
    path: Path
    entry: dict[str, Any]
    about: str
    sha256: str
    bytes: int


class Contents(NamedTuple):
    """All that a release tells of a job's result."""

    job: Job
    citation: Citation
    title: str
    abstract: str
    files: list[DataFile]
    codebook: list[Column]
    sources: list[Source]
    parameters: dict[str, Any]
    software: dict[str, str]
    commit: str
    given_names: list[Path]  # files of the output folder that the data are made from

    @property
    def slug(self) -> str:
        """Return the release's name for folders and identifiers."""
        return f"{self.job.name}-{self.citation.version}"

    @property
    def licences(self) -> dict[str, dict[str, str]]:
        """Return the licences of the sources that were used, as job.yml says them."""
        return licences_of(self.job, self.sources)

    @property
    def cited(self) -> str:
        """Return how a text cites the release."""
        who = f"{'; '.join(self.citation.authors)}: " if self.citation.authors else ""
        when = f", {self.citation.date}" if self.citation.date else ""
        return f"{who}{self.title}, version {self.citation.version}{when}."

    @property
    def licence(self) -> dict[str, str]:
        """Return the licence of the release itself."""
        return self.job.release["licences"][self.job.release["licence"]]


def gather(
    connection: "Connection",
    project: Project,
    job: Job,
    output: Path,
    citation: Citation,
) -> Contents:
    """Gather what a job's published result says of itself."""
    parameters = read_parameters(connection, project, job)
    files = [
        DataFile(
            f"data/{file}",
            path,
            entry,
            entry.get("about") or one_row_of(project, job, entry["table"]),
            hash_of(path),
            path.stat().st_size,
        )
        for file, entry in job.exports.items()
        if (path := output / job.name / file).is_file()
        and f"{job.name}/{file}" in read_manifest(output)["files"]
    ]
    names = [file.path.name for file in files]
    sources = read_sources(connection, job)
    made_up = "Synthetic demo, its figures invented: " * is_synthetic(connection)
    said = {key: plain(value) for key, value in parameters.items()}
    return Contents(
        job,
        citation,
        made_up + job.release["title"].format_map(said),
        made_up + job.release["abstract"].format_map(said),
        files,
        read_codebook(connection, job, names),
        sources,
        parameters,
        *read_software(connection),
        [
            output / job.name / source.file
            for source in sources
            if job.inputs[source.name].get("in_output")
        ],
    )


def plain(value: Any) -> str:
    """Return a parameter's value as it stands in a sentence."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def one_row_of(project: Project, job: Job, table: str) -> str:
    """Return what one row of a table is, as its model says."""
    return project.models[f"{job.name}.{table}"].one_row
