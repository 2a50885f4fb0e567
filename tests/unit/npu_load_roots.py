"""Roots with a /proc and /sys like those of boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

THREE_CORES = "NPU load:  Core0:  0%, Core1: 50%, Core2: 100%,\n"
DEVFREQ = "sys/class/devfreq/fdab0000.npu"
RKNPU = "sys/bus/platform/drivers/RKNPU/uevent"
# Where the driver is bound to a device, its folder holds a link to that; here a folder does.
BOUND = "sys/bus/platform/drivers/RKNPU/fdab0000.npu/uevent"

# An RK3588 on a vendor kernel with procfs; other files that are there must not disturb.
BOARD = {
    RKNPU: "",
    BOUND: "DRIVER=RKNPU\n",
    "proc/mounts": "proc /proc proc rw 0 0\n",
    "proc/rknpu/load": THREE_CORES,
    "sys/module/rknpu/version": "0.9.8\n",
    "sys/class/devfreq/dmc/device/uevent": "DRIVER=rockchip-dmc\n",
    "sys/class/devfreq/dmc/cur_freq": "2112000000\n",
    f"{DEVFREQ}/device/uevent": "DRIVER=RKNPU\nOF_NAME=npu\n",
    f"{DEVFREQ}/cur_freq": "300000000\n",
    f"{DEVFREQ}/min_freq": "300000000\n",
    f"{DEVFREQ}/max_freq": "1000000000\n",
    f"{DEVFREQ}/available_frequencies": "300000000 600000000 1000000000\n",
    f"{DEVFREQ}/governor": "rknpu_ondemand\n",
}


def fill(root: Path, files: dict[str, str]) -> Path:
    """Write `files`, by their names below `root`; return `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
