"""rknn-cdi --wait takes in what comes while it waits, and not longer than it is useful."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from unit.cdi_roots import HEADLESS, TREE, board
from unit.ready_roots import COMPATIBLE, ROCKET, VERSION

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

LATER = {name: text for name, text in HEADLESS.items() if name != COMPATIBLE}


@pytest.mark.parametrize("files", [TREE, {**TREE, VERSION: "0.9.8\n"}], ids=["nothing", "driver"])
def test_a_node_that_comes_later(machine: Machine, files: dict[str, str]) -> None:
    machine.has(files)
    later = threading.Timer(0.4, board, (machine.root, LATER))
    later.start()
    try:
        outcome = machine.write("--wait=60")
    finally:
        later.join()
    assert (outcome.status, outcome.err) == (0, ""), outcome


@pytest.mark.parametrize(
    ("files", "options"),
    [
        ({**HEADLESS, COMPATIBLE: "raspberrypi,5\0"}, []),
        ({**HEADLESS, **ROCKET}, []),
        ({**TREE, **ROCKET}, []),
        (HEADLESS, ["--group=no-such-group"]),
        (HEADLESS, ["--library=/no/such/file.so"]),
    ],
    ids=["another board", "two drivers", "another driver", "unknown group", "no library"],
)
def test_what_will_not_come(machine: Machine, files: dict[str, str], options: list[str]) -> None:
    begun = time.monotonic()
    outcome = machine.has(files).write("--wait=60", *options)
    assert outcome.status == 1, outcome
    assert time.monotonic() - begun < 30


def test_what_does_not_come(machine: Machine) -> None:
    begun = time.monotonic()
    outcome = machine.has({**TREE, VERSION: "0.9.8\n"}).write("--wait=0.5")
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert time.monotonic() - begun >= 0.5
