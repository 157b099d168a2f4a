"""Run a command and write down what it took.

    python measured.py FACTS.json COMMAND…

Its seconds, CPU seconds and peak in megabytes. A process of its own, and a small one: a
child's peak is at least what its parent held when it started it.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

start = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
facts = {
    "seconds": time.perf_counter() - start,
    "cpu": used.ru_utime + used.ru_stime,
    "megabytes": used.ru_maxrss / 1024,
}
Path(sys.argv[1]).write_text(json.dumps(facts), "utf-8")
sys.exit(process.returncode)
