"""The text of the driver's `load` and `version` files (rknpu_debugger.c) as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rknn_npu_load.errors import FormatError

# "NPU load:  0%" with one core; "NPU load:  Core0:  0%, Core1: 50%," with two or three.
ONE_CORE = re.compile(r"NPU load:\s*(\d{1,3})%")
ALL_CORES = re.compile(r"NPU load:(?:\s*Core\d{1,3}:\s*\d{1,3}%,)+")
CORE = re.compile(r"Core(\d+):\s*(\d{1,3})%")
VERSION = re.compile(r"RKNPU driver: v(\S+)")


@dataclass(frozen=True)
class CoreLoad:
    """How busy one core was during the driver's last second, in percent from 0 to 100."""

    core: int
    load_percent: int


def parse_load(text: str) -> tuple[CoreLoad, ...]:
    """Return the load of each core; raise FormatError for any other text."""
    line = text.strip()
    cores: tuple[CoreLoad, ...]
    if found := ONE_CORE.fullmatch(line):
        cores = (CoreLoad(0, int(found[1])),)
    elif ALL_CORES.fullmatch(line):
        cores = tuple(CoreLoad(int(core), int(load)) for core, load in CORE.findall(line))
    else:
        raise FormatError(f"found {text[:80]!r}, expected 'NPU load: ...%' for one to three cores")
    if any(one.load_percent > 100 for one in cores):
        raise FormatError(f"found {text[:80]!r}, expected at most 100% a core")
    return cores


def parse_version(text: str) -> str:
    """Return "0.9.8" for the "RKNPU driver: v0.9.8" of procfs and debugfs, or for itself."""
    line = text.strip()
    found = VERSION.fullmatch(line)
    return found[1] if found else line
