"""One run at a time changes a file; the next waits and is told, and a dead one holds up nobody."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.atomic import changing, replace
from rknn_flake.errors import RknnError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Protocol

    class Start(Protocol):
        """Start a process that adds a line to `path` once it may change it."""

        def __call__(self, path: Path) -> subprocess.Popen[str]:
            """Return the process, which may still wait."""


ADD = """
import sys
from pathlib import Path
from rknn_flake.atomic import changing, replace
path = Path(sys.argv[1])
with changing(path):
    text = path.read_text()
    print("held", flush=True)
    sys.stdin.readline()
    replace(path, text + "line\\n")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text("")
    return path


@pytest.fixture
def start() -> Iterator[Start]:
    """Start processes that lock, say "held", wait for a line, and replace."""
    started: list[subprocess.Popen[str]] = []

    def begin(path: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", ADD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PROJECT / "scripts")},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """Return the first line on either stream; one that never comes is no reason to hang."""
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    ready, _, _ = select.select(streams, [], [], 20)
    assert ready, "it said nothing for 20 s"
    return ready[0].readline().strip()


def test_second_waits_and_builds_on_what_the_first_wrote(start: Start, file: Path) -> None:
    first = start(file)
    assert said(first) == "held"
    second = start(file)
    assert said(second) == f"waiting for another run that is changing {file}"
    first.communicate("\n", timeout=20)
    second.communicate("\n", timeout=20)
    assert file.read_text() == "line\nline\n"


def test_killed_holder_blocks_nobody(start: Start, file: Path) -> None:
    first = start(file)
    assert said(first) == "held"
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=20)
    second = start(file)
    assert said(second) == "held"
    assert second.communicate("\n", timeout=20)[1] == "", "it waited for a dead process"
    assert file.read_text() == "line\n"


def test_failure_inside_lets_go(start: Start, file: Path) -> None:
    message = "given up"
    with pytest.raises(RuntimeError), changing(file):
        raise RuntimeError(message)
    assert said(start(file)) == "held"


def test_link_and_file_share_the_lock(start: Start, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(file)
    first = start(link)
    assert said(first) == "held"
    assert said(start(file)).startswith("waiting for another run")


def test_missing_folder_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "none" / "sources.toml"
    with pytest.raises(RknnError, match=r"none/sources\.toml: No such file"), changing(path):
        pass


def test_folder_that_cannot_be_locked_is_locked_in_the_cache(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = fcntl.flock

    def flock(descriptor: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        really(descriptor, how)

    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fcntl, "flock", flock)
    with changing(file):
        (lock,) = (tmp_path / "cache" / "locks").iterdir()
        assert f"changing {file}" in lock.read_text()
        replace(file, "new\n")
    assert file.read_text() == "new\n"
    assert lock.read_text() == "", "still held"
