"""A release for machines: datapackage.json, croissant.json, CITATION.cff.

Data Package 1 (specs.frictionlessdata.io), Croissant 1.0
(docs.mlcommons.org/croissant), Citation File Format 1.2.0
(citation-file-format.github.io).
"""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from placetypes.release.codebook import Column
from placetypes.release.contents import Contents, DataFile

CONTEXT = json.loads(Path(__file__).with_name("croissant_context.json").read_text())
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".gpkg": "application/geopackage+sqlite3",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CROISSANT_TYPES = {
    "boolean": "sc:Boolean",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "string": "sc:Text",
}
NOBODY = "Anonymous"  # what the Citation File Format asks for where no author is named


def as_json(content: dict[str, Any]) -> str:
    """Return JSON that people can read."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def datapackage(contents: Contents) -> str:
    """Return datapackage.json: each file, and of CSVs each column."""
    package = {
        "name": contents.slug,
        "title": contents.title,
        "description": contents.abstract,
        "version": contents.citation.version,
        "keywords": contents.job.release["keywords"],
        "licenses": [licence_data(contents.licence)],
        "contributors": [
            {"title": author, "role": "author"} for author in contents.citation.authors
        ],
        "sources": [
            {"title": f"{source.meaning} ({source.file})"}
            for source in contents.sources
        ],
        "resources": [resource(contents, file) for file in contents.files],
    }
    return as_json({key: value for key, value in package.items() if value})


def licence_data(licence: dict[str, str]) -> dict[str, str]:
    """Return a licence as Data Packages describe it."""
    return {"name": licence["spdx"], "title": licence["name"], "path": licence["url"]}


def resource(contents: Contents, file: DataFile) -> dict[str, Any]:
    """Return one file as Data Packages describe it."""
    suffix = PurePosixPath(file.name).suffix
    described = {
        "name": PurePosixPath(file.name).name.replace(".", "-"),
        "path": file.name,
        "title": file.about,
        "format": suffix.removeprefix("."),
        "mediatype": MEDIA_TYPES[suffix],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if suffix != ".csv":
        return {**described, "type": "file"}
    fields = [field(column) for column in columns_of(contents, file)]
    key = primary_key(contents, file)
    schema = {"fields": fields, **({"primaryKey": key} if key else {})}
    return {
        **described,
        "profile": "tabular-data-resource",
        "type": "table",
        "encoding": "utf-8",
        "schema": schema,
    }


def columns_of(contents: Contents, file: DataFile) -> list[Column]:
    """Return the codebook's lines of a file."""
    name = PurePosixPath(file.name).name
    return [column for column in contents.codebook if column.file == name]


def field(column: Column) -> dict[str, Any]:
    """Return a column as Table Schema describes it."""
    unit = {"unit": column.unit} if column.unit else {}
    return {
        "name": column.column,
        "type": column.type,
        "description": column.meaning,
        **unit,
    }


def primary_key(contents: Contents, file: DataFile) -> list[str]:
    """Return the columns whose values are unique, as tables.yml promises it."""
    promises = contents.job.tables[file.entry["table"]].get("checks", [])
    renamed = file.entry.get("rename", {})
    kept = {column.column for column in columns_of(contents, file)}
    for promise in promises:
        said = promise.get("unique", [])
        names = [said] if isinstance(said, str) else said
        dropped = file.entry.get("without", []) if "where" in file.entry else []
        key = [renamed.get(name, name) for name in names if name not in dropped]
        if key and kept.issuperset(key):
            return key
    return []


def croissant(contents: Contents) -> str:
    """Return croissant.json: each file, and of CSVs a record set with its fields."""
    citation = contents.citation
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": contents.slug,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": contents.abstract,
        "license": contents.licence["url"],
        "keywords": contents.job.release["keywords"],
        "url": contents.job.release["url"],
        "version": citation.version,
        "citeAs": contents.cited,
        "creator": [
            {"@type": "sc:Person" if ", " in author else "sc:Organization"}
            | {"name": author}
            for author in citation.authors or [NOBODY]
        ],
        **({"datePublished": citation.date} if citation.date else {}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": PurePosixPath(file.name).name,
                "description": file.about,
                "contentUrl": file.name,
                "contentSize": f"{file.bytes} B",
                "encodingFormat": MEDIA_TYPES[PurePosixPath(file.name).suffix],
                "sha256": file.sha256,
            }
            for file in contents.files
        ],
        "recordSet": [
            record_set(contents, file)
            for file in contents.files
            if file.name.endswith(".csv")
        ],
    }
    return as_json(described)


def record_set(contents: Contents, file: DataFile) -> dict[str, Any]:
    """Return a CSV's columns as Croissant describes them."""
    name = PurePosixPath(file.name).stem
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": file.about,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.column}",
                "name": column.column,
                "description": column.meaning,
                "dataType": CROISSANT_TYPES[column.type],
                "source": {
                    "fileObject": {"@id": file.name},
                    "extract": {"column": column.column},
                },
            }
            for column in columns_of(contents, file)
        ],
    }


def citation_file(contents: Contents) -> str:
    """Return CITATION.cff."""
    citation = contents.citation
    described = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them, and their sources as "
        "LICENCES.md says.",
        "type": "dataset",
        "title": contents.title,
        "abstract": contents.abstract,
        "authors": [cff_author(author) for author in citation.authors or [NOBODY]],
        "version": citation.version,
        **({"date-released": citation.date} if citation.date else {}),
        "license": contents.licence["spdx"],
        "keywords": contents.job.release["keywords"],
    }
    return yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=88)


def cff_author(author: str) -> dict[str, str]:
    """Return an author: a person if it reads "Family, Given", else an institution."""
    family, comma, given = author.partition(", ")
    if comma:
        return {"family-names": family, "given-names": given}
    return {"name": author}
