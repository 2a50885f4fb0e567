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


def foreign(found: Machine | None) -> str:
    """Say why a machine without an SoC that we know has no NPU of Rockchip's."""
    if found is None:
        return "no device tree at /proc/device-tree: this is no board with Rockchip's NPU"
    return (
        f"{found.board} has no SoC that librknnrt knows (RK3562, RK3566, RK3568, RK3576, RK3588); "
        "write mySystem.rknn.enable = false for this machine"
    )


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)
