"""Wrong usage of rknn-cdi is one line on stderr and exit status 2; nothing is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT
from unit.cdi_roots import HEADLESS

if TYPE_CHECKING:
    from pathlib import Path

    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--library=librknnrt.so"], "'librknnrt.so' is no absolute path"),
        (["--library=/lib/../lib/librknnrt.so"], "is no absolute path"),
        (["--library=/"], "is no absolute path"),
        (["--library=/a\nb"], "is no absolute path"),
        (["--library=/a\udcff"], "is no absolute path"),
        (["--library-path=/usr/lib/librknnrt.so"], "are of a --library"),
        (["--closure=/some/list"], "are of a --library"),
        (["--driver=rocket", "--library=/some.so"], "librknnrt can't use rocket"),
        (["--driver=galcore"], "galcore"),
        (["--render-node=/run/renderD129"], "is not below /dev"),
        (["--node=rga"], "'rga' is no absolute path"),
        (["--node=/dev/../etc/passwd"], "is no absolute path"),
        (["--dma-heap=/dev/dma_heap/system"], "no name of a heap"),
        (["--dma-heap=.."], "no name of a heap"),
        (["--dma-heap=system", "--no-dma-heaps"], "not allowed with"),
        (["--wait=-1"], "is no number between 0 and 86400"),
        (["--wait=nan"], "is no number between 0 and 86400"),
        (["--without-gid"], "--without-gid"),
    ],
)
def test_wrong_options(machine: Machine, options: list[str], words: str) -> None:
    machine.has(HEADLESS).spec()
    outcome = machine.write(*options)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert words in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome
    assert machine.output.exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "COMMAND"),
        (["wirte"], "'wirte'"),
        (["check"], "FILE"),
        (["write", "--soc-copy=/c"], "--output"),
        (["remove", "--output=/run/cdi/x.json"], "--soc-copy"),
        (["write", "--output=x.json", "--soc-copy=/c"], "no absolute path"),
        (["write", "--output=/run/cdi/npu.jsn", "--soc-copy=/c"], "end in .json"),
    ],
)
def test_wrong_commands(machine: Machine, argv: list[str], words: str) -> None:
    outcome = machine.run(*argv)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert words in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome


def test_output_that_cannot_be_written(machine: Machine, tmp_path: Path) -> None:
    machine.has(HEADLESS)
    roots = [str(PROJECT / f"pkgs/rknn/{name}") for name in ("cdi", "ready")]
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = subprocess.run(
            [
                *(sys.executable, "-m", "rknn_cdi.cli", "write"),
                *(*machine.places, f"--root={machine.root}"),
            ],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
        )
    assert done.returncode == 1
    assert done.stderr == "rknn-cdi: standard output: No space left on device\n"
    assert machine.output.exists()
