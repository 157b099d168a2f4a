"""Seconds against rows: the whole census job on parts of the country."""

import os
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROWS = (5_000, 25_000, 100_000, 189_000)
CENSUS = "uk_census_data.parquet"
SHORT = 0.5  # seconds on most areas: what takes less is left out
COMMAND = ["--set", "region=all", "--set", "clusters=8", "--set", "subgroups=3"]


def growth(folder: Path) -> list[str]:
    """Run the job on more and more areas; return a Markdown table of its stages."""
    frame = pd.read_parquet(folder / CENSUS)
    order = np.random.default_rng(0).permutation(len(frame))
    columns = {}
    for rows in sorted({min(count, len(frame)) for count in ROWS}):
        part = frame.iloc[np.sort(order[:rows])]
        columns[f"{rows:,}"] = run_on(folder, part)
        print(f"growth, {rows:,} areas, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    smallest, *_, largest = columns
    times = int(largest.replace(",", "")) / int(smallest.replace(",", ""))
    lines = [
        "## Growth: the census job, region=all, clusters=8, seconds by areas",
        "",
        f"Linear growth makes the last column {times:.1f}.",
        "",
        f"| stage | {' | '.join(columns)} | times |",
        f"| --- {'| ---: ' * (len(columns) + 1)}|",
    ]
    for stage, took in columns[largest].items():
        if took < SHORT:
            continue
        seconds = [column[stage] for column in columns.values()]
        shown = " | ".join(f"{value:,.1f}" for value in seconds)
        lines.append(f"| {stage} | {shown} | {took / seconds[0]:.1f} |")
    return [*lines, ""]


def run_on(folder: Path, part: pd.DataFrame) -> dict[str, float]:
    """Run the census job on some rows of the census file; return its stages.

    These are of a second run, in which one table is built at a time.
    """
    from benchmarks.bench import ROOT, measure

    with tempfile.TemporaryDirectory() as name:
        source, output = Path(name) / "input", Path(name) / "output"
        source.mkdir()
        for file in folder.iterdir():
            if file.name != CENSUS:
                (source / file.name).symlink_to(file)
        part.to_parquet(source / CENSUS)
        command = ["pipeline.py", "run", "census", *COMMAND]
        command += ["--input", str(source), "--output", str(output), "--fresh"]
        seconds, cpu, megabytes = measure(command, ROOT, {})
        measure([*command, "--set", "pipeline.lanes=1"], ROOT, {})
        with duckdb.connect(str(output / "placetypes.duckdb"), read_only=True) as made:
            models = dict(
                made.execute("select model, seconds from meta.models").fetchall()
            )
    steps = {path.stem for path in (ROOT / "models_py").rglob("*.py")}
    by_step = {
        model.split(".")[1].replace("_", " "): took
        for model, took in sorted(models.items(), key=lambda entry: -entry[1])
        if model.split(".")[1] in steps
    }
    in_sql = sum(
        took for model, took in models.items() if model.split(".")[1] not in steps
    )
    return {
        "whole process": seconds,
        "CPU": cpu,
        "peak MB": megabytes,
        "all SQL models": in_sql,
        **by_step,
    }
