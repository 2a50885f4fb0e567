"""The ELF class and machine must be those of the pin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.elf_fixtures import Compiler

pytest_plugins = ["unit.elf_fixtures"]


def with_bytes(library: Path, offset: int, data: bytes) -> Path:
    content = bytearray(library.read_bytes())
    content[offset : offset + len(data)] = data
    changed = library.with_name("changed.so")
    changed.write_bytes(content)
    return changed


def test_the_right_class_and_machine_pass(
    check: Callable[..., Outcome], compiler: Compiler, library: Path
) -> None:
    outcome = check(library, "--class", "64", "--machine", compiler.machine)
    assert outcome.status == 0, outcome
    assert compiler.machine in outcome.out


def test_a_32_bit_library_is_refused(check: Callable[..., Outcome], library: Path) -> None:
    outcome = check(with_bytes(library, 4, b"\x01"), "--class", "64")
    assert outcome.status == 1, outcome
    assert "changed.so: class: found ELF32, expected ELF64" in outcome.err


@pytest.mark.parametrize(
    ("number", "name"), [(40, "arm"), (3, "i386"), (243, "riscv"), (4711, "e_machine 4711")]
)
def test_a_foreign_machine_is_refused(
    check: Callable[..., Outcome], library: Path, number: int, name: str
) -> None:
    changed = with_bytes(library, 18, number.to_bytes(2, "little"))
    outcome = check(changed, "--machine", "aarch64")
    assert outcome.status == 1, outcome
    assert f"changed.so: machine: found {name}, expected aarch64" in outcome.err


@pytest.mark.parametrize(
    ("number", "name"), [(1, "an object file"), (4, "a core dump"), (0, "e_type 0")]
)
def test_what_is_neither_program_nor_library_is_refused(
    check: Callable[..., Outcome], library: Path, number: int, name: str
) -> None:
    outcome = check(with_bytes(library, 16, number.to_bytes(2, "little")))
    assert outcome.status == 1, outcome
    assert f"changed.so: type: found {name}, expected a program or a shared object" in outcome.err


def test_an_object_file_is_refused(check: Callable[..., Outcome], compiler: Compiler) -> None:
    outcome = check(compiler.build("part.o", "int f;", "-c"))
    assert outcome.status == 1, outcome
    assert "part.o: type: found an object file, expected" in outcome.err
