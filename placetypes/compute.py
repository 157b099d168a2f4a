"""Where fits run: on this machine, or on a Dask cluster."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from placetypes.errors import PlacetypesError


@contextmanager
def computing_on(compute: str, threads: int, root: Path) -> Iterator[None]:
    """Send the fits of a run to where the parameter `compute` says.

    On this machine they use `threads` cores, 0 being all of them.

    `local` is this machine; `dask://host:port` is the scheduler of a Dask cluster,
    which gets the project's code, then restarts and trees through joblib's backend.
    """
    if compute == "local":
        if threads:
            os.environ["LOKY_MAX_CPU_COUNT"] = str(threads)  # what joblib counts
        yield
        return
    if not compute.startswith("dask://"):
        raise PlacetypesError(
            f"pipeline.compute is {compute!r}; it takes local or dask://host:port."
        )
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise PlacetypesError(
            f"compute={compute} needs the package distributed: pip install distributed."
        ) from error
    import joblib

    address = f"tcp://{compute.removeprefix('dask://')}"
    try:
        client = Client(address, timeout="10s")
    except OSError as error:
        raise PlacetypesError(
            f"No Dask scheduler answers at {compute}; start one with `dask scheduler`, "
            "or compute here with --set compute=local."
        ) from error
    with client, tempfile.TemporaryDirectory() as folder:
        client.upload_file(str(zip_code(root, Path(folder))))
        with joblib.parallel_config(backend="dask"):
            yield


def zip_code(root: Path, folder: Path) -> Path:
    """Pack the Python that steps use, for workers which don't have the project."""
    path = folder / "placetypes_models.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((root / "models_py").rglob("*.py")):
            archive.write(file, file.relative_to(root))
    return path
