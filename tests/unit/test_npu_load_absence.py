"""Where no load can be read, one line says what is missing and what to do."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rknn_npu_load.cli import main
from unit.npu_load_roots import RKNPU, THREE_CORES, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.commands import Outcome

pytest_plugins = ["unit.npu_load_fixtures"]

DEBUGFS = "debugfs /sys/kernel/debug debugfs rw,nosuid 0 0\n"
NOBODY = 65534


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ["no NPU driver", "sys/bus/platform/drivers/RKNPU", "modprobe rknpu"]),
        ({"sys/bus/platform/drivers/rocket/uevent": ""}, ["rocket", "cannot run librknnrt"]),
        ({"sys/module/rocket/initstate": "live\n"}, ["rocket", "boot a kernel with"]),
        (
            {RKNPU: "", "proc/mounts": "proc /proc proc rw 0 0\n"},
            ["debugfs is not mounted", "mount -t debugfs", "CONFIG_ROCKCHIP_RKNPU_PROC_FS"],
        ),
        (
            {"sys/module/rknpu/version": "0.9.8\n", "proc/mounts": DEBUGFS},
            ["without both CONFIG_ROCKCHIP_RKNPU_DEBUG_FS and _PROC_FS"],
        ),
    ],
    ids=["nothing", "rocket", "rocket module", "no debugfs", "neither built in"],
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
    outcome = show({RKNPU: ""}, "--json")
    assert outcome.status == 1, outcome
    assert f"{tmp_path / 'proc/rknpu/load'}: Is a directory" in outcome.err


@pytest.fixture
def closed_debugfs() -> Iterator[Path]:
    """Return a root whose debugfs is for its owner alone, while this process is another user."""
    with tempfile.TemporaryDirectory() as folder:
        root = fill(Path(folder), {RKNPU: "", "sys/kernel/debug/rknpu/load": THREE_CORES})
        root.chmod(0o755)
        debug = root / "sys/kernel/debug"
        debug.chmod(0)
        uid = os.geteuid()
        if uid == 0:
            os.seteuid(NOBODY)
        yield root
        os.seteuid(uid)
        debug.chmod(0o700)


def test_a_user_without_permission_is_told_who_has_it(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    line = capsys.readouterr().err
    assert f"{closed_debugfs}/sys/kernel/debug/rknpu/load: permission denied" in line, line
    assert "only root may read it; run as root" in line, line
    assert "CONFIG_ROCKCHIP_RKNPU_PROC_FS" in line, line


def test_a_user_on_a_machine_without_npu_is_not_sent_to_root(
    closed_debugfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    euid = os.geteuid()
    os.seteuid(closed_debugfs.stat().st_uid)
    (closed_debugfs / RKNPU).unlink()
    (closed_debugfs / RKNPU).parent.rmdir()
    os.seteuid(euid)
    assert main(["--root", str(closed_debugfs), "--json"]) == 1
    assert "no NPU driver" in capsys.readouterr().err
