"""What arrives in place of an ELF file is named for what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.elf_fixtures"]

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 7726232\n"


def test_an_elf_file_passes(check: Callable[..., Outcome], library: Path) -> None:
    outcome = check(library)
    assert outcome.status == 0, outcome
    assert outcome.out.count("\n") == 1, outcome.out
    assert f"{library}: whole ELF64 of {library.stat().st_size} bytes" in outcome.out


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!DOCTYPE html>\n<html><body>Not Found</body></html>", "an HTML page"),
        (b"\n  <HTML>rate limit</HTML>", "an HTML page"),
        (LFS, "a git-LFS pointer"),
        (b'{"message": "Not Found"}', "a JSON text"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"\x1f\x8b\x08rest", "a compressed file"),
        (b"!<arch>\nrest", "a static archive"),
        (b"#!/bin/sh\n", "a script"),
        (b"", "an empty file"),
        (bytes(4096), "4096 bytes of zeros"),
        (b"MZ\x90\0rest of it", "a file that begins b'MZ"),
        (b"\x7fEL", "3 bytes"),
    ],
)
def test_another_file_is_named(
    check: Callable[..., Outcome], tmp_path: Path, data: bytes, name: str
) -> None:
    path = tmp_path / "librknnrt.so"
    path.write_bytes(data)
    outcome = check(path)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert f"check_elf: {path}: " in outcome.err
    assert f": found {name}" in outcome.err
    assert "ELF file" in outcome.err


def test_a_missing_file_is_named(check: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = check(tmp_path / "absent.so")
    assert outcome.status == 1, outcome
    assert "absent.so: magic: found No such file or directory, expected an ELF file" in outcome.err


def test_the_first_bad_file_of_several_ends_the_run(
    check: Callable[..., Outcome], library: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.so"
    bad.write_bytes(b"")
    outcome = check(library, bad, library)
    assert outcome.status == 1, outcome
    assert str(bad) in outcome.err
    assert outcome.out.count("\n") == 1, outcome.out
