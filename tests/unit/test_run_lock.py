"""A lock has one holder at a time, and none that a dead process could keep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.lock import HELD, exclusive
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO, Protocol

    class Start(Protocol):
        """Start a process that takes the lock `path`, with `more` in its environment."""

        def __call__(self, path: Path, **more: str) -> subprocess.Popen[str]:
            """Return the process once it runs; it may still wait."""


HOLD = """
import sys
from pathlib import Path
from rknn_flake.lock import exclusive
with exclusive(Path(sys.argv[1]), "a test"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Start processes that take a lock, say "held" and hold it until they read a line."""
    started: list[subprocess.Popen[str]] = []

    def begin(path: Path, **more: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "scripts"), **more}
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def line_of(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def let_go(process: subprocess.Popen[str]) -> tuple[str, str]:
    return process.communicate("\n", timeout=20)


def test_second_run_waits_and_names_the_holder(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    first = start(path)
    assert line_of(first.stdout) == "held"
    second = start(path)
    assert line_of(second.stderr) == (
        f"waiting for process {first.pid} (a test), which holds {path}"
    )
    assert second.poll() is None, "the second run went on while the first held the lock"
    let_go(first)
    assert line_of(second.stdout) == "held"


def test_other_lock_does_not_wait(start: Start, tmp_path: Path) -> None:
    first, other = start(tmp_path / "one.lock"), start(tmp_path / "two.lock")
    assert (line_of(first.stdout), line_of(other.stdout)) == ("held", "held")
    assert let_go(other)[1] == "", "it said that it waits"


def test_killed_holder_blocks_nobody(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    first = start(path)
    assert line_of(first.stdout) == "held"
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=20)
    second = start(path)
    assert line_of(second.stdout) == "held"
    assert let_go(second)[1] == "", "it waited for a dead process"


def test_child_of_the_holder_does_not_wait_for_it(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with exclusive(path, "the parent"):
        child = start(path)
        assert line_of(child.stdout) == "held"
    assert str(path) not in os.environ.get(HELD, ""), os.environ.get(HELD)


def test_stranger_waits_for_the_holder(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with exclusive(path, "the parent"):
        stranger = start(path, **{HELD: ""})
        assert line_of(stranger.stderr).startswith(
            f"waiting for process {os.getpid()} (the parent)"
        )
    assert line_of(stranger.stdout) == "held"
