"""What was found, as lines for the journal, and what is in the way of using the NPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_ready import runtime
from rknn_ready.access import Access, access
from rknn_ready.machine import Machine, machine
from rknn_ready.nodes import DRIVER, Node, has_stray, nodes

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "sys/module/rknpu"
STRAY = (
    "/dev/rknpu is no node of the driver's (a udev rule's SYMLINK?), and librknnrt opens it first "
    "and looks no further: remove it"
)
PLATFORM_DRIVER = f"sys/bus/platform/drivers/{DRIVER}"


@dataclass(frozen=True)
class Expected:
    """What the configuration says: the SoC, such as rk3588, and the group of the NPU's nodes."""

    soc: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Finding:
    """What this machine has; `faults` are sentences, none where the NPU can be used.

    `driver` is the version of rknpu, or None where there is no rknpu.
    """

    machine: Machine | None
    driver: str | None
    node: Node | None
    access: Access | None
    faults: tuple[str, ...]
    is_waiting_useful: bool


def look(root: Path, expected: Expected) -> Finding:
    """Look at the machine below `root`."""
    found = machine(root)
    announced = nodes(root)
    driver = _driver(root, announced)
    node = next((one for one in announced if one.is_usable), None)
    allowed = access(root / node.path.lstrip("/")) if node else None
    machine_faults = _machine_faults(found, expected.soc)
    node_faults = (
        _node_faults(node, allowed, expected.group) if node else [_absence(announced, driver)]
    )
    stray_faults = [STRAY] if has_stray(root) else []
    # Drivers and udev may be on their way; another SoC is not, nor a driver for what rocket has.
    waiting = bool(node_faults) and not machine_faults and (driver or not announced)
    faults = (*machine_faults, *stray_faults, *node_faults)
    return Finding(found, driver, node, allowed, faults, bool(waiting))


def lines(finding: Finding, library: Path | None) -> list[str]:
    """Return what was found, a line each."""
    told = []
    if finding.machine:
        soc = finding.machine.soc or "none that librknnrt knows"
        told.append(f"SoC: {soc} ({finding.machine.board})")
    told.append(f"driver: rknpu {finding.driver}" if finding.driver else "driver: no rknpu")
    if finding.node and finding.access:
        told.append(f"node: {finding.node.path}, {finding.access}")
    if library:
        told.append(f"runtime: librknnrt {_release(library)}, {library}")
    return told


def _machine_faults(found: Machine | None, soc: str | None) -> list[str]:
    if found is None:
        return ["no device tree at /proc/device-tree: this is no board with Rockchip's NPU"]
    if found.soc is None:
        return [
            (
                f"{found.board} has no SoC that librknnrt knows (RK3562, RK3566, RK3568, RK3576, "
                "RK3588); write mySystem.rknn.enable = false for this machine"
            )
        ]
    if soc and found.soc != soc:
        return [
            (
                f"{found.board} has an {found.soc}, not an {soc}; "
                f'write mySystem.rknn.soc = "{found.soc}"'
            )
        ]
    return []


def _node_faults(node: Node, allowed: Access | None, group: str | None) -> list[str]:
    if allowed is None:
        return [
            (
                f"the kernel has {node.path}, and /dev has not: is udev running, or is this a "
                "container that was not given the node?"
            )
        ]
    if allowed.refusal:
        return [f"{node.path} is {allowed} and can't be opened: {allowed.why(group)}"]
    return []


def _absence(announced: tuple[Node, ...], driver: str | None) -> str:
    if announced and announced[0].driver == "rknpu":
        return (
            f"the NPU's only node is {announced[0].path}, which librknnrt does not open: it takes "
            "/dev/rknpu, and /dev/dri/card0 to card15"
        )
    if announced:
        return (
            f"the NPU's only node is {announced[0].path} of driver {announced[0].driver}, which "
            "librknnrt can't use: boot a kernel with Rockchip's rknpu (mySystem.rknn.driver)"
        )
    if driver:
        return (
            "rknpu is there and has no device node: the device tree has no enabled NPU for it, or "
            "its probe failed (`dmesg | grep -i rknpu`)"
        )
    return (
        "no driver rknpu: boot one of Rockchip's kernels, or see mySystem.rknn.driver; a new "
        "kernel, driver or device tree is there after a reboot, and `modprobe rknpu` says what is "
        "missing"
    )


def _driver(root: Path, announced: tuple[Node, ...]) -> str | None:
    try:
        return (root / MODULE / "version").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        pass
    signs = [(root / name).exists() for name in (MODULE, PLATFORM_DRIVER)]
    there = any(signs) or any(node.driver == "rknpu" for node in announced)
    return "of unknown version" if there else None


def _release(library: Path) -> str:
    try:
        return runtime.version(library) or "of unknown version"
    except OSError as error:
        return f"that can't be read ({error.strerror})"
