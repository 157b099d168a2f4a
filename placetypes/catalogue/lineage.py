"""Column lineage: which columns each column of a model comes from.

The SQL is read as it stands, without a database. Models select `columns(* exclude
(area))` from tables whose other columns only the data names, so a table here has its
named columns and perhaps "every other one", written `*`, which wildcards carry along.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp

from placetypes.runner.plan import build_order
from placetypes.runner.project import DERIVED, FORMER, Model, Project

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
NOTHING: Sources = frozenset()


class Lineage(NamedTuple):
    """What each column of a model comes from, and what decides which rows there are."""

    columns: dict[str, Sources]  # in lower case; * stands for every other column
    rows: Sources
    problem: str = ""  # why nothing is known


@dataclass(frozen=True)
class Relation:
    """Columns that a FROM offers: a table, a file, a CTE or a subquery."""

    columns: dict[str, Sources]
    others: Sources | None = None  # None where every column is named
    rows: Sources = NOTHING

    def find(self, name: str) -> Sources | None:
        """Return the sources of a column, None where there can't be such a one."""
        if name in self.columns or self.others is None:
            return self.columns.get(name)
        return one_of(self.others, name)

    @property
    def everything(self) -> Sources:
        """Return the sources of all columns together."""
        return union(self.columns.values()) | (self.others or NOTHING)


@dataclass
class Scope:
    """What a name can mean within one SELECT."""

    ctes: dict[str, Relation]
    outer: "Scope | None" = None
    relations: dict[str, Relation] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)  # semi-joined: conditions see them
    aliases: dict[str, Sources] = field(default_factory=dict)
    windows: dict[str, exp.Expression] = field(default_factory=dict)

    @property
    def visible(self) -> list[Relation]:
        """Return the relations that a star stands for."""
        return [
            relation
            for name, relation in self.relations.items()
            if name not in self.hidden
        ]

    def find(self, parts: list[str]) -> Sources | None:
        """Return what a dotted name comes from: table.column, column or column.field.

        A column that is named comes before an alias of the same SELECT, and that one
        before a column that may be among a table's other ones.
        """
        if len(parts) > 2 and parts[0] not in self.relations:
            parts = parts[1:] if parts[1] in self.relations else parts
        name, *rest = parts
        if rest and name in self.relations:
            found = self.relations[name].find(rest[0])
            if found is not None:
                return found
        for relation in self.relations.values():
            if name in relation.columns:
                return relation.columns[name]
        if name in self.aliases:
            return self.aliases[name]
        possible = [relation.find(name) for relation in self.relations.values()]
        if any(found is not None for found in possible):
            return union(found for found in possible if found is not None)
        return self.relations[name].everything if name in self.relations else None


def union(parts: Iterable[Sources]) -> Sources:
    """Return all sources of several columns."""
    return NOTHING.union(*parts)


def as_role(sources: Sources, role: str) -> Sources:
    """Give sources a role, unless they have a weaker one than value already."""
    return frozenset(
        source._replace(role=role) if source.role == VALUE else source
        for source in sources
    )


def one_of(others: Sources, name: str) -> Sources:
    """Name the one column meant among others, where a single table offers them."""
    patterns = {source.place for source in others if source.column == OTHERS}
    return frozenset(
        source._replace(column=name)
        if source.column == OTHERS and len(patterns) == 1
        else source
        for source in others
    )


def argument(node: exp.Expression, name: str) -> Any:
    """Return a part of a parsed node; sqlglot 28 added `_` to Python's own words."""
    return node.args.get(f"{name}_") or node.args.get(name)


def query_lineage(
    query: str,
    tables: dict[str, Relation],
    files: dict[str, Relation] | None = None,
    variables: dict[str, Source] | None = None,
) -> Lineage:
    """Return the lineage of one SELECT over known tables, files and variables."""
    parsed = sqlglot.parse_one(query, dialect="duckdb")
    reader = Reader(tables, files or {}, variables or {})
    relation = reader.query(parsed, {}, None)
    columns = dict(relation.columns)
    if relation.others is not None:
        columns[OTHERS] = relation.others
    return Lineage(columns, relation.rows | as_role(reader.conditions, ROWS))


