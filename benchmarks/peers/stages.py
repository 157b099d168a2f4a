"""What both peers share: they time their stages and write down what they found."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


class Stages:
    """Wall-clock seconds of named stages, and results to compare."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a part of the script."""
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def write(self, folder: Path, facts: dict[str, Any], **arrays: np.ndarray) -> None:
        """Write seconds and facts as JSON, arrays beside them."""
        document = {"seconds": self.seconds, **facts}
        (folder / "peer.json").write_text(json.dumps(document), "utf-8")
        np.savez(folder / "peer.npz", **arrays)
