"""The NPU's device nodes, found by their driver in sysfs: their numbers depend on the display's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Its platform driver's name; upper case matters.
DRIVER = "RKNPU"
MISC = "dev/rknpu"
# What librknnrt tries; it never opens a render node.
CARDS = tuple(f"/dev/dri/card{number}" for number in range(16))


@dataclass(frozen=True)
class Node:
    """A device node that the kernel has announced, by its path, and whose it is."""

    path: str
    driver: str

    @property
    def is_opened(self) -> bool:
        """Whether the driver's user space, librknnrt or Mesa, opens this node."""
        return self.driver == "rocket" or self.path in (f"/{MISC}", *CARDS)


def nodes(root: Path) -> tuple[Node, ...]:
    """Return the nodes of rknpu and rocket below `root`, in the order that librknnrt tries."""
    return (*_misc(root), *_drm(root), *_accel(root))


def opened(announced: tuple[Node, ...], driver: str) -> Node | None:
    """Return the node of `driver` that its user space opens, of those announced."""
    return next((node for node in announced if node.driver == driver and node.is_opened), None)


def has_stray(root: Path) -> bool:
    """Whether something that is no node of rknpu's has the name that librknnrt opens first."""
    return os.path.lexists(root / MISC) and not _has_misc(root)


def _has_misc(root: Path) -> bool:
    return (root / "sys/class/misc/rknpu").exists()


def _misc(root: Path) -> Iterator[Node]:
    # rknpu built for DMA heaps; the library prefers it.
    if _has_misc(root):
        yield Node(f"/{MISC}", "rknpu")


def _drm(root: Path) -> Iterator[Node]:
    for kind in ("card", "renderD"):
        for entry in _numbered(root / "sys/class/drm", kind):
            if _led_to(entry / "device/driver") == DRIVER:
                yield Node(f"/dev/dri/{entry.name}", "rknpu")


def _accel(root: Path) -> Iterator[Node]:
    for entry in _numbered(root / "sys/class/accel", "accel"):
        # rocket registers one node for all cores on a platform device of its own, without driver.
        if _led_to(entry / "device").startswith("rknn"):
            yield Node(f"/dev/accel/{entry.name}", "rocket")


def _numbered(folder: Path, kind: str) -> list[Path]:
    """Return card0, card1, … but not card0-HDMI-A-1, in the order of their numbers."""
    found = folder.glob(f"{kind}[0-9]*")
    return sorted(
        (entry for entry in found if entry.name.removeprefix(kind).isdecimal()),
        key=lambda entry: int(entry.name.removeprefix(kind)),
    )


def _led_to(path: Path) -> str:
    """Return the last part of where a link leads, empty where there is none."""
    try:
        return path.readlink().name
    except OSError:
        return ""