class Reader:
    """Walks through a parsed query and follows every column to its sources."""

    def __init__(
        self,
        tables: dict[str, Relation],
        files: dict[str, Relation],
        variables: dict[str, Source],
    ) -> None:
        self.tables = tables
        self.files = files
        self.variables = variables
        self.conditions: Sources = NOTHING

    # ── queries ──────────────────────────────────────────────────────────────────

    def query(
        self, node: exp.Expression, ctes: dict[str, Relation], outer: Scope | None
    ) -> Relation:
        """Return what a query offers, its CTEs read first."""
        ctes = self.common_tables(node, ctes, outer)
        if isinstance(node, exp.Select):
            return self.select(node, Scope(ctes, outer))
        if isinstance(node, exp.SetOperation):
            return self.set_operation(node, ctes, outer)
        if isinstance(node, exp.Pivot):
            base = self.relation(node.this, Scope(ctes, outer))
            return self.pivot(node, base, Scope(ctes, outer))
        return self.relation(node.this, Scope(ctes, outer))

    def common_tables(
        self, node: exp.Expression, ctes: dict[str, Relation], outer: Scope | None
    ) -> dict[str, Relation]:
        """Return the CTEs that a query can name, its own among them."""
        clause = argument(node, "with")
        known = dict(ctes)
        for cte in clause.expressions if clause else []:
            name = cte.alias.lower()
            if clause.args.get("recursive"):
                known[name] = Relation({}, NOTHING)  # read within itself: adds nothing
            relation = self.query(cte.this, known, outer)
            known[name] = renamed(relation, cte.args.get("alias"))
        return known

    def set_operation(
        self, node: exp.SetOperation, ctes: dict[str, Relation], outer: Scope | None
    ) -> Relation:
        """Return the columns of UNION and its like, named by the left side."""
        left = self.query(node.left, ctes, outer)
        right = self.query(node.right, ctes, outer)
        rows = left.rows | right.rows
        if not (argument(node, "by_name") or left.others or right.others):
            pairs = zip(left.columns, right.columns.values(), strict=False)
            columns = {name: left.columns[name] | other for name, other in pairs}
            return Relation(columns, None, rows)
        both = merged([left, right])
        columns = {
            name: union(side.find(name) or NOTHING for side in (left, right))
            for name in both.columns
        }
        return Relation(columns, both.others, rows)

    def select(self, node: exp.Select, scope: Scope) -> Relation:
        """Return the columns of a SELECT; note what its conditions read."""
        self.read_from(node, scope)
        scope.windows = {
            window.name.lower(): window for window in node.args.get("windows") or []
        }
        items = []
        for item in node.expressions:
            named, others = self.item(item, scope)
            items.append((item, named, others))
            if item.alias:
                scope.aliases |= named
        for clause in ("where", "having", "qualify", "distinct"):
            if node.args.get(clause):
                self.conditions |= self.sources(node.args[clause], scope)
        return self.grouped(node, items, scope)

    def read_from(self, node: exp.Select, scope: Scope) -> None:
        """Add what FROM and JOIN name to the scope."""
        clause = argument(node, "from")
        for source in [clause.this] if clause else []:
            scope.relations[source.alias_or_name.lower()] = self.relation(source, scope)
        for join in [
            *(node.args.get("joins") or []),
            *(node.args.get("laterals") or []),
        ]:
            source = join.this if isinstance(join, exp.Join) else join
            name = source.alias_or_name.lower()
            scope.relations[name] = self.relation(source, scope)
            if join.args.get("kind") in ("SEMI", "ANTI"):
                scope.hidden.add(name)
            for condition in [join.args.get("on"), *(join.args.get("using") or [])]:
                if condition is not None:
                    self.conditions |= self.condition(condition, scope)

    def condition(self, node: exp.Expression, scope: Scope) -> Sources:
        """Return what a join's condition reads; USING names columns of both sides."""
        if isinstance(node, exp.Identifier):
            name = node.name.lower()
            found = [relation.find(name) for relation in scope.relations.values()]
            return union(sources for sources in found if sources is not None)
        return self.sources(node, scope)

    def grouped(
        self,
        node: exp.Select,
        items: list[tuple[exp.Expression, dict[str, Sources], Sources | None]],
        scope: Scope,
    ) -> Relation:
        """Put a SELECT's columns together; aggregates owe something to their groups."""
        group = node.args.get("group")
        names, keys = self.group_keys(group, items, scope)
        columns: dict[str, Sources] = {}
        others: Sources | None = None
        for item, named, rest in items:
            by = keys if is_aggregated(item, group, names) else NOTHING
            for name, sources in named.items():
                columns.setdefault(name, sources | by)
            if rest is not None:
                others = (others or NOTHING) | rest | by
        rows = union(relation.rows for relation in scope.visible)
        return Relation(columns, others, rows)

    def group_keys(
        self,
        group: exp.Group | None,
        items: list[tuple[exp.Expression, dict[str, Sources], Sources | None]],
        scope: Scope,
    ) -> tuple[set[str], Sources]:
        """Return the names that a GROUP BY lists, and what they come from."""
        if group is None:
            return set(), NOTHING
        columns = list(group.find_all(exp.Column))
        sources = union(self.column(column, scope) for column in columns)
        names = {column.name.lower() for column in columns}
        for place, (item, named, _) in enumerate(items, start=1):
            is_listed = any(
                key.is_int and int(key.this) == place for key in group.expressions
            )
            if is_listed or (group.args.get("all") and not item.find(exp.AggFunc)):
                names |= set(named)
                sources |= union(named.values())
        return names, as_role(sources, GROUP)

    # ── what FROM names ──────────────────────────────────────────────────────────

    def relation(self, node: exp.Expression, scope: Scope) -> Relation:
        """Return what one entry of FROM offers."""
        if isinstance(node, exp.Table):
            found = self.table(node, scope)
        elif isinstance(node, exp.Query | exp.Pivot):
            found = self.query(node, scope.ctes, scope)
        else:  # unnest(…), values, …
            found = Relation({}, self.sources(node, scope))
        for pivot in node.args.get("pivots") or []:
            found = self.pivot(pivot, found, scope)
        return renamed(found, node.args.get("alias"))

    def table(self, node: exp.Table, scope: Scope) -> Relation:
        """Return a table, a CTE, or the file that a function such as read_csv reads."""
        name = node.name.lower()
        if not isinstance(node.this, exp.Identifier):
            read = self.sources(node.this, scope)
            files = [source.place for source in read if source.place in self.files]
            return self.files[files[0]] if files else Relation({}, read)
        full_name = f"{node.db}.{name}".lower() if node.db else name
        known = self.tables if node.db else scope.ctes | self.tables
        unknown = Relation({}, frozenset({Source("unknown", full_name)}))
        return known.get(full_name, unknown)

    def pivot(self, node: exp.Pivot, base: Relation, scope: Scope) -> Relation:
        """Return the columns of UNPIVOT (columns to rows) or PIVOT (the reverse)."""
        inner = Scope(scope.ctes, scope.outer, {"": base})
        if node.args.get("unpivot"):
            return self.unpivot(node, base, inner)
        fields = node.args.get("fields") or []
        on = [part.this for part in fields] or node.expressions
        using = node.args.get("using") or (node.expressions if fields else [])
        used = union(self.sources(part, inner) for part in using)
        spread = union(self.sources(part, inner) for part in on)
        group = node.args.get("group")
        keys = self.pivot_keys(group, base, used | spread, inner)
        others = (
            used
            | as_role(spread, CHOICE)
            | as_role(union(keys.columns.values()), GROUP)
        )
        return Relation(keys.columns, others | (keys.others or NOTHING), base.rows)

    def pivot_keys(
        self, group: exp.Group | None, base: Relation, used: Sources, inner: Scope
    ) -> Relation:
        """Return what PIVOT keeps: what it groups by, or all that it doesn't use."""
        if group is not None:
            columns = group.find_all(exp.Column)
            return Relation({c.name.lower(): self.column(c, inner) for c in columns})
        kept = {
            name: sources
            for name, sources in base.columns.items()
            if not sources or not sources <= used
        }
        return Relation(kept, base.others)

    def unpivot(self, node: exp.Pivot, base: Relation, inner: Scope) -> Relation:
        """Return the columns kept, one of column names and one of the values."""
        chosen, others = self.unpivoted(node, inner)
        values = union(chosen.values()) | (others or NOTHING)
        kept = {n: sources for n, sources in base.columns.items() if n not in chosen}
        name_column, value_columns = unpivot_names(node)
        # What groups the values has no part in how their columns are called.
        called = frozenset(s for s in values if s.role in (VALUE, NAMES, CHOICE))
        kept[name_column] = as_role(called, NAMES)
        kept |= dict.fromkeys(value_columns, values)
        return Relation(kept, None if others is not None else base.others, base.rows)

    def unpivoted(
        self, node: exp.Pivot, inner: Scope
    ) -> tuple[dict[str, Sources], Sources | None]:
        """Return the columns that UNPIVOT turns into rows."""
        fields = node.args.get("fields") or []
        listed = fields[0].expressions if fields else node.expressions
        chosen: dict[str, Sources] = {}
        others: Sources | None = None
        for part in listed:
            named, rest = self.item(part, inner)
            chosen |= named
            if rest is not None:
                others = (others or NOTHING) | rest
        return chosen, others

    # ── select lists and expressions ─────────────────────────────────────────────

    def item(
        self, node: exp.Expression, scope: Scope
    ) -> tuple[dict[str, Sources], Sources | None]:
        """Return the columns that one entry of a select list makes."""
        inner = node.unalias()
        wildcard = find_wildcard(inner)
        if wildcard is None:
            name = node.alias_or_name or inner.sql(dialect="duckdb")
            return {name.lower(): self.sources(inner, scope)}, None
        named, others = self.matched(wildcard, scope)
        beside = NOTHING
        if inner is not wildcard:
            rest = inner.transform(lambda n: exp.Null() if is_columns(n) else n)
            beside = self.sources(rest, scope)
        if node.alias:
            everything = union(named.values()) | (others or NOTHING)
            return {node.alias.lower(): everything | beside}, None
        named = {name: sources | beside for name, sources in named.items()}
        return named, None if others is None else others | beside

    def matched(
        self, wildcard: exp.Expression, scope: Scope
    ) -> tuple[dict[str, Sources], Sources | None]:
        """Return the columns that *, t.*, columns(…) stand for."""
        pattern = wildcard.this if isinstance(wildcard, exp.Columns) else wildcard
        relations = scope.visible
        if isinstance(pattern, exp.Column) and isinstance(pattern.this, exp.Star):
            owner = scope.relations.get(pattern.table.lower())
            relations = [owner] if owner else relations
            pattern = pattern.this
        all_columns = merged(relations)
        if isinstance(pattern, exp.Star):
            return self.starred(pattern, all_columns, scope)
        if pattern.is_string:
            named = {
                name: sources
                for name, sources in all_columns.columns.items()
                if re.search(pattern.name, name, re.IGNORECASE)
            }
            return named, all_columns.others
        # A function of names is only known when it runs. It is taken to choose among
        # the columns that the data names; only where there are none, among the rest.
        chooser = as_role(self.sources(pattern, scope), CHOICE)
        if all_columns.others is not None:
            return {}, all_columns.others | chooser
        named = {n: sources | chooser for n, sources in all_columns.columns.items()}
        return named, None

    def starred(
        self, star: exp.Star, all_columns: Relation, scope: Scope
    ) -> tuple[dict[str, Sources], Sources | None]:
        """Return a star's columns after EXCLUDE, REPLACE and RENAME."""
        left_out = {part.name.lower() for part in argument(star, "except") or []}
        new_names = {
            part.this.name.lower(): part.alias.lower()
            for part in argument(star, "rename") or []
        }
        named = {
            new_names.get(name, name): sources
            for name, sources in all_columns.columns.items()
            if name not in left_out
        }
        for part in argument(star, "replace") or []:
            named[part.alias.lower()] = self.sources(part.this, scope)
        return named, all_columns.others

    def sources(self, node: exp.Expression, scope: Scope) -> Sources:
        """Return everything that an expression reads."""
        match node:
            case exp.Column():
                return self.column(node, scope)
            case exp.Columns():
                named, others = self.matched(node, scope)
                return union(named.values()) | (others or NOTHING)
            case exp.Star():  # count(*)
                return union(relation.rows for relation in scope.visible)
            case exp.Query():
                return self.query(node, scope.ctes, scope).everything
            case exp.Window():
                return self.window(node, scope)
            case exp.Ordered():
                return as_role(self.children(node, scope), GROUP)
            case exp.Lambda():
                names = {part.name.lower(): NOTHING for part in node.expressions}
                inner = Scope(scope.ctes, scope, {"lambda": Relation(names)})
                return self.sources(node.this, inner)
            case exp.Anonymous() if node.name.lower() == "getvariable":
                variable = node.expressions[0].name
                unknown = Source("unknown", f"the variable {variable}")
                return frozenset({self.variables.get(variable, unknown)})
            case exp.Anonymous() if node.name.lower() == "error":
                return NOTHING  # it ends the query: no value comes of it
        return self.children(node, scope)

    def children(self, node: exp.Expression, scope: Scope) -> Sources:
        """Return what all parts of an expression read."""
        return union(self.sources(child, scope) for child in node.iter_expressions())

    def window(self, node: exp.Window, scope: Scope) -> Sources:
        """Return what a window function reads, its partition and order as groups."""
        named = scope.windows.get(node.alias.lower())
        frames = [node, named] if named else [node]
        parts = [
            child
            for frame in frames
            for child in frame.iter_expressions()
            if child is not frame.this and not isinstance(child, exp.Identifier)
        ]
        around = union(self.sources(part, scope) for part in parts)
        return self.sources(node.this, scope) | as_role(around, GROUP)

    def column(self, node: exp.Column, scope: Scope) -> Sources:
        """Return what a column's name means here, or in a query around this one."""
        if isinstance(node.this, exp.Star):
            named, others = self.matched(node, scope)
            return union(named.values()) | (others or NOTHING)
        parts = [part.name.lower() for part in node.parts]
        level: Scope | None = scope
        while level is not None:
            found = level.find(parts)
            if found is not None:
                return found
            level = level.outer
        return frozenset({Source("unknown", ".".join(parts))})


