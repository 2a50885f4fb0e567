"""What was found, as lines for the journal, and what is in the way of using the NPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_ready import runtime
from rknn_ready.absence import absence
from rknn_ready.access import Access, access
from rknn_ready.machine import Machine, foreign, machine
from rknn_ready.nodes import DRIVER, Node, has_stray, nodes, opened

if TYPE_CHECKING:
    from pathlib import Path

STRAY = (
    "/dev/rknpu is no node of the driver's (a udev rule's SYMLINK?), and librknnrt opens it first "
    "and looks no further: remove it"
)
# Where each driver shows that it is there, also before it has a node.
SIGNS = {
    "rknpu": ("sys/module/rknpu", f"sys/bus/platform/drivers/{DRIVER}"),
    "rocket": ("sys/module/rocket", "sys/bus/platform/drivers/rocket"),
}


@dataclass(frozen=True)
class Expected:
    """What the configuration says: the SoC, such as rk3588, and the group of the NPU's nodes.

    `driver` is rknpu, or rocket where Mesa is to use the NPU.
    """

    soc: str | None = None
    group: str | None = None
    driver: str = "rknpu"


@dataclass(frozen=True)
class Finding:
    """What this machine has; `faults` are sentences, none where the NPU can be used.

    `driver` is the version of the expected driver, or None where it is not there.
    """

    expected: Expected
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
    wanted = expected.driver
    driver = _driver(root, wanted, announced)
    node = opened(announced, wanted)
    allowed = access(root / node.path.lstrip("/")) if node else None
    machine_faults = _machine_faults(found, expected.soc)
    node_faults = (
        _node_faults(node, allowed, expected.group)
        if node
        else [absence(wanted, announced, has_driver=driver is not None)]
    )
    stray_faults = [STRAY] if wanted == "rknpu" and has_stray(root) else []
    # Drivers and udev may be on their way; another SoC is not, nor a driver for what another has.
    waiting = bool(node_faults) and not machine_faults and (driver is not None or not announced)
    faults = (*machine_faults, *stray_faults, *node_faults)
    return Finding(expected, found, driver, node, allowed, faults, bool(waiting))


def lines(finding: Finding, library: Path | None) -> list[str]:
    """Return what was found, a line each."""
    told = []
    if finding.machine:
        soc = finding.machine.soc or "none that librknnrt knows"
        told.append(f"SoC: {soc} ({finding.machine.board})")
    name = finding.expected.driver
    told.append(
        f"driver: {name} {finding.driver}".rstrip()
        if finding.driver is not None
        else f"driver: no {name}"
    )
    if name == "rocket":
        told.append("user space: Mesa's Teflon (TFLite); librknnrt and rknnlite can't use rocket")
    if finding.node and finding.access:
        told.append(f"node: {finding.node.path}, {finding.access}")
    if library:
        told.append(f"runtime: librknnrt {_release(library)}, {library}")
    return told


def _machine_faults(found: Machine | None, soc: str | None) -> list[str]:
    if found is None or found.soc is None:
        return [foreign(found)]
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
        return [f"{node.path} is {allowed} and can't be opened: {allowed.why(group, node.driver)}"]
    return []


def has_driver(root: Path, name: str) -> bool:
    """Whether the driver shows that it is there, with a node or without."""
    return any((root / sign).exists() for sign in SIGNS[name])


def _driver(root: Path, name: str, announced: tuple[Node, ...]) -> str | None:
    if not has_driver(root, name) and not any(node.driver == name for node in announced):
        return None
    if name == "rocket":
        # Its version is the kernel's.
        return ""
    try:
        version = root / SIGNS[name][0] / "version"
        return version.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "of unknown version"


def _release(library: Path) -> str:
    try:
        return runtime.version(library) or "of unknown version"
    except OSError as error:
        return f"that can't be read ({error.strerror})"
