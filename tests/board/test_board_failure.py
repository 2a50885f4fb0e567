"""A board that cannot be had is one BoardError that says why, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from processes import is_running
from rknn_flake.board import Board, BoardSpec
from rknn_flake.errors import BoardError
from rknn_flake.paths import cache_dir
from rknn_flake.process import tool

pytestmark = pytest.mark.board

BOOTS_FOR_EVER = """
from rknn_flake.board import Board, BoardSpec
with Board(BoardSpec(append="rdinit=/bin/sleep -- 1000")) as board:
    raise SystemExit("the board came up")
"""


def first_line(error: pytest.ExceptionInfo[BoardError]) -> str:
    return str(error.value).splitlines()[0]


class Scratch:
    """The folders that boards use for temporary files, and what was in them before."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self.before = self._present()

    def left_behind(self) -> set[Path]:
        """Return what is there that was not there before."""
        return self._present() - self.before

    def _present(self) -> set[Path]:
        return {path for folder in self.folders if folder.exists() for path in folder.iterdir()}


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Scratch:
    """Return the folders that boards started in this test use for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return Scratch(tmp_path, cache_dir() / "board")


def qemu_below(parent: int) -> int | None:
    """Return the process id of a QEMU that process `parent` started."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if fields[1] == str(parent) and "qemu-system-aarch64" in command and "dtb=" not in command:
            return int(folder.name)
    return None


def test_missing_qemu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BoardError) as error, Board(BoardSpec()):
        pass
    assert "qemu-system-aarch64: not found on PATH" in str(error.value)
    assert "Debian's qemu-system-arm" in str(error.value)


def test_kernel_that_panics(scratch: Scratch) -> None:
    with pytest.raises(BoardError) as error, Board(BoardSpec(append="rdinit=/nowhere")):
        pass
    assert first_line(error).startswith("the board did not boot: Kernel panic - not syncing")
    assert "\n  " in str(error.value), f"no console lines in {error.value}"
    assert scratch.left_behind() == set()


def test_panic_under_a_command() -> None:
    with Board(BoardSpec()) as board:
        qemu = board.pid
        with pytest.raises(BoardError) as error:
            board.run("echo c >/proc/sysrq-trigger; sleep 100", timeout=60)
        assert "Kernel panic - not syncing: sysrq triggered crash" in str(error.value)
        with pytest.raises(BoardError, match="out of reach since"):
            board.run("true")
    assert not Path(f"/proc/{qemu}").exists(), f"QEMU {qemu} outlived its board"
    with pytest.raises(BoardError, match="not running"):
        board.run("true")


def test_boot_that_takes_too_long() -> None:
    with pytest.raises(BoardError) as error, Board(BoardSpec(boot_timeout=0.5)):
        pass
    assert first_line(error) == "the board did not boot in 0.5 s"


def test_qemu_that_refuses_its_arguments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrapper = tmp_path / "qemu-system-aarch64"
    wrapper.write_text(
        "#!/bin/sh\ncase $* in *dumpdtb*) exec $QEMU $*;; esac\necho no room; exit 1"
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("QEMU", tool("qemu-system-aarch64"))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(BoardError) as error, Board(BoardSpec()):
        pass
    assert first_line(error) == "the board did not boot: qemu-system-aarch64 ended"
    assert "no room" in str(error.value)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (BoardSpec(closure=("/nix/store/x",)), "with the store they lie in"),
        (BoardSpec(store=Path("/"), closure=("/usr",)), "/usr: a closure is /nix/store paths"),
        (BoardSpec(files={"/x": Path("/nowhere")}), "/nowhere: no such file, wanted on the"),
        (BoardSpec(files={"/x": Path("/dev/null")}), "/dev/null: neither file, folder nor link"),
        (BoardSpec(files={"/x/../y": b""}), "/x/../y: not a path of the emulated board"),
    ],
)
def test_wrong_specification(spec: BoardSpec, says: str) -> None:
    with pytest.raises(BoardError) as error, Board(spec):
        pass
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_qemu_ends_with_its_user(number: signal.Signals, scratch: Scratch) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BOOTS_FOR_EVER],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        text=True,
    ) as user:
        end = time.monotonic() + 60
        while (qemu := qemu_below(user.pid)) is None and user.poll() is None:
            assert time.monotonic() < end, "no QEMU after 60 s"
            time.sleep(0.1)
        assert qemu is not None, f"ended at once: {user.communicate()[1]}"
        user.send_signal(number)
        _, said = user.communicate(timeout=30)
    assert "came up" not in said
    while is_running(qemu):
        assert time.monotonic() < end, f"QEMU {qemu} outlived its user"
        time.sleep(0.1)
    assert scratch.left_behind() == set()
