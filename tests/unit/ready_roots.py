"""Roots with a /proc, /sys and /dev like those of boards, for rknn-ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMPATIBLE = "proc/device-tree/compatible"
VERSION = "sys/module/rknpu/version"
PLUS = "xunlong,orangepi-5-plus\0rockchip,rk3588\0"


def drm(name: str, driver: str) -> dict[str, str]:
    """Return the files of a DRM node whose device has `driver`; links are texts with an arrow."""
    return {
        f"sys/class/drm/{name}/device/driver": f"-> ../../../bus/platform/drivers/{driver}",
        f"dev/dri/{name}": "",
    }


# An Orange Pi 5 Plus on a vendor kernel, its display first.
BOARD = {
    COMPATIBLE: PLUS,
    VERSION: "0.9.8\n",
    **drm("card0", "rockchip-drm"),
    **drm("renderD128", "rockchip-drm"),
    "sys/class/drm/card0-HDMI-A-1/status": "disconnected\n",
    "sys/class/drm/version": "drm 1.1.0 20060810\n",
    **drm("card1", "RKNPU"),
    **drm("renderD129", "RKNPU"),
}
MISC = {"sys/class/misc/rknpu/dev": "10:124\n", "dev/rknpu": ""}
ROCKET = {"sys/class/accel/accel0/device": "-> ../../../rknn", "dev/accel/accel0": ""}


def fill(root: Path, files: dict[str, str]) -> Path:
    """Make `files`, by their names below `root`; return `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text.removeprefix("-> "))
        else:
            path.write_text(text, encoding="utf-8")
    return root


def without(files: dict[str, str], *beginnings: str) -> dict[str, str]:
    """Return `files` but those whose names begin so."""
    return {name: text for name, text in files.items() if not name.startswith(beginnings)}
