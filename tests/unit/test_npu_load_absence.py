"""Where no load can be read, one line says what is missing and what to do."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rknn_npu_load.cli import main
from unit.npu_load_roots import BOUND, RKNPU, THREE_CORES, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.commands import Outcome

pytest_plugins = ["unit.npu_load_fixtures"]

DEBUGFS = "debugfs /sys/kernel/debug debugfs rw,nosuid 0 0\n"
DEBUGFS_THERE = {"proc/mounts": DEBUGFS, "sys/kernel/debug/gpio": ""}
NOBODY = 65534


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ["no NPU driver", "sys/bus/platform/drivers/RKNPU", "modprobe rknpu"]),
        ({"sys/bus/platform/drivers/rocket/uevent": ""}, ["rocket", "cannot run librknnrt"]),
        ({"sys/module/rocket/initstate": "live\n"}, ["rocket", "boot a kernel with"]),
        (
            {BOUND: "", "proc/mounts": "proc /proc proc rw 0 0\n"},
            ["debugfs is not mounted", "mount -t debugfs", "CONFIG_ROCKCHIP_RKNPU_PROC_FS"],
        ),
        (
            {"sys/module/rknpu/version": "0.9.8\n", "proc/mounts": DEBUGFS},
            ["rknpu is loaded but drives no device", "no enabled NPU node", "dmesg | grep -i"],
        ),
        (
            {RKNPU: "", "sys/bus/platform/drivers/RKNPU/module/version": "", **DEBUGFS_THERE},
            ["rknpu is loaded but drives no device", "or its probe failed"],
        ),
        (
            {BOUND: "", "sys/module/rknpu/version": "0.9.8\n", "proc/mounts": DEBUGFS},
            ["without both CONFIG_ROCKCHIP_RKNPU_DEBUG_FS and _PROC_FS"],
        ),
    ],
    ids=[
        "nothing",
        "rocket",
        "rocket module",
        "no debugfs",
        "not registered",
        "not bound",
        "neither built in",
    ],
)
@pytest.mark.parametrize("options", [["--json"], ["--count", "1"]])
def test_what_is_missing_is_said(
    show: Callable[..., Outcome], files: dict[str, str], words: list[str], options: list[str]
) -> None:
    outcome = show({"proc/version": "Linux\n", **files}, *options)
    assert outcome.status == 1, outcome
    assert outcome.out == "", outcome.out
    assert outcome.err.count("\n") == 1, outcome.err
    assert outcome.err.startswith("rknn-npu-load: "), outcome.err
    for word in words:
        assert word in outcome.err


def test_another_error_keeps_its_name(show: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "proc/rknpu/load").mkdir(parents=True)
    outcome = show({BOUND: ""}, "--json")
    assert outcome.status == 1, outcome
    assert f"{tmp_path / 'proc/rknpu/load'}: Is a directory" in outcome.err


@pytest.fixture
def closed_debugfs() -> Iterator[Path]:
    """Return a root whose debugfs is for its owner alone, while this process is another user."""
    with tempfile.TemporaryDirectory() as folder:
        root = fill(Path(folder), {BOUND: "", "sys/kernel/debug/rknpu/load": THREE_CORES})
        root.chmod(0o755)
        debug = root / "sys/kernel/debug"
        debug.chmod(0)
        uid = os.geteuid()
        if uid == 0:
            os.seteuid(NOBODY)
        yield root
        os.seteuid(uid)
        debug.chmod(0o700)


@contextmanager
def as_owner(root: Path) -> Iterator[None]:
    """Be the user whom `root` belongs to, for the length of the block."""
    euid = os.geteuid()
    os.seteuid(root.stat().st_uid)
    yield
    os.seteuid(euid)


def test_a_user_without_permission_is_told_who_has_it(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    line = capsys.readouterr().err
    assert f"{closed_debugfs}/sys/kernel/debug/rknpu/load: permission denied" in line, line
    assert "only root may read it; run as root" in line, line
    assert "CONFIG_ROCKCHIP_RKNPU_PROC_FS" in line, line


def test_root_is_no_help_where_no_device_is_bound(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_owner(closed_debugfs):
        (closed_debugfs / BOUND).unlink()
        (closed_debugfs / BOUND).parent.rmdir()
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    line = capsys.readouterr().err
    assert "rknpu is loaded but drives no device" in line, line
    assert "root" not in line.replace(str(closed_debugfs), ""), line


def test_a_link_to_a_device_is_a_device(show: Callable[..., Outcome], tmp_path: Path) -> None:
    fill(tmp_path, {RKNPU: ""})
    (tmp_path / RKNPU).with_name("fdab0000.npu").symlink_to("../../../../devices/fdab0000.npu")
    outcome = show({"proc/mounts": "proc /proc proc rw 0 0\n"}, "--json")
    assert "debugfs is not mounted" in outcome.err, outcome


def test_a_debugfs_that_cannot_be_listed_is_mounted(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # As `chmod 711` leaves it: this user may look a name up, and there is none for the NPU.
    with as_owner(closed_debugfs):
        debug = closed_debugfs / "sys/kernel/debug"
        debug.chmod(0o711)
        (debug / "rknpu/load").unlink()
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    line = capsys.readouterr().err
    assert "without both CONFIG_ROCKCHIP_RKNPU_DEBUG_FS and _PROC_FS" in line, line
    assert line.count("\n") == 1, line


def test_a_user_on_a_machine_without_npu_is_not_sent_to_root(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_owner(closed_debugfs):
        (closed_debugfs / BOUND).unlink()
        (closed_debugfs / BOUND).parent.rmdir()
        (closed_debugfs / RKNPU).parent.rmdir()
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    assert "no NPU driver" in capsys.readouterr().err
