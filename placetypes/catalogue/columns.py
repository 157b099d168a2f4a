"""Column lineage of one SELECT: which columns each of its columns comes from.

The SQL is read as it stands, without a database. Models select `columns(* exclude
(area))` from tables whose other columns only the data names, so a table here has its
named columns and perhaps "every other one", written `*`, which wildcards carry along.
sqlglot parses; its own lineage knows neither such columns, UNPIVOT, nor roles.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

OTHERS = "*"

# What a source is to a column.
VALUE = "value"  # the column's values are computed from it
NAMES = "names"  # the column's values are the names of columns
CHOICE = "choice"  # its values name or choose the columns that there are
GROUP = "group"  # it groups or orders what is aggregated
ROWS = "rows"  # its rows are counted, or it matches and chooses rows


class Source(NamedTuple):
    """Something that a column comes from."""

    kind: str  # column, table, file, parameter, former or unknown
    place: str  # job.table, job.input or job.parameter
    column: str = ""  # '' is the whole, * every column that isn't named on its own
    role: str = VALUE


Sources = frozenset[Source]
Columns = dict[str, Sources]  # in lower case; * stands for every other column
NOTHING: Sources = frozenset()


class Lineage(NamedTuple):
    """What each column of a table comes from, and what decides which rows there are."""

    columns: Columns
    rows: Sources = NOTHING
    problem: str = ""  # why nothing is known

    def find(self, name: str) -> Sources | None:
        """Return the sources of a column, None where there can't be such a one."""
        if name in self.columns or OTHERS not in self.columns:
            return self.columns.get(name)
        others = self.columns[OTHERS]
        if len({source.place for source in others if source.column == OTHERS}) != 1:
            return others
        return frozenset(
            source._replace(column=name) if source.column == OTHERS else source
            for source in others
        )


@dataclass
class Scope:
    """What a name can mean within one SELECT."""

    ctes: dict[str, Lineage]
    outer: "Scope | None" = None
    relations: dict[str, Lineage] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)  # semi-joined: conditions see them
    aliases: Columns = field(default_factory=dict)
    windows: dict[str, exp.Expression] = field(default_factory=dict)

    @property
    def visible(self) -> list[Lineage]:
        """Return the relations that a star stands for."""
        return [r for name, r in self.relations.items() if name not in self.hidden]

    def find(self, parts: list[str]) -> Sources | None:
        """Return what a dotted name comes from: table.column, column or column.field.

        A column that is named comes before an alias of the same SELECT, and that one
        before a column that may be among a table's other ones.
        """
        if len(parts) > 2 and parts[0] not in self.relations:
            parts = parts[1:] if parts[1] in self.relations else parts
        name, owner = parts[0], self.relations.get(parts[0])
        if owner and parts[1:] and (found := owner.find(parts[1])) is not None:
            return found
        for relation in self.relations.values():
            if name in relation.columns:
                return relation.columns[name]
        if name in self.aliases:
            return self.aliases[name]
        found = self.find_all(name)
        return union(owner.columns.values()) if owner and found is None else found

    def find_all(self, name: str) -> Sources | None:
        """Return what a column of any of the relations comes from."""
        found = [relation.find(name) for relation in self.relations.values()]
        known = [sources for sources in found if sources is not None]
        return union(known) if known else None


def union(parts: Iterable[Sources]) -> Sources:
    """Return all sources of several columns."""
    return NOTHING.union(*parts)


def as_role(sources: Sources, role: str) -> Sources:
    """Give sources a role, unless they have a weaker one than value already."""
    return frozenset(s._replace(role=role) if s.role == VALUE else s for s in sources)


def side_by_side(parts: Iterable[Columns]) -> Columns:
    """Put columns together; the first of a name counts, the other ones unite."""
    columns: Columns = {}
    others: list[Sources] = []
    for part in parts:
        for name, sources in part.items():
            if name == OTHERS:
                others.append(sources)
            else:
                columns.setdefault(name, sources)
    return {**columns, OTHERS: union(others)} if others else columns


def query_lineage(
    query: str,
    tables: dict[str, Lineage],
    files: dict[str, Lineage] | None = None,
    variables: dict[str, Source] | None = None,
    job: str = "",
) -> Lineage:
    """Return the lineage of one SELECT over known tables, files and variables.

    A table without a schema is the job's own, unless a CTE has its name.
    """
    parsed = sqlglot.parse_one(query, dialect="duckdb")
    reader = Reader(tables, files or {}, variables or {}, job)
    found = reader.query(normalize_identifiers(parsed, dialect="duckdb"), Scope({}))
    rows = found.rows | as_role(reader.conditions, ROWS)
    return Lineage(side_by_side([found.columns]), rows)


