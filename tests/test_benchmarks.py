"""The quick benchmark, as `python benchmarks/bench.py --quick` runs it."""

import subprocess
import sys
from pathlib import Path

from benchmarks.quick import GOALS

ROOT = Path(__file__).parents[1]


def test_no_stage_falls_under_half_of_its_goal():
    # Ratios of CPU time taken in turn in one run, so a busy machine slows both sides.
    # A process of its own: here, other tests' threads would count too.
    outcome = subprocess.run(
        [sys.executable, "benchmarks/bench.py", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    ratios = dict(line.split(": ") for line in outcome.stdout.splitlines())
    assert list(ratios) == list(GOALS)
    assert outcome.returncode == 0, outcome.stdout
