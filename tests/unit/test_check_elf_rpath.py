"""RPATH stays inside the store and leads to every needed library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.elf_fixtures import Compiler

pytest_plugins = ["unit.elf_fixtures"]


@pytest.fixture
def linked(compiler: Compiler) -> Callable[..., Path]:
    """Return a maker of libraries that need libother.so and have this RPATH."""
    other = compiler.library("libother.so", "int other(void){return 0;}", "-Wl,-soname,libother.so")

    def make(*flags: str) -> Path:
        source = "extern int other(void); int f(void){return other();}"
        return compiler.library("libuser.so", source, other, *flags)

    return make


def rpath(value: str | Path) -> str:
    return f"-Wl,-rpath,{value}"


@pytest.mark.parametrize("tags", ["-Wl,--enable-new-dtags", "-Wl,--disable-new-dtags"])
def test_an_rpath_inside_that_leads_to_the_library_passes(
    check: Callable[..., Outcome], linked: Callable[..., Path], tmp_path: Path, tags: str
) -> None:
    outcome = check(linked(rpath(tmp_path), tags), "--rpath-inside", tmp_path)
    assert outcome.status == 0, outcome
    assert f"1 needed libraries found, rpath inside {tmp_path}" in outcome.out


def test_origin_is_the_files_own_folder(
    check: Callable[..., Outcome], linked: Callable[..., Path], tmp_path: Path
) -> None:
    assert check(linked(rpath("$ORIGIN")), "--rpath-inside", tmp_path).status == 0
    around = f"${{ORIGIN}}/../{tmp_path.name}"
    assert check(linked(rpath(around)), "--rpath-inside", tmp_path).status == 0
    outcome = check(linked(rpath("$ORIGIN/..")), "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert "rpath: found '$ORIGIN/..', expected only directories inside" in outcome.err


@pytest.mark.parametrize(
    "entry", ["/usr/lib", "lib", ".", "{inside}:", "{inside}/../..", "{inside}x"]
)
def test_an_rpath_outside_is_refused(
    check: Callable[..., Outcome], linked: Callable[..., Path], tmp_path: Path, entry: str
) -> None:
    library = linked(rpath(entry.format(inside=tmp_path)))
    outcome = check(library, "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert "libuser.so: rpath: found " in outcome.err


def test_a_needed_library_in_no_directory_is_refused(
    check: Callable[..., Outcome], linked: Callable[..., Path], tmp_path: Path
) -> None:
    outcome = check(linked(), "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert "needed: found no RPATH, expected one that leads to libother.so" in outcome.err

    empty = tmp_path / "empty"
    outcome = check(linked(rpath(empty)), "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert f"found RPATH {empty}, expected one that leads to libother.so" in outcome.err


@pytest.mark.parametrize(
    ("soname", "status"),
    [
        ("libc.so.6", 0),
        ("libpthread.so.0", 0),
        ("ld-linux-aarch64.so.1", 0),
        ("libcrypt.so.1", 1),
        ("libstdc++.so.6", 1),
        ("xlibc.so.6", 1),
    ],
)
def test_only_the_c_library_needs_no_rpath(
    check: Callable[..., Outcome], compiler: Compiler, tmp_path: Path, soname: str, status: int
) -> None:
    part = compiler.library("part.so", "int other(void){return 0;}", f"-Wl,-soname,{soname}")
    user = compiler.library("user.so", "int other(void); int f(void){return other();}", part)
    outcome = check(user, "--rpath-inside", tmp_path)
    assert outcome.status == status, outcome


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_text(path: Path) -> None:
    path.write_text("GROUP ( libother.so.1 )", encoding="utf-8")


def another_machine(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[18:20] = (243).to_bytes(2, "little")
    path.write_bytes(content)


def another_class(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4] = 1
    path.write_bytes(content)


def a_beginning(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (a_folder, "not a file"),
        (a_text, "not an ELF file"),
        (a_beginning, "not an ELF file"),
        (another_machine, "ELF64 riscv"),
        (another_class, "ELF32 {machine}"),
    ],
)
def test_a_needed_library_must_be_one_for_this_machine(
    check: Callable[..., Outcome],
    compiler: Compiler,
    linked: Callable[..., Path],
    spoil: Callable[[Path], None],
    what: str,
) -> None:
    library = linked(rpath("$ORIGIN"))
    other = library.with_name("libother.so")
    spoil(other)
    outcome = check(library, "--rpath-inside", library.parent)
    assert outcome.status == 1, outcome
    words = what.format(machine=compiler.machine)
    expected = f"needed: found {other}, {words}, expected ELF64 {compiler.machine}"
    assert expected in outcome.err


def test_a_needed_name_that_is_too_long_is_not_found(
    check: Callable[..., Outcome], compiler: Compiler, tmp_path: Path
) -> None:
    name = "l" * 300
    part = compiler.library("part.so", "int other(void){return 0;}", f"-Wl,-soname,{name}")
    source = "int other(void); int f(void){return other();}"
    outcome = check(
        compiler.library("user.so", source, part, rpath(tmp_path)), "--rpath-inside", tmp_path
    )
    assert outcome.status == 1, outcome
    assert f"expected one that leads to {name}" in outcome.err


@pytest.fixture
def program(compiler: Compiler) -> Callable[[Path], Path]:
    """Return a maker of programs that are started by this loader."""
    other = compiler.library("libother.so", "int other(void){return 0;}", "-Wl,-soname,libother.so")

    def make(loader: Path) -> Path:
        source = "int other(void); int _start(void){return other();}"
        flags = ("-pie", "-fPIE", f"-Wl,-dynamic-linker,{loader}", rpath(compiler.folder))
        return compiler.build("program", source, other, *flags)

    return make


def test_a_program_with_a_loader_inside_passes(
    check: Callable[..., Outcome], program: Callable[[Path], Path], library: Path, tmp_path: Path
) -> None:
    outcome = check(program(library), "--rpath-inside", tmp_path)
    assert outcome.status == 0, outcome


@pytest.mark.parametrize(
    "loader", ["/lib/ld-linux-aarch64.so.1", "lib/ld.so", "{inside}/../ld.so", "{inside}/absent.so"]
)
def test_a_program_with_a_loader_outside_or_absent_is_refused(
    check: Callable[..., Outcome], program: Callable[[Path], Path], tmp_path: Path, loader: str
) -> None:
    path = loader.format(inside=tmp_path)
    made = program(Path(path))
    outcome = check(made, "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert f"interpreter: found {path!r}, expected a loader inside {tmp_path}" in outcome.err
    assert check(made).status == 0


def test_a_program_with_a_loader_for_another_machine_is_refused(
    check: Callable[..., Outcome], program: Callable[[Path], Path], library: Path, tmp_path: Path
) -> None:
    another_machine(library)
    outcome = check(program(library), "--rpath-inside", tmp_path)
    assert outcome.status == 1, outcome
    assert f"interpreter: found {library}, ELF64 riscv, expected ELF64" in outcome.err
