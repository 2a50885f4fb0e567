"""The machine: its SoC, its driver, and the nodes that a container needs."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_cdi.errors import FaultsError
from rknn_ready.absence import absence
from rknn_ready.finding import has_driver
from rknn_ready.machine import COMPATIBLE, foreign, machine
from rknn_ready.nodes import nodes, opened

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_ready.nodes import Node

RENDER = "/dev/dri/renderD"


@dataclass(frozen=True)
class Found:
    """The SoC, what the device tree says of it, and the NPU's nodes; `render` where it has one."""

    soc: str
    compatible: bytes
    node: str
    render: str | None


def look(root: Path, driver: str) -> Found:
    """Return what the machine below `root` has; raise FaultsError where that is no NPU."""
    soc, compatible = _soc(root)
    announced = nodes(root)
    _refuse_both(announced)
    found = opened(announced, driver)
    if found is None:
        is_there = has_driver(root, driver)
        raise FaultsError(
            absence(driver, announced, has_driver=is_there), may_pass=is_there or not announced
        )
    node = found.path
    render = next((one.path for one in announced if one.path.startswith(RENDER)), None)
    missing = [path for path in (node, render) if path and not (root / path[1:]).exists()]
    if missing:
        raise FaultsError(
            *(f"the kernel has {path}, and /dev has not: is udev running?" for path in missing),
            may_pass=True,
        )
    return Found(soc, compatible, node, render)


def missing(root: Path, path: str) -> str | None:
    """Say what keeps engines from giving the node `path`; None where nothing does."""
    try:
        mode = (root / path[1:]).lstat().st_mode
    except OSError as error:
        return f"{path}: {error.strerror}: without this node no container with the NPU could start"
    if stat.S_ISLNK(mode):
        return f"{path} is a link, which engines do not follow: name the node that it leads to"
    # What CDI takes for a node.
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISFIFO(mode):
        return None
    return f"{path} is no device node"


def _soc(root: Path) -> tuple[str, bytes]:
    found = machine(root)
    if found is None or found.soc is None:
        raise FaultsError(foreign(found))
    return found.soc, (root / COMPATIBLE).read_bytes()


def _refuse_both(announced: tuple[Node, ...]) -> None:
    first = {node.driver: node.path for node in reversed(announced)}
    if len(first) > 1:
        raise FaultsError(
            f"two drivers have the NPU: rknpu ({first['rknpu']}) and rocket ({first['rocket']}); "
            "keep one of them out (mySystem.rknn.driver, boot.blacklistedKernelModules)"
        )
