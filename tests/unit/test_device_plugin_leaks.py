"""The device plugin's memory, descriptors and threads do not grow with what it is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit.device_plugin_boards import started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]

ALLOCATIONS = 1000
RECONNECTS = 200
# glibc's arenas and Python's own grow a little with the number of threads that have been.
KIBIBYTES = 4096


class Uses:
    """What a process uses."""

    def __init__(self, number: int) -> None:
        told = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
        self.memory = int(re.findall(r"VmRSS:\s+(\d+) kB", told)[0])
        self.threads = int(re.findall(r"Threads:\s+(\d+)", told)[0])
        self.descriptors = len(list(Path(f"/proc/{number}/fd").iterdir()))

    def __repr__(self) -> str:
        return f"{self.memory} KiB, {self.descriptors} descriptors, {self.threads} threads"


@pytest.fixture
def process(board: Running) -> Iterator[Popen[str]]:
    board.kubelet.start()
    with started(board) as plugin:
        board.kubelet.until_registered()
        yield plugin


def test_allocations(board: Running, process: Popen[str]) -> None:
    kubelet = board.kubelet

    def work(times: int) -> Uses:
        for number in range(times):
            kubelet.allocate(f"core{number % 3}-0")
            kubelet.prefer(["core0-0", "core1-0", "core2-0"], 2)
        return Uses(process.pid)

    before, after = work(ALLOCATIONS // 5), work(ALLOCATIONS)
    assert after.descriptors <= before.descriptors, (before, after)
    assert after.threads <= before.threads + 2, (before, after)
    assert after.memory <= before.memory + KIBIBYTES, (before, after)


def test_reconnects(board: Running, process: Popen[str]) -> None:
    kubelet = board.kubelet

    def work(times: int) -> Uses:
        for _ in range(times):
            registered = len(kubelet.told)
            kubelet.restart()
            kubelet.until_registered(registered + 1)
            kubelet.allocate("core0-0")
        return Uses(process.pid)

    before, after = work(RECONNECTS // 5), work(RECONNECTS)
    assert after.descriptors <= before.descriptors + 2, (before, after)
    assert after.threads <= before.threads + 2, (before, after)
    assert after.memory <= before.memory + KIBIBYTES, (before, after)
