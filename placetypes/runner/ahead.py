"""Work ahead: what Python steps need is loaded while SQL reads the files.

To import numba and SciPy takes as long as many a step, and to compile our loops, on the
first run on a machine, longer. A module of models_py that is slow to start defines
`prepare()`, which does its smallest possible piece of work.
"""

import importlib
from collections.abc import Iterable
from pathlib import Path
from threading import Thread

from placetypes.runner.project import Model
from placetypes.sources import code_of


def prepare_ahead(models: Iterable[Model], root: Path) -> Thread:
    """Start to prepare what these models use; the steps wait for it by themselves."""
    steps = [model.path for model in models if not model.is_sql]
    files = dict.fromkeys(file for step in steps for file in code_of(step, root))
    modules = [
        ".".join(file.relative_to(root).with_suffix("").parts)
        for file in files
        if "\ndef prepare(" in file.read_text("utf-8")
    ]
    thread = Thread(target=prepare, args=(modules,), name="prepare", daemon=True)
    thread.start()
    return thread


def prepare(modules: list[str]) -> None:
    """Import modules and have each do its smallest piece of work."""
    # DuckDB imports it when it is first given a parameter or a table of a step.
    importlib.import_module("pandas")
    for name in modules:
        try:
            importlib.import_module(name).prepare()
        except Exception:
            # Whatever it is, the step that needs the module meets it too: in the
            # foreground, where it ends the run with a sentence.
            return
