"""Numbers and texts as the page embeds them: gzipped JSON in base64, and so inert.

The page's JavaScript undoes this in page/layer.js, with the browser's own
DecompressionStream.
"""

import base64
import gzip
import json
import math
from decimal import Decimal
from typing import Any

import numpy as np

LEVEL = 5  # 6 takes twice as long for three per cent


def packed(data: Any) -> str:
    """Return data as gzipped JSON in base64; the same data give the same text."""
    return packed_text(
        json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    )


def packed_text(text: str) -> str:
    """Return a text gzipped, in base64."""
    compressed = gzip.compress(text.encode("utf-8"), LEVEL, mtime=0)
    return base64.b64encode(compressed).decode("ascii")


def unpacked(text: str) -> Any:
    """Return what `packed` was given."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def put(blocks: list[str], data: Any) -> int:
    """Add data to those that the page opens when they are needed; return its place."""
    blocks.append(packed(data))
    return len(blocks) - 1


def put_numbers(blocks: list[str], values: np.ndarray) -> int:
    """Add numbers as `put` would; a value that many areas share is written out once."""
    distinct, place = np.unique(values, return_inverse=True)
    listed = json.dumps(numbers_of(distinct), separators=(",", ":"))
    texts = np.array(listed[1:-1].split(","), dtype=object)
    blocks.append(packed_text(f"[{','.join(texts[place])}]"))
    return len(blocks) - 1


def numbers_of(values: np.ndarray) -> list[float | int | None]:
    """Return numbers as JSON can hold them: six digits, None where there is none."""
    numbers = np.asarray(values, dtype=float)
    known = np.isfinite(numbers)
    sizes = np.abs(np.where(known & (numbers != 0), numbers, 1.0))
    decimals = np.clip(5 - np.floor(np.log10(sizes)), 0, 12)
    rounded = np.round(np.where(known, numbers, 0.0) * 10.0**decimals) / 10.0**decimals
    if (rounded == np.floor(rounded)).all() and np.abs(rounded).max(initial=0) < 2**53:
        rounded = rounded.astype(np.int64)
    listed = rounded.tolist()
    for place in np.flatnonzero(~known).tolist():
        listed[place] = None
    return listed


def places_of(values: "list[str | None]", labels: list[str]) -> list[int | None]:
    """Return each value as its place among the labels; None as none."""
    place = {label: index for index, label in enumerate(labels)}
    return [place.get(value) for value in values]


def short(value: Any) -> Any:
    """Return a table's cell as JSON can hold it: six digits of a number are plenty."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, float | Decimal):
        value = float(value)
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return str(value)
