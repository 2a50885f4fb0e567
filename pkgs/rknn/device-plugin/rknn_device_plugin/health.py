"""Whether containers can be given the NPU now, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_device_plugin import spec
from rknn_ready.absence import absence
from rknn_ready.finding import has_driver
from rknn_ready.nodes import nodes, opened

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class State:
    """The NPU's node, and why no container can be given it; None: it can."""

    node: str | None
    fault: str | None

    @property
    def is_healthy(self) -> bool:
        """Whether containers can have the NPU."""
        return self.fault is None


def look(root: Path, driver: str, spec_file: Path) -> State:
    """Look at /sys and /dev below `root`, and at the CDI spec; no node is opened."""
    announced = nodes(root)
    node = opened(announced, driver)
    if node is None:
        is_there = has_driver(root, driver)
        return State(None, absence(driver, announced, has_driver=is_there))
    if not _exists(root, node.path):
        fault = f"the kernel has {node.path}, and /dev has not: is udev running?"
        return State(None, fault)
    try:
        given = spec.nodes(spec_file)
    except spec.UnusableError as error:
        return State(node.path, str(error))
    return State(node.path, _fault(root, node.path, given, spec_file))


def _fault(root: Path, node: str, given: frozenset[str], spec_file: Path) -> str | None:
    if node not in given:
        listed = ", ".join(sorted(given)) or "no node"
        return f"the CDI spec {spec_file} gives {listed}, and the NPU is {node} ({spec.WRITER})"
    # One that is missing, and no container starts: "failed to stat CDI host device".
    missing = sorted(one for one in given if not _exists(root, one))
    if missing:
        return f"the CDI spec {spec_file} gives {missing[0]}, which is not there ({spec.WRITER})"
    return None


def _exists(root: Path, node: str) -> bool:
    return (root / node.lstrip("/")).exists()
