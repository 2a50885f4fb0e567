"""Memory of `rknn-pins check` of a file of 1 GB against that of a file of 1 MB."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from unit.loopback import Generated

from . import pins_check
from .pins_served import served
from .report import Report, ratio

if TYPE_CHECKING:
    from .pins_served import Run

NEEDS = ("test",)
SMALL = 1_000_000
LARGE = 1_000_000_000
# The larger file may cost buffers, not memory that grows with it.
TARGET = 1.2
MOST_BYTES = 100_000_000


def measure() -> Report:
    """Fetch and check both files, each in a process of its own with an empty cache."""
    return report(*(_peak(size) for size in (SMALL, LARGE)))


def report(small: Run, large: Run) -> Report:
    """Turn the two runs into a report."""
    failures = (
        (f"{large.peak / 1e6:.0f} MB resident, at most {MOST_BYTES / 1e6:.0f} allowed",)
        if large.peak > MOST_BYTES
        else ()
    )
    line = (
        f"rknn-pins check, most memory resident: {large.peak / 1e6:.1f} MB for a file of "
        f"{LARGE / 1e9:g} GB, {small.peak / 1e6:.1f} MB for one of {SMALL / 1e6:g} MB"
    )
    taken = (
        f"one run each, fetched from a server on loopback over TLS; the large one took "
        f"{large.seconds:.1f} s"
    )
    return Report(
        "pins-memory",
        ratio(large.peak, small.peak, "memory"),
        TARGET,
        (line, taken),
        {"peak": {SMALL: small.peak, LARGE: large.peak}},
        failures,
    )


def _peak(size: int) -> Run:
    with tempfile.TemporaryDirectory(dir=pins_check.folder()) as made:
        scratch = Path(made)
        with served(scratch, [Generated(size)], latency=0.0) as files:
            return pins_check.check(files, scratch)
