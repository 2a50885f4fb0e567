"""The SONAME must be the one that programs were linked against."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.elf_fixtures import Compiler

pytest_plugins = ["unit.elf_fixtures"]


def test_the_right_soname_passes(check: Callable[..., Outcome], library: Path) -> None:
    outcome = check(library, "--soname", "librknnrt.so")
    assert outcome.status == 0, outcome
    assert "soname librknnrt.so" in outcome.out


def test_another_soname_is_refused(check: Callable[..., Outcome], library: Path) -> None:
    outcome = check(library, "--soname", "librknnrt.so.2")
    assert outcome.status == 1, outcome
    assert "soname: found librknnrt.so, expected librknnrt.so.2" in outcome.err


def test_a_missing_soname_is_refused(check: Callable[..., Outcome], compiler: Compiler) -> None:
    outcome = check(compiler.library("bare.so", "int f;"), "--soname", "bare.so")
    assert outcome.status == 1, outcome
    assert "soname: found no SONAME, expected bare.so" in outcome.err


def test_a_soname_with_line_breaks_stays_one_line(
    check: Callable[..., Outcome], compiler: Compiler
) -> None:
    library = compiler.library("odd.so", "int f;", "-Wl,-soname,libone.so\nlib\rtwo.so")
    outcome = check(library, "--soname", "librknnrt.so")
    assert outcome.status == 1, outcome
    assert outcome.err.splitlines() == [outcome.err.removesuffix("\n")], outcome.err
    assert "soname: found libone.so lib two.so, expected librknnrt.so" in outcome.err


def test_a_path_with_line_breaks_stays_one_line(
    check: Callable[..., Outcome], library: Path
) -> None:
    odd = library.rename(library.with_name("lib\nrknnrt.so"))
    outcome = check(odd)
    assert outcome.status == 0, outcome
    assert outcome.out.count("\n") == 1, outcome.out
    outcome = check(odd, "--soname", "other.so")
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
