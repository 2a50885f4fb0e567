"""Runs on the board: opens the binding from several packages, in turn, and counts instructions.

python3 binding_guest.py RUNS MODEL.rknn LIBRARY NAME=PYTHON[=link] [NAME=PYTHON[=link] ...]
python3 binding_guest.py open MODEL.rknn

The first prints {NAME: [{phase: count}, ...]} as JSON on its last line, after one warm-up run of
each that is not counted. With `=link`, /usr/lib/librknnrt.so leads to LIBRARY for that run, as on
a Debian board; without, there is nothing in /usr/lib, as on NixOS.
The board runs one instruction per nanosecond of its clock, so the clock counts instructions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import import_module
from itertools import pairwise
from pathlib import Path

LINK = Path("/usr/lib/librknnrt.so")
# The same for every run, and nothing random in it.
ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "RKNN_SIMULATOR_DEVICE": "none",
}


def now() -> int:
    """Return the board's clock in nanoseconds, which nothing adjusts."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)


def opened(model: str) -> dict[str, int]:
    """Import the binding, open a model with it, release it; return instructions per phase."""
    marks = [now()]
    api = import_module("rknnlite.api")
    marks.append(now())
    binding = api.RKNNLite()
    statuses = (binding.load_rknn(model), binding.init_runtime())
    marks.append(now())
    binding.release()
    marks.append(now())
    if statuses != (0, 0):
        raise SystemExit(f"load_rknn and init_runtime returned {statuses}, expected (0, 0)")
    spent = [after - before for before, after in pairwise(marks)]
    return {**dict(zip(("import", "open", "release"), spent, strict=True)), "all": sum(spent)}


def once(side: str, model: str, library: str) -> dict[str, int]:
    """Run `opened` in a fresh process of a side's Python; "process" counts that as a whole."""
    _, python, *linked = side.split("=")
    if linked:
        LINK.symlink_to(library)
    try:
        before = now()
        done = subprocess.run(
            [python, __file__, "open", model],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        whole = now() - before
    finally:
        LINK.unlink(missing_ok=True)
    if done.returncode != 0:
        raise SystemExit(f"{side}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return {**json.loads(done.stdout.splitlines()[-1]), "process": whole}


def main(argv: list[str]) -> int:
    """Count, or be the process that is counted."""
    if argv[0] == "open":
        sys.stdout.write(f"\n{json.dumps(opened(argv[1]))}\n")
        return 0
    runs, model, library, *sides = argv
    counts: dict[str, list[dict[str, int]]] = {side.partition("=")[0]: [] for side in sides}
    for turn in range(int(runs) + 1):
        # Whoever comes second finds other things in the caches.
        for side in sides if turn % 2 else reversed(sides):
            counted = once(side, model, library)
            if turn > 0:
                counts[side.partition("=")[0]].append(counted)
    sys.stdout.write(f"{json.dumps(counts)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
