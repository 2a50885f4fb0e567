"""What a person at a terminal sees: the build that runs, and one line after Ctrl-C."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest

from reproducing import make_flake, need_compiler
from rknn_flake.paths import PROJECT
from rknn_flake.reproduce import stores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SECONDS = 60


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path.resolve() / "cache"
    stores.remove(tmp_path)


def test_ctrl_c_while_building(nix: Nix, tmp_path: Path, cache: Path) -> None:
    need_compiler()
    flake = make_flake(tmp_path / "flake")
    environment = {
        **os.environ,
        "RKNN_FLAKE_CACHE": str(cache),
        "PYTHONPATH": str(PROJECT / "scripts"),
        "TERM": "xterm",
    }
    words = ["-P", "-m", "rknn_flake.start", "reproduce.cli", "slow", "--flake", str(flake)]
    child = pexpect.spawn(
        sys.executable,
        [*words, "--seed", str(nix.store)],
        env=environment,
        encoding="utf-8",
        timeout=SECONDS,
        dimensions=(24, 100),
    )
    child.expect("evaluating the flake")
    child.expect("round 1: slow")
    child.expect("0:00:01")
    assert list((cache / "reproduce").glob("run-*"))
    child.sendintr()
    child.expect("rknn-reproduce: interrupted\r\n")
    child.expect(pexpect.EOF)
    assert "Traceback" not in child.before, child.before
    child.close()
    assert child.exitstatus == 130
    assert list((cache / "reproduce").glob("run-*")) == []
