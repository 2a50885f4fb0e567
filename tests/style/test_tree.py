"""Rules of the tree: one place for pins, no vendor files, nothing of a machine."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.process import Completed

SRI = re.compile(r"sha256-[A-Za-z0-9+/]{43}=")
# Where hashes may stand: our pins, nixpkgs' lock, the wheels of the test package set.
PINS = {"pkgs/rknn/sources.toml", "flake.lock", "tests/hostpkgs/wheels.toml"}


def tracked() -> list[str]:
    return run(["git", "ls-files"], cwd=PROJECT).stdout.splitlines()


def test_hashes_stand_in_the_pins_only() -> None:
    strays = [
        name
        for name in tracked()
        if name not in PINS
        and not name.startswith("tests/")
        and SRI.search((PROJECT / name).read_text(errors="replace"))
    ]
    assert strays == []


def test_no_binaries() -> None:
    binaries = [name for name in tracked() if b"\0" in (PROJECT / name).read_bytes()]
    assert binaries == []


def test_no_file_is_large() -> None:
    large = {
        name: size for name in tracked() if (size := (PROJECT / name).stat().st_size) > 100_000
    }
    assert large == {}


def test_every_test_file_is_run_when_none_is_named() -> None:
    argv = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"]
    collected = run(argv, cwd=PROJECT).stdout
    present = [name for name in tracked() if re.fullmatch(r"tests/(.+/)?test_\w+\.py", name)]
    assert len(present) > 50, present
    assert [name for name in present if f"{name}::" not in collected] == []


@pytest.fixture
def shellcheck() -> Callable[..., Completed]:
    if shutil.which("shellcheck") is None:
        pytest.skip("no shellcheck on PATH; scripts/test installs it")
    return lambda *files: run(["shellcheck", *files], cwd=PROJECT, check=False)


def test_shell_scripts_pass_shellcheck(shellcheck: Callable[..., Completed]) -> None:
    scripts = [name for name in tracked() if (PROJECT / name).read_bytes().startswith(b"#!/bin/sh")]
    assert scripts, "no shell script found"
    assert shellcheck(*scripts).stdout == ""


def test_shellcheck_finds_a_fault(shellcheck: Callable[..., Completed], tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("#!/bin/sh\nrm $1\n")
    assert "SC2086" in shellcheck(tmp_path / "bad").stdout
