"""What is run as SQL is `Sql`: our own words, or quoted by `placetypes.database`.

A reading of types by the syntax tree. Constants are SQL; so is what `quoted`,
`quoted_table` and `literal` return, a number, what is annotated `Sql`, and whatever is
put together from these. Anything else in a statement may be a text of a user's or of a
file's header.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("placetypes", "models_py")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
QUOTING = {"quoted", "quoted_table", "literal", "Sql", "int", "float", "bool", "len"}
# What holds nothing but SQL where all that it is made from is SQL.
KEEPING = {"join", "strip", "format", "values", "items", "replace"}
KEEPING |= {"enumerate", "zip", "sorted", "list"}
SINKS = {"execute", "executemany", "sql", "query", "filter", "project", "aggregate"}
# No SQL is run here; `query` and `filter` are others'.
NOT_SQL = (
    "models_py/census",
    "models_py/embeddings",
    "models_py/methods",
    "placetypes/catalogue/columns.py",
)
INNER = (
    ast.FunctionDef | ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp
) | ast.DictComp
# Where a text is called SQL that isn't quoted: the project's own files, and what a user
# gives to the command `sql`.
CALLED_SQL = {
    "placetypes/catalogue/reading.py",  # the command `sql`
    "placetypes/checks.py",  # tables.yml
    "placetypes/compare/query.py",  # queries/*.sql
    "placetypes/database.py",  # quotes
    "placetypes/exports/tables.py",  # job.yml: where
    "placetypes/exports/workbook.py",  # job.yml: where, order
    "placetypes/names/state.py",  # queries/*.sql
    "placetypes/report/chart_tables.py",  # queries/*.sql, charts.yml
    "placetypes/runner/build.py",  # sql/*/*.sql
    "placetypes/sources.py",  # macros.sql
}


def says_sql(annotation: ast.expr | None) -> bool:
    """Tell whether an annotation has Sql in it, alone or in a list or dictionary."""
    nodes = ast.walk(annotation) if annotation else ()
    return any(isinstance(node, ast.Name) and node.id == "Sql" for node in nodes)


class Signatures:
    """What the functions and classes that a file knows take and return as Sql."""

    def __init__(self, tree: ast.Module, others: "dict[str, Signatures]") -> None:
        self.returns: dict[str, bool] = {}
        self.takes: dict[str, set[int | str]] = defaultdict(set)
        self.fields: set[str] = {"query", "macros"} if others else set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in others:
                for alias in node.names:
                    self.returns[alias.name] = others[node.module].returns.get(
                        alias.name, False
                    )
                    self.takes[alias.name] = others[node.module].takes[alias.name]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                self.returns[node.name] = says_sql(node.returns)
                given = [*node.args.args, *node.args.kwonlyargs]
                self.note(node.name, [a for a in given if a.arg != "self"])
            elif isinstance(node, ast.ClassDef):
                given = [n for n in node.body if isinstance(n, ast.AnnAssign)]
                self.note(node.name, given)

    def note(self, name: str, given: list[ast.arg] | list[ast.AnnAssign]) -> None:
        """Note the places and names of what must be Sql."""
        self.takes[name] = set()
        for place, one in enumerate(given):
            if says_sql(one.annotation):
                known = one.arg if isinstance(one, ast.arg) else one.target.id
                self.takes[name] |= {place, known}


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk through a function or comprehension, but into none within it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, INNER):
            yield from own_nodes(child)


class Scope:
    """What the names of a module, function or comprehension stand for."""

    def __init__(self, node: ast.AST, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.values: dict[str, list[ast.expr]] = defaultdict(list)
        self.arguments: dict[str, bool] = {}
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            for a in [*node.args.args, *node.args.kwonlyargs]:
                self.arguments[a.arg] = says_sql(a.annotation)
        for inside in own_nodes(node):
            self.read(inside)

    def read(self, node: ast.AST) -> None:
        """Note what names are given."""
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.bind(target, value)
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.AugAssign(target=target, value=value)
                | ast.NamedExpr(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.comprehension(target=target, iter=value)
            ):
                self.bind(target, value)
            case ast.Call(
                func=ast.Attribute(value=target, attr="append" | "extend"), args=[value]
            ):
                self.bind(target, value)

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """Bind a name, or each of several, to a value."""
        match target, value:
            case ast.Name(id=name), _:
                self.values[name].append(value)
            case ast.Subscript(value=ast.Name(id=name)), _:
                self.values[name].append(value)
            case ast.Tuple(elts=names), ast.Tuple(elts=values):
                for each, given in zip(names, values, strict=True):
                    self.bind(each, given)
            case ast.Tuple(elts=names), _:
                for each in names:
                    self.bind(each, value)


class Reader:
    """Finds in one file what is run as SQL and may not be."""

    def __init__(self, tree: ast.Module, others: dict[str, Signatures]) -> None:
        self.known = Signatures(tree, others)
        self.wrong: list[ast.expr] = []
        self.visit(tree, Scope(tree), None)

    def visit(
        self, node: ast.AST, scope: Scope, function: ast.FunctionDef | None
    ) -> None:
        """Read all that is below a node."""
        for child in ast.iter_child_nodes(node):
            inner = Scope(child, scope) if isinstance(child, INNER) else scope
            within = child if isinstance(child, ast.FunctionDef) else function
            wanted = list(self.wanted(child, within))
            self.wrong += [one for one in wanted if not self.is_sql(one, inner)]
            self.visit(child, inner, within)

    def wanted(
        self, node: ast.AST, function: ast.FunctionDef | None
    ) -> Iterator[ast.expr]:
        """Give what of a call or return must be SQL."""
        match node:
            case ast.Return(value=ast.expr() as value):
                if function and says_sql(function.returns):
                    yield value
            case ast.Call(func=ast.Attribute(value=ast.Call(func=asked))) if (
                isinstance(asked, ast.Attribute) and asked.attr == "STRtree"
            ):
                pass  # a tree of shapes is asked, no database
            case ast.Call(func=ast.Attribute(attr=name), args=[_, *_] as given) if (
                name in SINKS
            ):
                # relation.query(name, sql)
                yield given[1] if name == "query" and len(given) == 2 else given[0]
            case ast.Call(func=ast.Name(id=name), args=given, keywords=named):
                takes = self.known.takes[name]
                yield from (one for place, one in enumerate(given) if place in takes)
                yield from (one.value for one in named if one.arg in takes)

    def is_sql(self, node: ast.expr, scope: Scope, seen: tuple[str, ...] = ()) -> bool:
        """Tell whether an expression is made of nothing but SQL."""

        def all_sql(*nodes: ast.expr) -> bool:
            return all(self.is_sql(one, scope, seen) for one in nodes)

        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
                return all_sql(*parts)
            case ast.Dict(values=parts):
                return all_sql(*parts)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all_sql(*parts)
            case ast.FormattedValue(value=one, conversion=-1) | ast.Starred(value=one):
                return all_sql(one)
            case ast.Subscript(value=one) | ast.UnaryOp(operand=one):
                return all_sql(one)
            case ast.BinOp(left=left, right=right):
                return all_sql(left, right)
            case ast.IfExp(body=left, orelse=right):
                return all_sql(left, right)
            case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one):
                return self.is_sql(one, Scope(node, scope), seen)
            case ast.DictComp(value=one):
                return self.is_sql(one, Scope(node, scope), seen)
            case ast.Attribute(attr=name):
                return name in self.known.fields or name.isupper()
            case ast.Name(id=name):
                return self.name_is_sql(name, scope, seen)
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=name), *_]):
                return name in QUOTING or self.known.returns.get(name, False)
            case ast.Call(func=function, args=given, keywords=named):
                return self.call_is_sql(function, given, named, all_sql)
        return False

    def call_is_sql(self, function: ast.expr, given, named, all_sql) -> bool:
        """Tell whether a call returns SQL."""
        is_method = isinstance(function, ast.Attribute)
        name = function.attr if is_method else getattr(function, "id", "")
        if not is_method and (name in QUOTING or self.known.returns.get(name)):
            return True
        parts = [*given, *(one.value for one in named)]
        return name in KEEPING and all_sql(
            *([function.value] if is_method else []), *parts
        )

    def name_is_sql(
        self, name: str, scope: Scope | None, seen: tuple[str, ...]
    ) -> bool:
        """Tell whether all that a name stands for is SQL."""
        if name in seen:
            return True  # x += …: what else it stands for decides
        while scope is not None:
            given = scope.values.get(name, [])
            if given or name in scope.arguments:
                is_typed = scope.arguments.get(name, True)
                return is_typed and all(
                    self.is_sql(one, scope, (*seen, name)) for one in given
                )
            scope = scope.outer
        return name.isupper()


def module_of(path: Path) -> str:
    """Return a file's module as imports name it."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.fixture(scope="module")