def is_columns(node: exp.Expression) -> bool:
    """Tell whether a node is columns(…), which makes several columns of one entry."""
    return isinstance(node, exp.Columns) and not node.args.get("unpack")


def find_wildcard(node: exp.Expression) -> exp.Expression | None:
    """Return the wildcard that multiplies an entry of a select list, if any."""
    if isinstance(node, exp.Star):
        return node
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return node
    return next(filter(is_columns, node.find_all(exp.Columns)), None)


def is_aggregated(
    item: exp.Expression, group: exp.Group | None, names: set[str]
) -> bool:
    """Tell whether an entry of a select list is more than the keys of its GROUP BY."""
    if group is None or item.alias_or_name.lower() in names:
        return False
    if item.find(exp.AggFunc):
        return True
    return any(column.name.lower() not in names for column in item.find_all(exp.Column))


def merged(relations: list[Relation]) -> Relation:
    """Put the columns of several relations side by side; the first of a name counts."""
    columns: dict[str, Sources] = {}
    for relation in reversed(relations):
        columns |= relation.columns
    ordered = {name: columns[name] for r in relations for name in r.columns}
    open_ones = [r.others for r in relations if r.others is not None]
    return Relation(ordered, union(open_ones) if open_ones else None)


def renamed(relation: Relation, alias: exp.Expression | None) -> Relation:
    """Return a relation whose first columns bear the names of `t(a, b)`."""
    names = (
        [part.name.lower() for part in (alias.args.get("columns") or [])]
        if (isinstance(alias, exp.TableAlias))
        else []
    )
    if not names:
        return relation
    if not relation.columns:  # unnest(…) as t(a)
        columns = dict.fromkeys(names, relation.others or NOTHING)
        return Relation(columns, None, relation.rows)
    former = list(relation.columns.items())
    new = [*names, *(name for name, _ in former[len(names) :])]
    columns = {name: sources for name, (_, sources) in zip(new, former, strict=False)}
    return Relation(columns, relation.others, relation.rows)


