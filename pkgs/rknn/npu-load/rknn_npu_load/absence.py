"""Why no load can be read: which driver is missing, which file hides it, and what to do."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from rknn_npu_load.errors import NoDriverError, NoPermissionError, NpuLoadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PROC_FS = "a kernel with CONFIG_ROCKCHIP_RKNPU_PROC_FS, whose /proc/rknpu/load anyone may read"
RKNPU = ("sys/bus/platform/drivers/RKNPU", "sys/module/rknpu")
ROCKET = ("sys/bus/platform/drivers/rocket", "sys/module/rocket")


def explain_absence(root: Path, files: Sequence[Path]) -> NpuLoadError:
    """Return the error for a system below `root` where none of `files` can be read."""
    tried = " nor ".join(str(path) for path in files)
    if present(root, RKNPU):
        return explain_silence(root, files, tried)
    if present(root, ROCKET):
        return NoDriverError(
            "the NPU is driven by mainline's rocket, which shows no load and cannot run librknnrt; "
            "boot a kernel with Rockchip's rknpu driver"
        )
    return NoDriverError(
        f"no NPU driver: found neither {tried}, nor {root / RKNPU[0]}; this takes a board with an "
        "RK3588, RK3576 or RK356x and a kernel with Rockchip's rknpu driver (`modprobe rknpu`)"
    )


def explain_silence(root: Path, files: Sequence[Path], tried: str) -> NpuLoadError:
    """Return the error for a system with rknpu where none of `files`, in words `tried`, is read."""
    if not drives_a_device(root):
        return NoDriverError(
            "rknpu is loaded but drives no device: the device tree has no enabled NPU node "
            "for it, or its probe failed (`dmesg | grep -i rknpu`)"
        )
    for path, error in read_errors(files):
        if error.errno in {errno.EACCES, errno.EPERM}:
            return NoPermissionError(
                f"{path}: permission denied, only root may read it; run as root, or use {PROC_FS}"
            )
        if error.errno not in {errno.ENOENT, errno.ENOTDIR}:
            return NpuLoadError(f"{path}: {error.strerror}")
    if not debugfs_mounted(root):
        return NoDriverError(
            f"rknpu is there, but neither {tried}: debugfs is not mounted; as root run "
            f"`mount -t debugfs debugfs {root / 'sys/kernel/debug'}`, or use {PROC_FS}"
        )
    return NoDriverError(
        f"rknpu is there, but neither {tried}: it was built without both "
        f"CONFIG_ROCKCHIP_RKNPU_DEBUG_FS and _PROC_FS; use {PROC_FS}"
    )


def present(root: Path, names: Sequence[str]) -> bool:
    """Say whether any of these paths exists below `root`, as far as this user can see."""
    for name in names:
        try:
            (root / name).stat()
        except OSError:
            continue
        return True
    return False


def drives_a_device(root: Path) -> bool:
    """Say whether rknpu is bound: a link to each device is in its folder; True if it is hidden."""
    try:
        return any(
            path.name != "module" and (path.is_symlink() or path.is_dir())
            for path in (root / RKNPU[0]).iterdir()
        )
    except FileNotFoundError:
        return False
    except OSError:
        return True


def read_errors(files: Sequence[Path]) -> Iterator[tuple[Path, OSError]]:
    """Yield those of `files` that cannot be read, each with its error."""
    for path in files:
        try:
            path.read_bytes()
        except OSError as error:
            yield path, error


def debugfs_mounted(root: Path) -> bool:
    """Say whether /proc/mounts names a debugfs; without that file, whether its place is filled.

    An unmounted place can be listed by anyone; a debugfs is root's.
    """
    place = root / "sys/kernel/debug"
    try:
        lines = (root / "proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        try:
            return any(place.iterdir())
        except PermissionError:
            return True
        except OSError:
            return False
    return any(line.split()[1:3] == ["/sys/kernel/debug", "debugfs"] for line in lines)
