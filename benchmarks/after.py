"""Seconds of what comes after a classification: 240,000 areas and a million records.

python benchmarks/after.py           prints a Markdown table; nothing is needed but the
                                     project: areas and postcodes are drawn at random
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
AREAS, POSTCODES, RECORDS = 240_000, 1_800_000, 1_000_000


def main() -> None:
    """Draw the files, run each command in a process of its own, print its seconds."""
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_areas(folder, rng)
        draw_postcodes(folder, rng)
        classes = folder / "out" / "scored" / "classes.csv"
        seconds = {
            f"score {AREAS:,} areas on three levels": timed(folder, "run", "scored"),
            f"read {POSTCODES:,} postcodes and the classes": timed(
                folder,
                *("run", "records.directory", "records.area_classes"),
                *("--set", f"classes_file_name={classes}"),
            ),
            f"append classes to {RECORDS:,} records": timed(
                folder, "append", str(folder / "records.csv")
            ),
            f"profile {RECORDS:,} records": timed(
                folder, "run", "records", "--set", f"classes_file_name={classes}"
            ),
        }
    load = os.getloadavg()[0]
    print(f"| what | seconds (load {load:.1f}) | of processors |\n| --- | --- | --- |")
    for what, (took, worked) in seconds.items():
        print(f"| {what} | {took:.1f} | {worked:.1f} |")


def draw_areas(folder: Path, rng: np.random.Generator) -> None:
    """Write areas whose variables lie within the published model's range."""
    text = (ROOT / "data" / "models" / "oac2021.json").read_text("utf-8")
    variables = json.loads(text)["variables"]
    values = {
        one["variable"]: rng.beta(2, 5, AREAS) * min(one["maximum"], 1e4)
        for one in variables
    }
    codes = [f"E{number:08}" for number in range(AREAS)]
    pd.DataFrame({"OA": codes, **values}).to_parquet(folder / "areas.parquet")


def draw_postcodes(folder: Path, rng: np.random.Generator) -> None:
    """Write a directory of postcodes, and records at random ones of them."""
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    numbers = np.arange(POSTCODES)
    ends = ["".join(letters[[n % 20, n // 20 % 20]]) for n in range(400)]
    outward = [f"{a}{b}{n}" for a in letters for b in letters for n in range(1, 100)]
    codes = [f"{outward[n // 4000]} {n // 400 % 10}{ends[n % 400]}" for n in numbers]
    areas = rng.integers(0, AREAS, POSTCODES)
    pd.DataFrame(
        {"pcds": codes, "oa21cd": [f"E{n:08}" for n in areas], "lad25cd": "E1"}
    ).to_parquet(folder / "postcodes.parquet")
    chosen = rng.integers(0, POSTCODES, RECORDS)
    pd.DataFrame(
        {"id": np.arange(RECORDS), "postcode": [codes[n] for n in chosen]}
    ).to_csv(folder / "records.csv", index=False)


def timed(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return the seconds of one command, and those that processors worked for it."""
    command = [sys.executable, "pipeline.py", *arguments, "--output", folder / "out"]
    if arguments[0] == "run":
        command += ["--input", folder]
    start, worked = perf_counter(), processor_seconds()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return perf_counter() - start, processor_seconds() - worked


def processor_seconds() -> float:
    """Return what processors have worked for this process's children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
