"""Reads rknpu's files below /proc and /sys.

Writes nothing, and never reads debugfs `freq`, which would power the NPU on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_npu_load.absence import explain_absence
from rknn_npu_load.errors import FormatError
from rknn_npu_load.load import CoreLoad, parse_load, parse_version

if TYPE_CHECKING:
    from pathlib import Path

# In the order in which they are tried: the first is world-readable, the second is root's.
LOAD_FILES = ("proc/rknpu/load", "sys/kernel/debug/rknpu/load")
VERSION_FILES = ("sys/module/rknpu/version", "proc/rknpu/version", "sys/kernel/debug/rknpu/version")


@dataclass(frozen=True)
class Driver:
    """Which driver answered, and which file said its version; both None if none does."""

    name: str
    version: str | None
    source: str | None


@dataclass(frozen=True)
class Frequency:
    """The NPU's clock as devfreq shows it, in Hz; None for what a kernel does not show."""

    current_hz: int | None
    min_hz: int | None
    max_hz: int | None
    available_hz: tuple[int, ...]
    governor: str | None


@dataclass(frozen=True)
class Sample:
    """One look at the driver; `frequency` is None where the NPU has no devfreq device."""

    driver: Driver
    load_source: str
    cores: tuple[CoreLoad, ...]
    frequency: Frequency | None


def read_text(path: Path) -> str | None:
    """Return the text of a file, or None if it is not there or not for this user."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def read_sample(root: Path) -> Sample:
    """Look once at the driver of the system below `root`; raise an NpuLoadError if that fails."""
    for name in LOAD_FILES:
        text = read_text(root / name)
        if text is not None:
            try:
                cores = parse_load(text)
            except FormatError as error:
                raise FormatError(f"{root / name}: {error}") from error
            return Sample(read_driver(root), str(root / name), cores, read_frequency(root))
    raise explain_absence(root, tuple(root / name for name in LOAD_FILES))


def read_driver(root: Path) -> Driver:
    """Return the driver's version from the first file that says it."""
    for name in VERSION_FILES:
        text = read_text(root / name)
        if text:
            return Driver("rknpu", parse_version(text), str(root / name))
    return Driver("rknpu", None, None)


def read_frequency(root: Path) -> Frequency | None:
    """Return the clock of the devfreq device that is bound to RKNPU, whatever its node's name."""
    for device in sorted((root / "sys/class/devfreq").glob("*")):
        uevent = read_text(device / "device/uevent") or ""
        if "DRIVER=RKNPU" in uevent.splitlines():
            available = (read_text(device / "available_frequencies") or "").split()
            return Frequency(
                read_hertz(device / "cur_freq"),
                read_hertz(device / "min_freq"),
                read_hertz(device / "max_freq"),
                tuple(hertz(device / "available_frequencies", word) for word in available),
                (read_text(device / "governor") or "").strip() or None,
            )
    return None


def read_hertz(path: Path) -> int | None:
    """Return the number in a file, or None if there is none."""
    text = (read_text(path) or "").strip()
    return hertz(path, text) if text else None


def hertz(path: Path, text: str) -> int:
    """Return a frequency as a number, at most 64 bits; raise FormatError for any other text."""
    # int() refuses texts of over 4300 digits with a ValueError.
    if not text.isdecimal() or len(text) > 20:
        raise FormatError(f"{path}: found {text[:80]!r}, expected a frequency in Hz")
    return int(text)