@dataclass
class Reader:
    """Walks through a parsed query and follows every column to its sources."""

    tables: dict[str, Lineage]
    files: dict[str, Lineage]
    variables: dict[str, Source]
    job: str
    conditions: Sources = NOTHING

    # ── queries ──────────────────────────────────────────────────────────────────

    def query(self, node: exp.Expression, around: Scope) -> Lineage:
        """Return what a query offers, its CTEs read first."""
        scope, clause = Scope(dict(around.ctes), around), node.args.get("with_")
        for cte in clause.expressions if clause else []:
            if clause.args.get("recursive"):  # read within itself it adds nothing
                scope.ctes[cte.alias] = Lineage({OTHERS: NOTHING})
            found = self.query(cte.this, scope)
            scope.ctes[cte.alias] = renamed(found, cte.args.get("alias"))
        if isinstance(node, exp.Select):
            return self.select(node, scope)
        if isinstance(node, exp.SetOperation):
            left, right = self.query(node.left, scope), self.query(node.right, scope)
            return set_operation(left, right, bool(node.args.get("by_name")))
        found = self.relation(node.this, scope)
        return self.pivot(node, found, scope) if isinstance(node, exp.Pivot) else found

    def select(self, node: exp.Select, scope: Scope) -> Lineage:
        """Return the columns of a SELECT; note what its conditions read."""
        self.read_from(node, scope)
        scope.windows = {w.name: w for w in node.args.get("windows") or []}
        items = []
        for item in node.expressions:
            columns = self.item(item, scope)
            items.append((item, columns))
            if item.alias:
                scope.aliases |= columns
        for clause in ("where", "having", "qualify", "distinct"):
            if node.args.get(clause):
                self.conditions |= self.sources(node.args[clause], scope)
        rows = union(relation.rows for relation in scope.visible)
        return Lineage(self.grouped(node.args.get("group"), items, scope), rows)

    def read_from(self, node: exp.Select, scope: Scope) -> None:
        """Add what FROM and JOIN name to the scope."""
        clause = node.args.get("from_")
        joins = [*(node.args.get("joins") or []), *(node.args.get("laterals") or [])]
        for entry in [*([clause] if clause else []), *joins]:
            source = entry if isinstance(entry, exp.Lateral) else entry.this
            scope.relations[source.alias_or_name] = self.relation(source, scope)
            if entry.args.get("kind") in ("SEMI", "ANTI"):
                scope.hidden.add(source.alias_or_name)
            if entry.args.get("on"):
                self.conditions |= self.sources(entry.args["on"], scope)
            for shared in entry.args.get("using") or []:  # a column of both sides
                self.conditions |= scope.find_all(shared.name) or NOTHING

    def grouped(
        self,
        group: exp.Group | None,
        items: list[tuple[exp.Expression, Columns]],
        scope: Scope,
    ) -> Columns:
        """Put a SELECT's columns together; aggregates owe something to their groups."""
        if group is None:
            return side_by_side(columns for _, columns in items)
        listed = list(group.find_all(exp.Column))
        keys = union(self.column(column, scope) for column in listed)
        names = {column.name for column in listed}
        for place, (item, columns) in enumerate(items, start=1):
            is_listed = any(
                k.is_int and int(k.this) == place for k in group.expressions
            )
            if is_listed or (group.args.get("all") and not item.find(exp.AggFunc)):
                names |= set(columns) - {OTHERS}
                keys |= union(s for name, s in columns.items() if name != OTHERS)
        keys = as_role(keys, GROUP)
        return side_by_side(
            {name: sources | keys for name, sources in columns.items()}
            if is_aggregated(item, names)
            else columns
            for item, columns in items
        )

    # ── what FROM names ──────────────────────────────────────────────────────────

    def relation(self, node: exp.Expression, scope: Scope) -> Lineage:
        """Return what one entry of FROM offers."""
        if isinstance(node, exp.Table):
            found = self.table(node, scope)
        elif isinstance(node, exp.Query | exp.Pivot):
            found = self.query(node, scope)
        else:  # unnest(…), values, …
            found = Lineage({OTHERS: self.sources(node, scope)})
        for pivot in node.args.get("pivots") or []:
            found = self.pivot(pivot, found, scope)
        return renamed(found, node.args.get("alias"))

    def table(self, node: exp.Table, scope: Scope) -> Lineage:
        """Return a table, a CTE, or the file that a function such as read_csv reads."""
        if not isinstance(node.this, exp.Identifier):
            read = self.sources(node.this, scope)
            files = [source.place for source in read if source.place in self.files]
            return self.files[files[0]] if files else Lineage({OTHERS: read})
        if not node.db and node.name in scope.ctes:
            return scope.ctes[node.name]
        unknown = Source("unknown", f"{node.db}.{node.name}".strip("."))
        full_name = f"{node.db or self.job}.{node.name}"
        return self.tables.get(full_name, Lineage({OTHERS: frozenset({unknown})}))

    def pivot(self, node: exp.Pivot, base: Lineage, scope: Scope) -> Lineage:
        """Return what PIVOT keeps, and others that the data names."""
        inner = Scope(scope.ctes, scope, {"": base})
        if node.args.get("unpivot"):
            return self.unpivot(node, base, inner)
        fields, group = node.args.get("fields") or [], node.args.get("group")
        on = [part.this for part in fields] or node.expressions
        using = node.args.get("using") or (node.expressions if fields else [])
        used = union(self.sources(part, inner) for part in using)
        spread = union(self.sources(part, inner) for part in on)
        kept = (
            {c.name: self.column(c, inner) for c in group.find_all(exp.Column)}
            if group
            else {n: s for n, s in base.columns.items() if not s or s - used - spread}
        )
        rest = kept.pop(OTHERS, NOTHING)
        keys = as_role(union(kept.values()), GROUP)
        return Lineage(
            {**kept, OTHERS: rest | used | as_role(spread, CHOICE) | keys}, base.rows
        )

    def unpivot(self, node: exp.Pivot, base: Lineage, inner: Scope) -> Lineage:
        """Return the columns kept, one of column names and one of the values."""
        fields, into = node.args.get("fields") or [], node.args.get("into")
        listed = fields[0].expressions if fields else node.expressions
        chosen = side_by_side(self.item(part, inner) for part in listed)
        values = union(chosen.values())
        kept = {n: sources for n, sources in base.columns.items() if n not in chosen}
        if fields:
            name, valued = fields[0].this.name, [e.name for e in node.expressions]
        elif into:
            name, valued = into.this.name, [part.name for part in into.expressions]
        else:
            name, valued = "name", ["value"]
        # What groups the values has no part in how their columns are called.
        called = frozenset(s for s in values if s.role in (VALUE, NAMES, CHOICE))
        kept[name] = as_role(called, NAMES)
        return Lineage(kept | dict.fromkeys(valued, values), base.rows)

    # ── select lists and expressions ─────────────────────────────────────────────

    def item(self, node: exp.Expression, scope: Scope) -> Columns:
        """Return the columns that one entry of a select list makes."""
        inner = node.unalias()
        wildcard = find_wildcard(inner)
        if wildcard is None:
            name = node.alias_or_name or inner.sql(dialect="duckdb").lower()
            return {name: self.sources(inner, scope)}
        beside = NOTHING
        if inner is not wildcard:
            rest = inner.transform(lambda n: exp.Null() if is_columns(n) else n)
            beside = self.sources(rest, scope)
        columns = self.matched(wildcard, scope)
        if node.alias:
            return {node.alias: union(columns.values()) | beside}
        return {name: sources | beside for name, sources in columns.items()}

    def matched(self, wildcard: exp.Expression, scope: Scope) -> Columns:
        """Return the columns that *, t.*, columns(…) stand for."""
        pattern = wildcard.this if isinstance(wildcard, exp.Columns) else wildcard
        relations = scope.visible
        if isinstance(pattern, exp.Column) and isinstance(pattern.this, exp.Star):
            owner = scope.relations.get(pattern.table)
            relations, pattern = [owner] if owner else relations, pattern.this
        columns = side_by_side(relation.columns for relation in relations)
        if isinstance(pattern, exp.Star):
            return self.starred(pattern, columns, scope)
        if pattern.is_string:
            fits = re.compile(pattern.name, re.IGNORECASE).search
            return {n: s for n, s in columns.items() if n == OTHERS or fits(n)}
        # A function of names is only known when it runs. It is taken to choose among
        # the columns that the data names; only where there are none, among the rest.
        if OTHERS in columns:
            columns = {OTHERS: columns[OTHERS]}
        chooser = as_role(self.sources(pattern, scope), CHOICE)
        return {name: sources | chooser for name, sources in columns.items()}

    def starred(self, star: exp.Star, columns: Columns, scope: Scope) -> Columns:
        """Return a star's columns after EXCLUDE, REPLACE and RENAME."""
        left_out = {part.name for part in star.args.get("except_") or []}
        renames = star.args.get("rename") or []
        new_names = {part.this.name: part.alias for part in renames}
        replaced = star.args.get("replace") or []
        return {
            new_names.get(name, name): sources
            for name, sources in columns.items()
            if name not in left_out
        } | {part.alias: self.sources(part.this, scope) for part in replaced}

    def sources(self, node: exp.Expression, scope: Scope) -> Sources:
        """Return everything that an expression reads."""
        match node:
            case exp.Column():
                return self.column(node, scope)
            case exp.Columns():
                return union(self.matched(node, scope).values())
            case exp.Star():  # count(*)
                return union(relation.rows for relation in scope.visible)
            case exp.Query():
                return union(self.query(node, scope).columns.values())
            case exp.Window():
                return self.window(node, scope)
            case exp.Ordered():
                return as_role(self.all_sources(node.iter_expressions(), scope), GROUP)
            case exp.Lambda():
                names = Lineage({part.name: NOTHING for part in node.expressions})
                return self.sources(node.this, Scope(scope.ctes, scope, {"": names}))
            case exp.Anonymous() if node.name.lower() == "getvariable":
                variable = node.expressions[0].name
                unknown = Source("unknown", f"the variable {variable}")
                return frozenset({self.variables.get(variable, unknown)})
            case exp.Anonymous() if node.name.lower() == "error":
                return NOTHING  # it ends the query: no value comes of it
        return self.all_sources(node.iter_expressions(), scope)

    def all_sources(self, nodes: Iterable[exp.Expression], scope: Scope) -> Sources:
        """Return what several expressions read."""
        return union(self.sources(node, scope) for node in nodes)

    def window(self, node: exp.Window, scope: Scope) -> Sources:
        """Return what a window function reads, its partition and order as groups."""
        named = scope.windows.get(node.alias)
        parts = [
            part
            for frame in ([node, named] if named else [node])
            for part in frame.iter_expressions()
            if part is not frame.this and not isinstance(part, exp.Identifier)
        ]
        around = as_role(self.all_sources(parts, scope), GROUP)
        return self.sources(node.this, scope) | around

    def column(self, node: exp.Column, scope: Scope) -> Sources:
        """Return what a column's name means here, or in a query around this one."""
        if isinstance(node.this, exp.Star):
            return union(self.matched(node, scope).values())
        parts = [part.name for part in node.parts]
        level: Scope | None = scope
        while level is not None:
            found = level.find(parts)
            if found is not None:
                return found
            level = level.outer
        return frozenset({Source("unknown", ".".join(parts))})


