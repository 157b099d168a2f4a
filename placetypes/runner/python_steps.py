"""Python steps: what a step takes and which code decides its result.

Steps are read as syntax, not imported: a run with nothing to do must not wait for
scikit-learn, and a step's fingerprint is that of the functions that it really uses.
"""

import ast
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from placetypes.errors import PlacetypesError

# Import name → the distributions whose versions decide what it computes.
DECIDING_LIBRARIES = {
    "numba": ("numba",),
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "sklearn": ("scikit-learn", "scipy"),
    "umap": ("umap-learn", "pynndescent", "numba"),
}


@dataclass(frozen=True)
class ParsedStep:
    """A step's signature, its docstring's first line and what decides its result."""

    arguments: tuple[str, ...]
    annotations: dict[str, str]
    summary: str
    code: str  # hash of the step and the project functions that it uses
    libraries: tuple[str, ...]  # distributions, such as scikit-learn
    prepared: tuple[str, ...]  # modules that it uses which have a prepare()
    files: tuple[str, ...]  # where the code stands that it uses, within the project


def parse_step(path: Path, root: Path) -> ParsedStep:
    """Read the function of a file that bears the file's name.

    Raises PlacetypesError where there is none or its docstring is missing.
    """
    function = definitions(path).get(path.stem)
    place = path.relative_to(root)
    if not isinstance(function, ast.FunctionDef):
        raise PlacetypesError(f"{place} must define a function {path.stem}().")
    docstring = ast.get_docstring(function)
    if not docstring:
        raise PlacetypesError(f"{place}: {path.stem}() needs a docstring: One row: …")
    arguments = [*function.args.args, *function.args.kwonlyargs]
    used = reachable(path, path.stem, root)
    return ParsedStep(
        arguments=tuple(argument.arg for argument in arguments),
        annotations={
            argument.arg: ast.unparse(argument.annotation)
            for argument in arguments
            if argument.annotation
        },
        summary=" ".join(docstring.split("\n\n")[0].split()),
        code=hash_code(used),
        libraries=deciding_libraries(used),
        prepared=prepared_modules(used, root),
        files=tuple(sorted({file for file, _ in used})),
    )


@cache
def definitions(path: Path) -> dict[str, ast.stmt]:
    """Return a module's top-level functions, classes and constants by name."""
    try:
        module = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise PlacetypesError(f"{path.name} is not valid Python: {error}.") from error
    found: dict[str, ast.stmt] = {}
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = (
                statement.targets
                if isinstance(statement, ast.Assign)
                else [statement.target]
            )
            for node in (n for target in targets for n in ast.walk(target)):
                if isinstance(node, ast.Name):
                    found[node.id] = statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                found[alias.asname or alias.name.split(".")[0]] = statement
    return found


def reachable(path: Path, name: str, root: Path) -> dict[tuple[str, str], ast.stmt]:
    """Return the definitions that a function uses, keyed by file and name."""
    used: dict[tuple[str, str], ast.stmt] = {}
    waiting = [(path, name)]
    while waiting:
        file, wanted = waiting.pop()
        statement = definitions(file).get(wanted)
        key = (file.relative_to(root).as_posix(), wanted)
        if statement is None or key in used:
            continue
        used[key] = statement
        waiting += [(file, inner) for inner in names_in(statement)]
        for node in nodes_of(statement):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                waiting += project_names(node, root)
    return used


@cache
def names_in(statement: ast.stmt) -> set[str]:
    """Return every name that a definition mentions."""
    return {node.id for node in nodes_of(statement) if isinstance(node, ast.Name)}


@cache
def nodes_of(statement: ast.stmt) -> tuple[ast.AST, ...]:
    """Return every part of a definition; many steps use the same ones."""
    return tuple(ast.walk(statement))


def project_names(node: ast.ImportFrom, root: Path) -> list[tuple[Path, str]]:
    """Return where a `from … import …` leads, if it leads into the project."""
    place = root.joinpath(*node.module.split("."))
    if place.with_suffix(".py").exists():
        return [(place.with_suffix(".py"), alias.name) for alias in node.names]
    modules = [place / f"{alias.name}.py" for alias in node.names]
    # Of a module that is imported whole, everything may be used.
    return [
        (file, name) for file in modules if file.exists() for name in definitions(file)
    ]


def hash_code(used: dict[tuple[str, str], ast.stmt]) -> str:
    """Hash definitions without comments, layout and docstrings."""
    digest = hashlib.sha256()
    for key in sorted(used):
        digest.update(repr(key).encode())
        digest.update(plain_code(used[key]))
    return digest.hexdigest()


@cache
def plain_code(statement: ast.stmt) -> bytes:
    """Return a definition as it is hashed, without comments, layout and docstrings."""
    return ast.dump(without_docstrings(statement)).encode()


def without_docstrings(statement: ast.stmt) -> ast.stmt:
    """Return a copy whose docstrings are gone: words don't change a result."""
    copy = ast.parse(ast.unparse(statement)).body[0]
    for node in ast.walk(copy):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return copy


def deciding_libraries(used: dict[tuple[str, str], ast.stmt]) -> tuple[str, ...]:
    """Return the distributions, imported by the used code, that decide a result."""
    modules = set()
    for statement in used.values():
        for node in nodes_of(statement):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.split(".")[0])
    found = {library for m in modules for library in DECIDING_LIBRARIES.get(m, ())}
    return tuple(sorted(found))


def prepared_modules(
    used: dict[tuple[str, str], ast.stmt], root: Path
) -> tuple[str, ...]:
    """Return the modules with used code that define a function prepare()."""
    files = sorted({file for file, _ in used})
    return tuple(
        file.removesuffix(".py").replace("/", ".")
        for file in files
        if isinstance(definitions(root / file).get("prepare"), ast.FunctionDef)
    )