def unpivot_names(node: exp.Pivot) -> tuple[str, list[str]]:
    """Return how UNPIVOT calls the column of names and those of values."""
    fields = node.args.get("fields") or []
    if fields:
        return fields[0].this.name.lower(), [e.name.lower() for e in node.expressions]
    into = node.args.get("into")
    if into is None:
        return "name", ["value"]
    return into.this.name.lower(), [part.name.lower() for part in into.expressions]


# ── the models of a project ──────────────────────────────────────────────────────


def project_lineage(
    project: Project, published: dict[str, Iterable[str]] | None = None
) -> dict[str, Lineage]:
    """Return the lineage of every model.

    `published` names the columns of published tables: those of a Python step that
    models.yml doesn't document are known from there alone.
    """
    lineages: dict[str, Lineage] = {}
    for name in build_order(project.models):
        model = project.models[name]
        lineages[name] = (
            sql_lineage(project, model, lineages)
            if model.is_sql
            else step_lineage(project, model, (published or {}).get(name, ()))
        )
    return lineages


def sql_lineage(
    project: Project, model: Model, lineages: dict[str, Lineage]
) -> Lineage:
    """Return a SELECT's lineage; what can't be read is reported, never raised."""
    tables = {name: stored(name, lineages[name].columns) for name in model.tables}
    variables = known_variables(project, model.job, lineages)
    try:
        return query_lineage(
            model.path.read_text("utf-8"),
            tables,
            known_files(project, model.job),
            variables,
        )
    except Exception as error:
        # DuckDB knows SQL that this reader doesn't: the page says so and goes on.
        unknown = frozenset({Source("unknown", model.full_name)})
        problem = f"{type(error).__name__}: {error}".split("\n")[0]
        return Lineage({OTHERS: unknown}, NOTHING, problem)


