"""The hook checks every ELF file of every output, and there must be one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import check_elf
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from rknn_flake.process import Completed

pytest_plugins = ["unit.elf_fixtures"]

SCRIPT = Path(check_elf.__file__)

# What stdenv gives a hook.
STDENV = """
set -eu
runHook() { :; }
appendToVar() { :; }
getAllOutputNames() { echo out dev; }
isELF() { [ "$(head -c 4 "$1" | tr -d '\\0')" = $'\\x7fELF' ]; }
"""


@pytest.fixture
def phase(tmp_path: Path) -> Callable[..., Completed]:
    """Return the hook's phase as a function of what the output `out` holds."""
    out = tmp_path / "result"

    def call(*files: Path) -> Completed:
        out.mkdir()
        for file in files:
            shutil.copy(file, out)
        hook = SCRIPT.with_name("check-elf.sh").read_text(encoding="utf-8")
        machine = check_elf.MACHINES[
            int.from_bytes(Path(sys.executable).read_bytes()[18:20], "little")
        ]
        for name, value in {
            "interpreter": sys.executable,
            "script": str(SCRIPT),
            "machine": machine,
        }.items():
            hook = hook.replace(f"@{name}@", value)
        variables = {"out": str(out), "dev": str(tmp_path / "absent"), "NIX_STORE": str(tmp_path)}
        return run(
            ["bash", "-c", f"{STDENV}\n{hook}\ncheckElfPhase"],
            env={**variables, "PYTHONPATH": ":".join(sys.path)},
            check=False,
        )

    return call


@pytest.fixture
def native(tmp_path: Path) -> Path:
    """Return a library for the machine that the tests run on."""
    if shutil.which("gcc") is None:
        pytest.skip("no gcc on this machine")
    made = tmp_path / "librknnrt.so"
    run(["gcc", "-shared", "-nostdlib", "-xc", "/dev/null", "-o", made])
    return made


def test_each_elf_file_is_checked(phase: Callable[..., Completed], native: Path) -> None:
    text = native.with_name("README")
    text.write_text("not an ELF file", encoding="utf-8")
    second = shutil.copy(native, native.with_name("libother.so"))
    done = phase(native, text, second)
    assert done.status == 0, done
    assert done.stdout.count("check_elf: ") == 2, done


def test_one_bad_file_fails_the_phase(phase: Callable[..., Completed], native: Path) -> None:
    bad = native.with_name("libbad.so")
    bad.write_bytes(native.read_bytes()[:-1])
    done = phase(native, bad)
    assert done.status == 1, done
    assert "libbad.so: truncated: " in done.stderr


def test_outputs_without_an_elf_file_fail(phase: Callable[..., Completed], native: Path) -> None:
    text = native.with_name("README")
    text.write_text("not an ELF file", encoding="utf-8")
    done = phase(text)
    assert done.status == 1, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert "check_elf: outputs out dev: found no ELF file, expected at least one" in done.stderr