def trees():
    return {path: ast.parse(path.read_text("utf-8")) for path in FILES}


@pytest.fixture(scope="module")
def signatures(trees):
    return {module_of(path): Signatures(tree, {}) for path, tree in trees.items()}


def test_whatever_is_run_as_sql_is_our_own_or_quoted(trees, signatures):
    wrong = [
        f"{path.relative_to(ROOT)}:{found.lineno}: {ast.unparse(found)[:120]}"
        for path, tree in trees.items()
        if not path.relative_to(ROOT).as_posix().startswith(NOT_SQL)
        for found in Reader(tree, signatures).wrong
    ]
    assert not wrong, "quote it with placetypes.database:\n" + "\n".join(wrong)


def test_a_text_is_called_sql_only_where_it_is_the_projects(trees):
    found = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sql"
    }
    assert found <= CALLED_SQL


UNQUOTED = [
    "c.execute(f'from {name}')",
    "c.sql('from ' + name)",
    "c.execute('from %s' % name)",
    "c.execute('from {}'.format(name))",
    "c.execute(name)",
    "table = f'a.{name}'\n    c.sql(f'from {table}')",
    "c.sql('select ' + ', '.join(x for x in names))",
    "parts = []\n    parts.append(name)\n    c.sql(' '.join(parts))",
    "c.sql(f'from {quoted(name)} where {name!r}')",
    "c.query('t', f'from {name}')",
    "view(name)",
    "view(select=name)",
]
QUOTED = [
    "c.execute('from t where a = $1', [name])",
    "c.execute(f'from {quoted(name)} limit {int(rows)}')",
    "c.sql('select ' + ', '.join(map(quoted, names)))",
    "c.sql('select ' + ', '.join(quoted(x) for x in names))",
    "parts = ['1']\n    parts += [literal(name)]\n    c.sql(' '.join(parts))",
    "view(f'from {quoted(name)}')",
]


@pytest.mark.parametrize("line", UNQUOTED + QUOTED)
def test_only_quoted_texts_pass(line):
    view = "def view(select: Sql):\n    c.sql(select)\n"
    tree = ast.parse(f"{view}def f(c, name, names, rows):\n    {line}\n")
    assert bool(Reader(tree, {}).wrong) == (line in UNQUOTED)
