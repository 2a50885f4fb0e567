"""Boards for rknn-cdi, their nodes pipes: to CDI those are nodes too; and what a spec gives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from unit.ready_roots import PLUS, drm, fill

if TYPE_CHECKING:
    from pathlib import Path

TREE = {"proc/device-tree/compatible": PLUS}
# An NPU without a display before it.
HEADLESS = {**TREE, **drm("card0", "RKNPU"), **drm("renderD128", "RKNPU")}
HEAP = {"dev/dma_heap/system": ""}


def board(root: Path, files: dict[str, str]) -> Path:
    """Make `files` below `root`, those of /dev as pipes; return `root`."""
    root.mkdir(exist_ok=True)
    fill(root, files)
    for name in files:
        path = root / name
        if name.startswith("dev/") and path.is_file() and not path.is_symlink():
            path.unlink()
            os.mkfifo(path)
    return root


def nodes(spec: dict[str, Any]) -> dict[str, str]:
    """Return which nodes of the machine a container gets, by their names inside."""
    edits = spec["containerEdits"]
    return {node["path"]: node["hostPath"] for node in edits["deviceNodes"]}


def variables(spec: dict[str, Any]) -> dict[str, list[str]]:
    """Return the environment of each device."""
    return {device["name"]: device["containerEdits"]["env"] for device in spec["devices"]}


def mounts(spec: dict[str, Any]) -> dict[str, str]:
    """Return which files of the machine a container gets, by their names inside."""
    edits = spec["containerEdits"]
    return {mount["containerPath"]: mount["hostPath"] for mount in edits["mounts"]}
