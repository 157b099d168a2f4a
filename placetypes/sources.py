"""What a file of SQL or Python says: one row in a sentence, what it reads, its code.

SQL is parsed by sqlglot. Python is read as syntax, not imported: a run with nothing to
do must not wait for scikit-learn.
"""

import ast
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from placetypes.database import Sql
from placetypes.errors import PlacetypesError

QUOTED = ("STRING", "IDENTIFIER")  # tokens whose capitals mean something
# from PACKAGE import NAME, …, in brackets or not.
IMPORT = re.compile(r"^\s*from ([\w.]+) import (\([^)]*\)|.*)", re.MULTILINE)


class Source(NamedTuple):
    """What one file says, whichever job takes it."""

    one_row: str
    code: str
    tables: frozenset[tuple[str, str]]  # schema ('' for the job's own) and name
    names: frozenset[str]  # parameters, files and tables that it asks for by name
    annotations: dict[str, str]


def read_source(path: Path, root: Path, macros: dict[str, str]) -> Source:
    """Read one file of SQL or Python."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlacetypesError(f"{path.name} is not UTF-8 text: {error}.") from error
    if path.suffix == ".sql":
        return read_sql(path, text, macros)
    return read_step(path, text, root)


def read_sql(path: Path, text: str, macros: dict[str, str]) -> Source:
    """Read one SELECT, whose code is its own and that of the macros it calls."""
    source, functions = parse_select(path.name, text)
    used = [macros[name] for name in sorted(functions & macros.keys())]
    return source._replace(code="\n".join([source.code, *used]))


def parse_select(file: str, text: str) -> tuple[Source, frozenset[str]]:
    """Parse one SELECT: its tables, what it asks with getvariable('…'), its calls."""
    from sqlglot import exp
    from sqlglot.dialects import DuckDB
    from sqlglot.errors import SqlglotError

    try:
        tokens = DuckDB().tokenize(text)
        found = [tree for tree in DuckDB().parser().parse(tokens, text) if tree]
    except SqlglotError as error:
        raise PlacetypesError(f"{file} can't be parsed: {error}") from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise PlacetypesError(f"{file} must hold one SELECT and nothing else.")
    tree = found[0]
    own_names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    tables = {
        (table.db.lower(), table.name.lower())
        for table in tree.find_all(exp.Table)
        if table.db or (table.name and table.name.lower() not in own_names)
    }
    calls = list(tree.find_all(exp.Anonymous))
    arguments = [c.expressions[0] for c in calls if c.name.lower() == "getvariable"]
    for argument in arguments:
        if not isinstance(argument, exp.Literal):
            raise PlacetypesError(
                f"{file}: getvariable() takes a quoted name, not {argument}."
            )
    asked = frozenset(argument.this for argument in arguments)
    # What is run, without comments and however it is written.
    code = " ".join(
        written if token.token_type.name.endswith(QUOTED) else written.lower()
        for token in tokens
        if (written := text[token.start : token.end + 1]) != ";"
    )
    source = Source(first_comment(text), code, frozenset(tables), asked, {})
    return source, frozenset(call.name.lower() for call in calls)


def read_step(path: Path, text: str, root: Path) -> Source:
    """Read a step's signature without importing it."""
    functions = {
        node.name: node
        for node in parse_python(path, text).body
        if isinstance(node, ast.FunctionDef)
    }
    place = path.relative_to(root)
    if path.stem not in functions:
        raise PlacetypesError(f"{place} must define a function {path.stem}().")
    function = functions[path.stem]
    docstring = ast.get_docstring(function)
    if not docstring:
        raise PlacetypesError(f"{place}: {path.stem}() needs a docstring: One row: …")
    annotations = {
        argument.arg: ast.unparse(argument.annotation) if argument.annotation else ""
        for argument in [*function.args.args, *function.args.kwonlyargs]
    }
    used = [file.read_text("utf-8") for file in sorted(code_of(path, root))]
    return Source(
        " ".join(docstring.split("\n\n")[0].split()),
        hashlib.sha256("\0".join(used).encode()).hexdigest(),
        frozenset(),
        frozenset(annotations),
        annotations,
    )


def parse_python(path: Path, text: str) -> ast.Module:
    """Return a file's syntax tree."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise PlacetypesError(f"{path.name} is not valid Python: {error}.") from error


@cache
def imported_files(path: Path, root: Path) -> tuple[Path, ...]:
    """Return the project's files that a file imports."""
    found = []
    for module, names in IMPORT.findall(path.read_text("utf-8")):
        place = root.joinpath(*module.split("."))
        inside = [place / name for name in re.findall(r"\w+", names)]
        found += [file.with_suffix(".py") for file in (place, *inside)]
    return tuple(file for file in found if file.exists())


def code_of(path: Path, root: Path) -> set[Path]:
    """Return a file and the project's files that it imports, however far."""
    found, waiting = set(), [path]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += imported_files(file, root)
    return found


def first_comment(text: str) -> str:
    """Return the text of the comment that opens a SQL file, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def read_macros(path: Path) -> dict[str, Sql]:
    """Return each macro's statement by its name; the file holds nothing else."""
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    macros = {}
    for statement in filter(None, map(str.strip, text.split(";"))):
        match = re.match(r"create or replace macro (\w+)", statement)
        if match is None:
            raise PlacetypesError(
                f"{path.name} holds something that isn't a macro: {statement[:60]}"
            )
        macros[match[1]] = Sql(" ".join(statement.split()))
    return macros
