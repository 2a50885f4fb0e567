"""A sample as JSON, and as one plain line."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rknn_npu_load.driver import Frequency, Sample


def as_json(sample: Sample) -> str:
    """Return one JSON object on one line."""
    return json.dumps(asdict(sample))


def megahertz(hertz: int | None) -> str:
    """Return "1000 MHz", or "unknown" for None."""
    return "unknown" if hertz is None else f"{hertz / 1_000_000:g} MHz"


def as_line(sample: Sample) -> str:
    """Return the time, each core's load and the clock: one line for a log."""
    words = [datetime.now().astimezone().isoformat(timespec="seconds")]
    words += [f"core{one.core} {one.load_percent}%" for one in sample.cores]
    if sample.frequency is not None:
        words.append(megahertz(sample.frequency.current_hz))
    return " ".join(words)


def clock(frequency: Frequency | None) -> str:
    """Return what devfreq says in one line."""
    if frequency is None:
        return "no devfreq device: this kernel does not show the NPU's clock"
    span = f"{megahertz(frequency.min_hz)} to {megahertz(frequency.max_hz)}"
    governor = frequency.governor or "unknown"
    return f"{megahertz(frequency.current_hz)} ({span}, governor {governor})"
