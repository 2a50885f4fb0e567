"""The device plugin labels the node by a file of Node Feature Discovery's."""

from __future__ import annotations

import errno
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_device_plugin.features import labels, remove, value, write
from unit.device_plugin_boards import TURN, faults
from unit.fake_kubelet import until
from unit.ready_roots import BOARD, VERSION, fill

if TYPE_CHECKING:
    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?", re.ASCII)
LIBRARY = b"\0librknnrt version: 2.3.2 (429f97ae6b@2025-04-09T09:09:27)\0"
WHOLE = """\
rockchip.com/npu.soc=rk3588
rockchip.com/npu.driver=rknpu
rockchip.com/npu.driver-version=0.9.8
rockchip.com/npu.runtime-version=2.3.2
rockchip.com/npu.cores=3
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "librknnrt.so"
    path.write_bytes(LIBRARY)
    return path


def test_a_board(board: Running, library: Path, short: Path) -> None:
    path = short / "features.d/rockchip.com-npu"
    board.serve(features=path, library=library)
    until(path.exists, "labels")
    assert path.read_text() == WHOLE
    assert path.stat().st_mode & 0o777 == 0o644
    made = path.stat().st_ino
    threading.Event().wait(TURN * 10)
    assert path.stat().st_ino == made, "written again though nothing has changed"
    (board.root / VERSION).write_text("0.9.9\n")
    until(lambda: "driver-version=0.9.9" in path.read_text(), "another version")
    (board.root / "dev/dri/card1").unlink()
    until(lambda: not path.exists(), "no labels without a node")
    (board.root / "dev/dri/card1").touch()
    until(path.exists, "labels again")
    board.stop()
    assert list(path.parent.iterdir()) == []


def test_a_node_without_a_spec_keeps_its_labels(board: Running, short: Path) -> None:
    path = short / "features.d/rockchip.com-npu"
    board.settings.spec.unlink()
    kubelet = board.serve(features=path)
    kubelet.until_health("Unhealthy")
    assert path.exists()


def test_labels_left_from_before(board: Running, short: Path) -> None:
    path = short / "rockchip.com-npu"
    path.write_text("rockchip.com/npu.soc=rk3576\n")
    (board.root / "dev/dri/card1").unlink()
    kubelet = board.serve(features=path)
    kubelet.until_health("Unhealthy")
    until(lambda: not path.exists(), "old labels are removed")


def test_a_place_that_can_not_be_written(
    board: Running, short: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = short / "features.d"
    place.write_text("a file")
    kubelet = board.serve(features=place / "rockchip.com-npu")
    threading.Event().wait(TURN * 10)
    assert kubelet.allocate("core0-0").envs["RKNN_CORES"] == "0"
    place.unlink()
    until((place / "rockchip.com-npu").exists, "labels where it can be written at last")
    [fault] = faults(capfd.readouterr().err)
    assert fault.startswith(f"no labels in {place / 'rockchip.com-npu'}: "), fault


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    told = {"rockchip.com/npu.soc": "rk3568", "rockchip.com/npu.cores": "1"}
    rknpu, rocket = ({**told, "rockchip.com/npu.driver": name} for name in ("rknpu", "rocket"))
    assert labels(tmp_path, "rk3568", "rknpu", None) == rknpu
    assert labels(tmp_path, "rk3568", "rknpu", tmp_path / "missing.so") == rknpu
    # rocket's version is the kernel's.
    assert labels(fill(tmp_path / "root", BOARD), "rk3568", "rocket", None) == rocket


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.9.8", "0.9.8"),
        ("0.9.8 20240828\n", "0.9.8-20240828"),
        ("v0.9.8+dirty~", "v0.9.8-dirty"),
        ("--", ""),
        ("", ""),
        ("a" * 80, "a" * 63),
        ("a" * 62 + ".b", "a" * 62),
    ],
)
def test_values(text: str, expected: str) -> None:
    assert value(text) == expected


@given(st.text())
def test_every_value_is_a_labels(text: str) -> None:
    assert VALUE.fullmatch(value(text)), (text, value(text))


def test_no_half_file_has_a_name_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_new: Path, _path: Path) -> None:
        raise OSError(errno.EIO, "killed")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(OSError, match="killed"):
            write(tmp_path / "labels", {"a": "b"})
    [left] = tmp_path.iterdir()
    assert left.name.startswith(".")


def test_a_file_is_replaced_where_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "labels"
    assert write(path, {"a": "b"})
    assert not write(path, {"a": "b"})
    assert write(path, {"a": "c"})
    assert path.read_text() == "a=c\n"
    assert [one.name for one in tmp_path.iterdir()] == ["labels"]
    remove(path)
    remove(path)
    assert list(tmp_path.iterdir()) == []