def step_lineage(project: Project, model: Model, published: Iterable[str]) -> Lineage:
    """Return a Python step's lineage: each column comes from all that it takes."""
    document = project.documents[model.job].get("models", {}).get(model.name, {})
    documented = [str(name).lower() for name in document.get("columns", {})]
    names = documented or [name.lower() for name in published]
    if not names or "other_columns" in document:
        names = [*names, OTHERS]
    taken = frozenset(
        [
            *(Source("table", table) for table in model.upstream),
            *(Source("file", f"{model.job}.{name}") for name in model.inputs),
            *(Source("parameter", f"{model.job}.{name}") for name in model.parameters),
            *(
                Source("former", f"{model.job}.{name.removeprefix(FORMER)}")
                for name in model.former
            ),
        ]
    )
    rows = frozenset(Source("table", table, role=ROWS) for table in model.upstream)
    return Lineage(dict.fromkeys(names, taken), rows)


def stored(table: str, columns: Iterable[str]) -> Relation:
    """Return a table whose columns are known as its own."""
    names = list(columns)
    return Relation(
        {n: frozenset({Source("column", table, n)}) for n in names if n != OTHERS},
        frozenset({Source("column", table, OTHERS)}) if OTHERS in names else None,
        frozenset({Source("table", table, role=ROWS)}),
    )