def set_operation(left: Lineage, right: Lineage, by_name: bool) -> Lineage:
    """Return the columns of UNION and its like, named by the left side."""
    rows = left.rows | right.rows
    both = side_by_side([left.columns, right.columns])
    if by_name or both.get(OTHERS):
        found = {n: [side.find(n) or NOTHING for side in (left, right)] for n in both}
        return Lineage({name: union(parts) for name, parts in found.items()}, rows)
    pairs = zip(left.columns.items(), right.columns.values(), strict=False)
    return Lineage({n: own | other for (n, own), other in pairs if n != OTHERS}, rows)


def is_columns(node: exp.Expression) -> bool:
    """Tell whether a node is columns(…), which makes several columns of one entry."""
    return isinstance(node, exp.Columns) and not node.args.get("unpack")


def find_wildcard(node: exp.Expression) -> exp.Expression | None:
    """Return the wildcard that multiplies an entry of a select list, if any."""
    is_star = isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    if is_star or isinstance(node, exp.Star):
        return node
    return next(filter(is_columns, node.find_all(exp.Columns)), None)


def is_aggregated(item: exp.Expression, names: set[str]) -> bool:
    """Tell whether an entry of a select list is more than the keys of its GROUP BY."""
    if item.alias_or_name in names:
        return False
    columns = item.find_all(exp.Column)
    # A macro may be an aggregate, and beside keys it must be.
    computed = item.find(exp.AggFunc, exp.Anonymous)
    return bool(computed) or any(c.name not in names for c in columns)


def renamed(relation: Lineage, alias: exp.Expression | None) -> Lineage:
    """Return a relation whose first columns bear the names of `t(a, b)`."""
    listed = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    names = [part.name for part in listed or []]
    if names and set(relation.columns) <= {OTHERS}:  # unnest(…) as t(a)
        everything = union(relation.columns.values())
        return relation._replace(columns=dict.fromkeys(names, everything))
    former = [name for name in relation.columns if name != OTHERS]
    new_names = dict(zip(former, names, strict=False))
    columns = {new_names.get(n, n): sources for n, sources in relation.columns.items()}
    return relation._replace(columns=columns)
