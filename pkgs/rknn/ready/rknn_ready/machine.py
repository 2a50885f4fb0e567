"""Which SoC this is, as the device tree says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMPATIBLE = "proc/device-tree/compatible"
# As in "rockchip,rk3588s"; the letter names a package of the same chip.
SOC = re.compile(r"rockchip,(rk\d{4})[a-z]?\d?")
# What librknnrt knows; the right side is what it and mySystem.rknn.soc call the chip.
KNOWN = {
    "rk3562": "rk3562",
    "rk3566": "rk3566",
    "rk3568": "rk3568",
    "rk3576": "rk3576",
    "rk3582": "rk3588",
    "rk3583": "rk3588",
    "rk3588": "rk3588",
}


@dataclass(frozen=True)
class Machine:
    """The board's own name (the first `compatible` string), and its SoC; None: none we know."""

    board: str
    soc: str | None


def machine(root: Path) -> Machine | None:
    """Read the device tree below `root`; None where there is none that can be read."""
    try:
        texts = (root / COMPATIBLE).read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    chips = (match[1] for text in texts if (match := SOC.fullmatch(text)))
    soc = next((KNOWN[chip] for chip in chips if chip in KNOWN), None)
    return Machine(_printable(texts[0]) or "a board without a name", soc)


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)