def known_files(project: Project, job: str) -> dict[str, Relation]:
    """Return a job's input files with the columns that models.yml expects of them."""
    files = {}
    for name, entry in project.inputs(job).items():
        place = f"{job}.{name}"
        columns = {
            column.lower(): frozenset({Source("file", place, column)})
            for column in entry.get("columns", {})
            if not column.startswith("$")
        }
        others = frozenset({Source("file", place, OTHERS)})
        rows = frozenset({Source("file", place, role=ROWS)})
        files[place] = Relation(columns, others, rows)
    return files


def known_variables(
    project: Project, job: str, lineages: dict[str, Lineage]
) -> dict[str, Source]:
    """Return what getvariable('…') can name: parameters, a table's column, files."""
    files = {
        f"{name}{suffix}": Source("file", f"{job}.{name}")
        for name in project.inputs(job)
        for suffix in ("", *DERIVED)
    }
    lists = {
        name.split(".")[1]: Source("column", name, next(iter(lineage.columns), OTHERS))
        for name, lineage in lineages.items()
        if name.split(".")[0] == job
    }
    parameters = {
        entry.name: Source("parameter", entry.full_name)
        for entry in project.specifications.values()
        if entry.job == job
    }
    return files | lists | parameters


def sources_of(source: Source, lineages: dict[str, Lineage]) -> Sources:
    """Return what a source itself comes from, one step further up."""
    lineage = lineages.get(source.place)
    if lineage is None or source.kind not in ("column", "table"):
        return NOTHING
    if source.kind == "column":
        return column_sources(lineage, source.column)
    return lineage.rows if source.role == ROWS else union(lineage.columns.values())


def column_sources(lineage: Lineage, column: str) -> Sources:
    """Return a column's sources; one that isn't named is one of the others."""
    if column.lower() in lineage.columns:
        return lineage.columns[column.lower()]
    others = lineage.columns.get(OTHERS)
    if others is None:
        return frozenset({Source("unknown", column)})
    return one_of(others, column)


def ancestry(source: Source, lineages: dict[str, Lineage]) -> set[Source]:
    """Return everything that a source comes from, up to files and parameters."""
    reached: set[Source] = set()
    waiting = [source]
    while waiting:
        for upper in sources_of(waiting.pop(), lineages):
            if plain(upper) not in reached:
                reached.add(plain(upper))
                waiting.append(upper)
    return reached


def plain(source: Source) -> Source:
    """Return a source without its role; counted rows stay apart from values."""
    is_counted = source.role == ROWS and source.kind == "table"
    return source if is_counted else source._replace(role=VALUE)
