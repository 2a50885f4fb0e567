"""The table of the boards that have an overlay, and of those that have none."""

from __future__ import annotations

import tomllib
from typing import Any

from check_device_tree.npu import Expected
from rknn_flake.paths import PROJECT

_TABLE = tomllib.loads((PROJECT / "pkgs/rknn/device-tree/boards.toml").read_text())
BOARDS: dict[str, dict[str, Any]] = _TABLE["boards"]
UNSERVED: dict[str, str] = _TABLE["unserved"]


def expected(board: str) -> Expected:
    """Return what the check is to expect of a board's tree."""
    table = BOARDS[board]
    supply = table.get("supply", "vdd_npu_s0")
    return Expected(table["compatible"], supply, table.get("memSupply", supply), 200_000_000)
