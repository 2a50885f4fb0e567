"""The device tree of QEMU's virtual machine, made to say which board it is."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.process import run, tool

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class DeviceTree:
    """What the guest reads in /proc/device-tree/model and /proc/device-tree/compatible."""

    model: str = "Xunlong Orange Pi 5 Plus"
    compatible: tuple[str, ...] = ("xunlong,orangepi-5-plus", "rockchip,rk3588")
    # Text of an overlay that is laid over it; the machine's tree has no labels.
    overlay: str = ""


def blob(machine: Sequence[str], says: DeviceTree, npu: str | None) -> bytes:
    """Return the tree of the QEMU command line `machine`, as `says` wants it.

    `npu` is the compatible of the NPU's node, or None for a board without one. The node has the
    address that the chip's NPU has, and no `reg`: nothing lies there in this machine.
    """
    put = tool("fdtput")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch, "board.dtb")
        dump = [*machine]
        dump[dump.index("-machine") + 1] += f",dumpdtb={made}"
        run(dump)
        run([put, "-t", "s", made, "/", "model", says.model])
        run([put, "-t", "s", made, "/", "compatible", *says.compatible])
        if npu:
            node = "/rknpu@fdab0000"
            run([put, "-c", made, node])
            run([put, "-t", "s", made, node, "compatible", npu])
        if says.overlay:
            text, compiled = Path(scratch, "overlay.dts"), Path(scratch, "overlay.dtbo")
            text.write_text(says.overlay, encoding="utf-8")
            run([tool("dtc"), "-@", "-q", "-I", "dts", "-O", "dtb", "-o", compiled, text])
            run([tool("fdtoverlay"), "-i", made, "-o", made, compiled])
        return made.read_bytes()
