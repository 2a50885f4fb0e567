"""The file itself: its exports, name, needs and texts, and that it is reproducible."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from rknn_flake.errors import CommandError
from rknn_flake.process import run
from unit.simulator_lib import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["unit.simulator_fixtures"]


def dynamic(path: Path, tag: str) -> set[str]:
    """Return the values of one kind of entry of the dynamic section."""
    field = {"DT_NEEDED": "needed", "DT_SONAME": "soname"}[tag]
    with path.open("rb") as file:
        section = ELFFile(file).get_section_by_name(".dynamic")
        assert isinstance(section, DynamicSection)
        return {getattr(t, field) for t in section.iter_tags() if t.entry.d_tag == tag}


def exports(path: Path) -> set[str]:
    """Return the names that the library defines for others."""
    with path.open("rb") as file:
        section = ELFFile(file).get_section_by_name(".dynsym")
        assert isinstance(section, SymbolTableSection)
        symbols = section.iter_symbols()
        return {s.name for s in symbols if s["st_shndx"] != "SHN_UNDEF" and s.name}


def test_exactly_the_listed_functions_are_exported(simulator_path: Path) -> None:
    listed = (SOURCES / "exports.txt").read_text().split()
    assert listed == sorted(listed), "exports.txt is not in order"
    assert len(listed) == 35
    assert exports(simulator_path) == set(listed)


def test_the_name_is_the_vendors(simulator_path: Path) -> None:
    assert dynamic(simulator_path, "DT_SONAME") == {"librknnrt.so"}


def test_nothing_but_libc_is_needed(build_simulator: Callable[..., Path]) -> None:
    assert dynamic(build_simulator("-O2"), "DT_NEEDED") <= {"libc.so.6", "libpthread.so.0"}


def test_the_version_text_is_found_in_the_bytes(simulator_path: Path) -> None:
    assert b"librknnrt version: 2.3.2 (simulator@rknn-flake)" in simulator_path.read_bytes()


def test_two_builds_are_equal(build_simulator: Callable[..., Path], tmp_path: Path) -> None:
    copy = tmp_path / "another" / "place"
    shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("build"))
    first, second = build_simulator("-O2 -g"), build_simulator("-O2 -g", copy)
    assert first.read_bytes() == second.read_bytes()
    assert str(copy).encode() not in second.read_bytes()


@pytest.mark.parametrize("compiler", ["gcc", "clang", "aarch64-linux-gnu-gcc"])
def test_compilers_have_nothing_to_say(compiler: str, tmp_path: Path) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    words = ["VERSION=2.3.2", f"CC={compiler}", "CFLAGS=-O2 -Werror -Wshadow -Wstrict-prototypes"]
    run(["make", "-s", "-C", SOURCES, *words, f"BUILD={tmp_path}"])
    assert exports(tmp_path / "librknnrt.so") == set((SOURCES / "exports.txt").read_text().split())


def test_a_build_without_a_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="VERSION is not set"):
        run(["make", "-C", SOURCES, f"BUILD={tmp_path}"], env={"VERSION": ""})


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., bytes]:
    """Return a function that builds into one folder and returns the library's bytes."""

    def build(**changed: str) -> bytes:
        settings = {"VERSION": "2.3.2", "CC": "gcc", "CFLAGS": "-O1", "LDFLAGS": "", **changed}
        words = [f"{key}={value}" for key, value in settings.items()]
        run(["make", "-s", "-C", SOURCES, *words, f"BUILD={tmp_path}"])
        return (tmp_path / "librknnrt.so").read_bytes()

    return build


@pytest.mark.parametrize(
    "changed",
    [{"VERSION": "1.6.0"}, {"CFLAGS": "-O1 -DNAME='\"a  b\"'"}, {"LDFLAGS": "-Wl,-rpath,/nowhere"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_setting_makes_everything_anew(
    make: Callable[..., bytes], tmp_path: Path, changed: dict[str, str]
) -> None:
    first = make()
    made_at = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.o")}
    second = make(**changed)
    assert made_at, "no object files were seen"
    kept = [path.name for path, when in made_at.items() if path.stat().st_mtime_ns == when]
    assert not kept, f"not compiled again: {kept}"
    assert (first == second) == ("CFLAGS" in changed), "the macro alone changes no code"
    assert (b"librknnrt version: 1.6.0 (simulator" in second) == ("VERSION" in changed)


def test_the_same_settings_make_nothing_anew(make: Callable[..., bytes], tmp_path: Path) -> None:
    make()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    make()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_another_compiler_makes_everything_anew(make: Callable[..., bytes], tmp_path: Path) -> None:
    if shutil.which("clang") is None:
        pytest.skip("clang is not installed")
    make()
    assert b"clang version" not in (tmp_path / "api.o").read_bytes()
    make(CC="clang")
    assert b"clang version" in (tmp_path / "api.o").read_bytes()
