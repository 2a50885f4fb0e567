"""The device tree of QEMU's virtual machine, made to say which board it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.process import run, tool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class DeviceTree:
    """What the guest reads in /proc/device-tree/model and /proc/device-tree/compatible."""

    model: str = "Xunlong Orange Pi 5 Plus"
    compatible: tuple[str, ...] = ("xunlong,orangepi-5-plus", "rockchip,rk3588")


def write(machine: Sequence[str], says: DeviceTree, npu: str | None, blob: Path) -> None:
    """Write to `blob` the tree of the QEMU command line `machine`, as `says` wants it.

    `npu` is the compatible of the NPU's node, or None for a board without one. The node has the
    name that the board's own tree gives it and no `reg`: nothing lies at that address here.
    """
    position = machine.index("-machine") + 1
    dump = [*machine]
    dump[position] += f",dumpdtb={blob}"
    run(dump)
    put = tool("fdtput")
    run([put, "-t", "s", blob, "/", "model", says.model])
    run([put, "-t", "s", blob, "/", "compatible", *says.compatible])
    if npu:
        node = "/rknpu@fdab0000"
        run([put, "-c", blob, node])
        run([put, "-t", "s", blob, node, "compatible", npu])
