"""Wall time and memory of `rknn-convert inspect` on a file of 500 MB."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rknn_flake.paths import PROJECT
from unit.rknn_file import Model, rknn_bytes

from .pins_check import folder
from .pins_served import Run, timed
from .report import Report, Sample, ratio, sample

NEEDS = ("test",)
NETWORK = 500_000_000
PIECE = 1 << 20
RUNS = 7
SECONDS = 0.3
MOST_BYTES = 50_000_000


def measure(runs: int = RUNS) -> Report:
    """Inspect a file with a network of 500 MB, each time in a process of its own."""
    with tempfile.TemporaryDirectory(dir=folder()) as made:
        scratch = Path(made)
        path = scratch / "large.rknn"
        write(path, NETWORK)
        taken = [_inspect(path, scratch / "log") for _ in range(runs + 1)][1:]
        size = path.stat().st_size
    return report(sample([run.seconds for run in taken]), max(run.peak for run in taken), size)


def report(seconds: Sample, peak: int, size: int) -> Report:
    """Turn the runs' times and the most memory of any into a report."""
    failures = (
        (f"{peak / 1e6:.0f} MB resident, at most {MOST_BYTES / 1e6:.0f} allowed",)
        if peak > MOST_BYTES
        else ()
    )
    told = (
        f"rknn-convert inspect of {size / 1e6:.0f} MB: {seconds.median:.3f} s of {SECONDS:g} s "
        f"allowed, {peak / 1e6:.1f} MB resident at most"
    )
    taken = (
        f"median of {seconds.runs} runs after a warm-up, spread (max - min) / median "
        f"{seconds.spread:.0%}; Python's own start is in it"
    )
    return Report(
        "inspect",
        ratio(seconds.median, SECONDS, "time allowed"),
        1.0,
        (told, taken),
        {"seconds": seconds.median, "peak": peak, "bytes": size},
        failures,
    )


def write(path: Path, network: int) -> None:
    """Write a sound .rknn file with `network` more bytes in its body."""
    whole = rknn_bytes(Model())
    length = int.from_bytes(whole[16:24], "little")
    piece = os.urandom(PIECE)
    with path.open("wb") as opened:
        opened.write(
            whole[:16] + (length + network).to_bytes(8, "little") + whole[24 : 64 + length]
        )
        for start in range(0, network, PIECE):
            opened.write(piece[: network - start])
        opened.write(whole[64 + length :])


def _inspect(path: Path, log: Path) -> Run:
    return timed(
        [sys.executable, "-P", "-m", "rknn_convert.inspect", path],
        {"PYTHONPATH": str(PROJECT / "pkgs/rknn/convert"), "PYTHONDONTWRITEBYTECODE": None},
        log,
    )
