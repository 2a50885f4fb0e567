"""rknn-ready tells the runtime's release as the build's check reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from check_elf import VERSION_TEXT
from rknn_ready import runtime
from unit.ready_roots import BOARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.ready_fixtures"]

VERSIONS = (
    "2.3.2 (429f97ae6b@2025-04-09T09:09:27)",
    "2.3.2 (1842325 build@2025-03-30T09:54:34)",
    "2.3.2 (simulator@2025-04-09)",
    "1.6.0b3 (9a7b5d24c@2023-12-13T17:31:11)",
)
NONE = (
    "Transfer version 2.2.2 (12abf2a@2025-01-25T11:33:20)",
    "2.3.2",
    "2.3 (429f97ae6b@2025-04-09T09:09:27)",
    "2.3.2 (nightly@2025-04-09T09:09:27)",
    "",
)


@pytest.fixture
def library(tmp_path: Path) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        made = tmp_path / "librknnrt.so"
        made.write_bytes(b"\x7fELF" + bytes(9000) + text.encode() + b"\0more\0" if text else b"")
        return made

    return make


@pytest.mark.parametrize("text", VERSIONS)
def test_version_is_read(library: Callable[[str], Path], text: str) -> None:
    assert runtime.version(library(text)) == text


@pytest.mark.parametrize("text", NONE)
def test_no_version(library: Callable[[str], Path], text: str) -> None:
    assert runtime.version(library(text)) is None


@pytest.mark.parametrize("text", [*VERSIONS, *NONE])
def test_the_builds_check_reads_the_same(library: Callable[[str], Path], text: str) -> None:
    found = VERSION_TEXT.search(library(text).read_bytes())
    assert runtime.version(library(text)) == (found[0].decode() if found else None)


def test_it_is_told(ready: Callable[..., Outcome], library: Callable[[str], Path]) -> None:
    path = library(VERSIONS[0])
    outcome = ready(BOARD, f"--runtime={path}")
    assert outcome.status == 0, outcome
    assert outcome.out.splitlines()[-1] == f"runtime: librknnrt {VERSIONS[0]}, {path}"


def test_a_library_that_is_not_there(ready: Callable[..., Outcome]) -> None:
    outcome = ready(BOARD, "--runtime=/nowhere/librknnrt.so")
    last = outcome.out.splitlines()[-1]
    assert last == (
        "runtime: librknnrt that can't be read (No such file or directory), /nowhere/librknnrt.so"
    )
