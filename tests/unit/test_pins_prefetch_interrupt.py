"""Stopped in the middle, nothing that was accepted is lost, and no Nix is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit import pins_fixtures
from unit.pins_commands import ended
from unit.prefetch_files import answering, body, first

if TYPE_CHECKING:
    from unit.prefetch_fixtures import Fetching

pytest_plugins = ["unit.prefetch_fixtures"]

SECONDS = 20
SRI = pins_fixtures.sri(body(0))


def wait_for_a_hash(fetching: Fetching) -> None:
    end = time.monotonic() + SECONDS
    while fetching.hashes() == [None, None]:
        assert time.monotonic() < end, "no hash came"
        time.sleep(0.05)


@pytest.mark.nix
@pytest.mark.usefixtures("real_nix")
def test_ctrl_c_on_a_terminal(fetching: Fetching) -> None:
    slow = fetching.file(1, faults={"latency": 60.0})
    pins_fixtures.write(fetching.path, [fetching.file(0), slow])
    child = fetching.pins.on_terminal("prefetch", "--store", "private")
    child.expect("1 of 2 files")
    child.sendintr()
    child.expect(r"1 of 2 hashes are in .*sources\.toml; the rest is as it was")
    child.expect("rknn-pins: interrupted")
    assert ended(child) == 130
    assert fetching.hashes() == [SRI, None]
    assert fetching.file(1).urls == slow.urls, "no longer slow"
    assert fetching.run().status == 0
    assert fetching.hashes() == [SRI, pins_fixtures.sri(body(1))]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_to_the_command_alone_ends_its_nix_too(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    pid = fetching.folder / "pid"
    script = answering(fetching.folder / "answers", {"part0.so": body(0)})
    hanging = f'case "$*" in *part1.so) echo $$ >{pid}; exec /bin/sleep 600;; esac'
    shebang, rest = script.split("\n", 1)
    first(monkeypatch, fetching.folder / "programs", nix=f"{shebang}\n{hanging}\n{rest}")
    pins_fixtures.write(fetching.path, [fetching.file(0), fetching.file(1)])
    environment = {**os.environ, **fetching.pins.environment}
    with subprocess.Popen(
        fetching.pins.words("prefetch", "--store", "default"),
        env={name: value for name, value in environment.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as command:
        wait_for_a_hash(fetching)
        while not pid.exists() or not pid.read_text():
            time.sleep(0.05)
        command.send_signal(number)
        out, err = command.communicate(timeout=SECONDS)
    assert (command.returncode, out) == (130, ""), err
    assert err.splitlines() == [
        f"1 of 2 hashes are in {fetching.path}; the rest is as it was",
        "rknn-pins: interrupted",
    ]
    assert fetching.hashes() == [SRI, None]
    assert not Path("/proc", pid.read_text().strip()).exists(), "its nix is still there"
