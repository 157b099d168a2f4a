"""Numbers and texts as the page embeds them: small, exact enough, and inert.

The page's JavaScript undoes this in page/decode.js.
"""

import base64
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

NONE_16 = 65535  # stands for "no value" in 16 bits


def inert_json(data: Any) -> str:
    """Write JSON that no HTML parser can mistake for markup.

    Within a script element only `<` can end or open anything (`</script>`, `<!--`);
    the line separators would end a string in old JavaScript.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def base64_of(values: np.ndarray) -> str:
    """Return an array's bytes, little-endian, as base64."""
    little = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return base64.b64encode(little.tobytes()).decode("ascii")


def number_column(values: Sequence[float] | np.ndarray) -> dict[str, Any]:
    """Encode numbers: hundredths in 16 bits where those are exact, else 32-bit floats.

    Published percentages have two decimals, so they come back to the digit.
    """
    numbers = np.asarray(values, dtype=float)
    known = np.isfinite(numbers)
    low = float(numbers[known].min()) if known.any() else 0.0
    hundredths = np.round((numbers[known] - low) * 100)
    exact = np.abs(low + hundredths / 100 - numbers[known]) < 1e-9
    if exact.all() and (not known.any() or hundredths.max() < NONE_16):
        small = np.full(len(numbers), NONE_16, dtype=np.uint16)
        small[known] = hundredths
        return {"type": "u16", "low": low, "step": 0.01, "data": base64_of(small)}
    floats = np.where(known, numbers, np.nan).astype(np.float32)
    return {"type": "f32", "data": base64_of(floats)}


def coarse_column(values: Sequence[float] | np.ndarray) -> dict[str, Any]:
    """Encode numbers in 65,535 steps between the smallest and the largest."""
    numbers = np.asarray(values, dtype=float)
    known = np.isfinite(numbers)
    low, high = (
        (float(numbers[known].min()), float(numbers[known].max()))
        if known.any()
        else (0.0, 0.0)
    )
    step = (high - low) / (NONE_16 - 1) or 1.0
    small = np.full(len(numbers), NONE_16, dtype=np.uint16)
    small[known] = np.round((numbers[known] - low) / step)
    return {"type": "u16", "low": low, "step": step, "data": base64_of(small)}


def category_column(
    values: Sequence[str | None], labels: Sequence[str]
) -> dict[str, Any]:
    """Encode each value as its place among the labels; None as no value."""
    place = {label: index for index, label in enumerate(labels)}
    places = np.array([place.get(value, NONE_16) for value in values], dtype=np.uint16)
    return {"labels": list(labels), "data": base64_of(places)}


def index_column(values: np.ndarray) -> dict[str, Any]:
    """Encode whole numbers from 0 to 2³²."""
    return {"type": "u32", "data": base64_of(np.asarray(values, dtype=np.uint32))}


def varints(values: np.ndarray) -> str:
    """Encode signed whole numbers so that small ones take one byte (zigzag, LEB128)."""
    signed = np.asarray(values, dtype=np.int64)
    rest = ((signed << 1) ^ (signed >> 63)).astype(np.uint64)
    widths = np.ones(len(rest), dtype=np.int64)
    for bits in range(7, 64, 7):
        widths += rest >= np.uint64(1) << np.uint64(bits)
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(np.int64)
    result = np.zeros(int(widths.sum()), dtype=np.uint8)
    for place in range(int(widths.max(initial=0))):
        has_byte = widths > place
        group = (rest[has_byte] & np.uint64(0x7F)).astype(np.uint8)
        more = (widths[has_byte] > place + 1).astype(np.uint8) << 7
        result[starts[has_byte] + place] = group | more
        rest = rest >> np.uint64(7)
    return base64.b64encode(result.tobytes()).decode("ascii")


def short(value: Any) -> Any:
    """Return a table's cell as JSON can hold it: six digits of a number are plenty."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, float | Decimal):
        value = float(value)
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return str(value)
