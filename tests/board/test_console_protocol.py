"""The console's reader, against a scripted guest."""

from __future__ import annotations

import base64
import contextlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.board_console import Console
from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Serves one command: reads it and prints `answer`, with the token put in for @.
GUEST = """
import sys
print("<board-ready>", flush=True)
token = sys.stdin.readline().strip()
while sys.stdin.readline().strip() != ".":
    pass
sys.stdout.write({answer!r}.replace("@", token))
sys.stdout.flush()
{then}
"""
CODED = base64.b64encode(b"hello\n").decode()


@pytest.fixture
def guest() -> Iterator[Callable[..., Console]]:
    """Return a function that starts a guest which answers its first command with a given text."""
    started: list[Console] = []

    def start(answer: str, then: str = "sys.stdin.read()") -> Console:
        script = GUEST.format(answer=answer, then=then)
        started.append(Console([sys.executable, "-c", script], "the guest"))
        started[-1].wait_ready(30)
        return started[-1]

    yield start
    for console in started:
        console.close()


def test_plain_answer(guest: Callable[..., Console]) -> None:
    console = guest(f"\n<@ 7\n{CODED}\n>@\n")
    assert (result := console.run("x", 20)).status == 7, result
    assert result.output == "hello\n"


@pytest.mark.parametrize("cut", range(0, len(CODED) + 14, 3))
def test_kernel_line_anywhere_in_the_answer(guest: Callable[..., Console], cut: int) -> None:
    answer = f"\n<@ 0\n{CODED}\n>@\n"
    console = guest(f"{answer[:cut]}[   12.345678] rknpu: <up> and @ running\r\n{answer[cut:]}")
    assert console.run("x", 20).output == "hello\n"


def test_garbled_answer(guest: Callable[..., Console]) -> None:
    console = guest("\n<@ 0\naGVs?!bG8K\n>@\n")
    with pytest.raises(BoardError, match="garbled what x printed"):
        console.run("x", 20)


def test_end_in_the_middle_of_the_answer(guest: Callable[..., Console]) -> None:
    console = guest("\n<@ 0\naGV", then="")
    with pytest.raises(BoardError, match="did not finish x: the guest ended"):
        console.run("x", 20)
    with pytest.raises(BoardError, match="out of reach since: the guest ended"):
        console.run("y", 20)


def test_end_before_the_command() -> None:
    console = Console([sys.executable, "-c", "print('<board-ready>')"], "the guest")
    console.wait_ready(30)
    # pexpect may have collected the guest's status while it read, or may yet have to.
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_PID, console.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(BoardError, match="did not finish x: the guest ended"):
        console.run("x", 20)
    console.close()
