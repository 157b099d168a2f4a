"""Lineage in words: how the page names a table's columns and what they come from."""

from typing import Any, NamedTuple

from placetypes.catalogue.columns import (
    CHOICE,
    GROUP,
    NAMES,
    OTHERS,
    ROWS,
    VALUE,
    Lineage,
    Source,
    Sources,
)
from placetypes.catalogue.lineage import plain, sources_of
from placetypes.catalogue.model_graph import file_key, parameter_key
from placetypes.runner.project import Model, Project

# How a source is introduced, strongest first: of one source only the strongest is told.
ROLE_WORDS = {
    VALUE: "from",
    NAMES: "names of",
    CHOICE: "chosen by",
    GROUP: "grouped or ordered by",
    ROWS: "rows of",
}
ROLES = list(ROLE_WORDS)
KINDS = ("column", "table", "file", "parameter", "former", "unknown")


class Link(NamedTuple):
    """A word on the page and the place that tells more of it, '' for none."""

    label: str
    place: str


class Table(NamedTuple):
    """What the page knows of a table's columns."""

    meanings: dict[str, str]
    types: dict[str, str]
    named: list[str]  # each has a row on the page
    has_others: bool  # so have all others together
    others: list[str]  # which ones these are, where they are published
    others_meaning: str
    is_python: bool

    @property
    def pattern(self) -> str:
        """Say what the other columns are, in the word that their meaning has for it."""
        for word in ("variable", "dimension"):
            if word in self.others_meaning.lower():
                return f"every {word}"
        return "every other column"


def describe_table(
    project: Project, model: Model, lineage: Lineage, types: dict[str, str]
) -> Table:
    """Put together what the YAML, the SQL and the database say of the columns."""
    document = project.table(model.full_name)
    meanings = {str(name): text for name, text in document.get("columns", {}).items()}
    is_open = OTHERS in lineage.columns and not lineage.problem
    has_others = "other_columns" in document or is_open
    known = [] if has_others else types
    named = {name.lower(): name for name in [*lineage.columns, *known, *meanings]}
    named.pop(OTHERS, None)
    order = [name.lower() for name in [*meanings, *known, *lineage.columns]]
    return Table(
        meanings,
        types,
        [named[name] for name in dict.fromkeys(order) if name in named],
        has_others,
        [name for name in types if name.lower() not in named] if has_others else [],
        document.get("other_columns", ""),
        not model.is_sql,
    )


def link_to(source: Source, tables: dict[str, Table]) -> Link:
    """Name a source for a reader."""
    kind, place, column, _ = source
    bare = place.split(".", 1)[-1]
    match kind:
        case "column":
            pattern = f"{tables[place].pattern} of {place}"
            label = pattern if column == OTHERS else f"{place}.{column}"
            return Link(label, column_place(source, tables[place]))
        case "table":
            return Link(place, place)
        case "former":
            return Link(f"{place} as last published", place)
        case "file":
            words = {OTHERS: f"the other columns of {bare}", "": f"the file {bare}"}
            label = words.get(column, f"column {column} of {bare}")
            return Link(label, file_key(place))
        case "parameter":
            return Link(f"parameter {bare}", parameter_key(place))
    return Link(f"not known ({place})", "")


def column_place(source: Source, table: Table) -> str:
    """Return the row of a column: its own, that of all others, or else the table."""
    if source.column in {name.lower() for name in table.named}:
        return f"{source.place}.{source.column}"
    return f"{source.place}.{OTHERS}" if table.has_others else source.place


def strongest(sources: Sources) -> list[Source]:
    """Return each source once, in its strongest role, sorted by role and kind."""
    kept: dict[Source, Source] = {}
    for source in sorted(
        sources, key=lambda s: (ROLES.index(s.role), KINDS.index(s.kind), s)
    ):
        kept.setdefault(plain(source), source)
    return list(kept.values())


def told_sources(sources: Sources, tables: dict[str, Table]) -> dict[str, list[Link]]:
    """Return links to sources, put together by the words for their role."""
    told: dict[str, list[Link]] = {}
    for source in strongest(sources):
        told.setdefault(ROLE_WORDS[source.role], []).append(link_to(source, tables))
    return told


def lineage_graph(
    lineages: dict[str, Lineage], tables: dict[str, Table]
) -> tuple[dict[str, int], list[list[Any]]]:
    """Return every column's number by its place on the page, and the numbered sources.

    An entry is [label, place, kind, [[role, number] …]]: the page's script walks it.
    """
    starts = [
        Source("column", name, column.lower())
        for name, table in tables.items()
        for column in [*table.named, *([OTHERS] if table.has_others else [])]
    ]
    numbers = {source: number for number, source in enumerate(starts)}
    waiting, entries = list(starts), []
    for source in waiting:  # grows while it is walked
        links = []
        for upper in strongest(sources_of(source, lineages)):
            if plain(upper) not in numbers:
                numbers[plain(upper)] = len(waiting)
                waiting.append(plain(upper))
            links.append([ROLES.index(upper.role), numbers[plain(upper)]])
        entries.append([*link_to(source, tables), node_word(source, tables), links])
    places = {link_to(start, tables).place: numbers[start] for start in starts}
    return places, entries


def node_word(source: Source, tables: dict[str, Table]) -> str:
    """Return how the page marks a source: file, parameter, python, or nothing."""
    if source.kind in ("file", "parameter", "unknown"):
        return source.kind
    table = tables.get(source.place)
    return "python" if table and table.is_python and source.role != ROWS else ""
