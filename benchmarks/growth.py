"""Seconds against rows: the whole census job on parts of the country, and beyond it."""

import os
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROWS = (10_000, 50_000, 189_000)
CENSUS = "uk_census_data.parquet"
SHORT = 0.5  # seconds on most areas: what takes less is left out
COMMAND = ["--set", "region=all", "--set", "clusters=8", "--set", "subgroups=3"]


def growth(folder: Path, times: int = 1) -> list[str]:
    """Run the job on more and more areas; return a Markdown table of its stages.

    With `times` the last run has so many times the country's areas.
    """
    frame = pd.read_parquet(folder / CENSUS)
    wanted = [min(rows, len(frame)) for rows in ROWS]
    wanted += [len(frame) * times] if times > 1 else []
    columns = {}
    for rows in wanted:
        columns[f"{rows:,}"] = run_on(folder, some_areas(frame, rows))
        print(f"growth, {rows:,} areas, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    *_, largest = columns
    lines = [
        "## Growth: the census job, region=all, clusters=8, seconds by areas",
        "",
        "One table is built at a time, so that a stage's seconds are its own. Linear "
        f"growth makes the last column {wanted[-1] / wanted[0]:.1f}.",
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


def some_areas(frame: pd.DataFrame, rows: int) -> pd.DataFrame:
    """Return some of the country's areas; where it has too few, made-up ones besides.

    These are like real ones, each variable a tenth more or less.
    """
    random = np.random.default_rng(0)
    more = rows - len(frame)
    if more <= 0:
        return frame.iloc[np.sort(random.permutation(len(frame))[:rows])]
    made = frame.iloc[random.integers(0, len(frame), more)]
    made = (made * random.uniform(0.9, 1.1, made.shape)).clip(upper=frame.max(), axis=1)
    made.index = pd.Index([f"M{n:08d}" for n in range(more)], name=frame.index.name)
    return pd.concat([frame, made])


def run_on(folder: Path, part: pd.DataFrame) -> dict[str, float]:
    """Run the census job on a census file of these rows; return its stages."""
    from benchmarks.bench import ROOT, measure

    with tempfile.TemporaryDirectory() as name:
        source, output = Path(name) / "input", Path(name) / "output"
        source.mkdir()
        for file in folder.iterdir():
            if file.name != CENSUS:
                (source / file.name).symlink_to(file)
        part.to_parquet(source / CENSUS)
        command = ["pipeline.py", "run", "census", *COMMAND]
        command += ["--set", "pipeline.lanes=1"]
        command += ["--input", str(source), "--output", str(output)]
        seconds, cpu, megabytes = measure(command, ROOT, {})
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
