"""What part of a format the first differing byte is."""

from __future__ import annotations

import gzip
import io
import py_compile
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from elftools.elf.elffile import ELFFile

from rknn_flake.process import run
from rknn_flake.reproduce import contents

if TYPE_CHECKING:
    from pathlib import Path


def said(first: Path, second: Path) -> str:
    part = contents.parting(first, second)
    assert part is not None
    return contents.place(first, part.offset)


@pytest.fixture(scope="session")
def elf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None:
        pytest.skip("no cc on PATH; scripts/test installs gcc")
    folder = tmp_path_factory.mktemp("elf")
    source = folder / "library.c"
    source.write_text('const char built[] = "built at noon"; int number = 7;\n')
    library = folder / "library.so"
    run(["cc", "-shared", "-fPIC", "-nostdlib", "-Wl,--build-id=none", source, "-o", library])
    return library


def section(path: Path, name: str) -> int:
    with path.open("rb") as opened:
        found = ELFFile(opened).get_section_by_name(name)
        assert found is not None, name
        return int(found["sh_offset"])


@pytest.mark.parametrize("name", [".rodata", ".data", ".shstrtab"])
def test_section_of_an_elf(elf: Path, tmp_path: Path, name: str) -> None:
    offset = section(elf, name) + 3
    changed = bytearray(elf.read_bytes())
    changed[offset] ^= 0xFF
    (tmp_path / "other.so").write_bytes(changed)
    assert said(elf, tmp_path / "other.so") == f"ELF section {name} + 0x3"


def test_header_of_an_elf(elf: Path, tmp_path: Path) -> None:
    changed = bytearray(elf.read_bytes())
    changed[16] ^= 1
    (tmp_path / "other.so").write_bytes(changed)
    assert said(elf, tmp_path / "other.so") == "the ELF header"


def test_a_damaged_elf_is_no_crash(elf: Path) -> None:
    data = elf.read_bytes()
    for length in range(4, len(data), 97):
        assert contents.elf_section(data[:length], length - 1)


def test_time_in_gzip(tmp_path: Path) -> None:
    for name, time in (("a.gz", 1000), ("b.gz", 2000)):
        (tmp_path / name).write_bytes(gzip.compress(b"text", mtime=time))
    assert said(tmp_path / "a.gz", tmp_path / "b.gz") == "the time in gzip's header"


def test_data_in_gzip(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(gzip.compress(name.encode(), mtime=0))
    assert said(tmp_path / "a", tmp_path / "b") == "gzip's data"


def test_time_in_zip(tmp_path: Path) -> None:
    for name, year in (("a.whl", 2001), ("b.whl", 2002)):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(zipfile.ZipInfo("first.py", (2000, 1, 1, 0, 0, 0)), "pass")
            archive.writestr(zipfile.ZipInfo("second.py", (year, 1, 1, 0, 0, 0)), "pass")
    told = said(tmp_path / "a.whl", tmp_path / "b.whl")
    assert told == "the time of second.py in a zip archive"


def test_data_in_zip(tmp_path: Path) -> None:
    for name in ("a", "b"):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(zipfile.ZipInfo("x"), b"0123456789" * 20)
        changed = held.getvalue().replace(b"0123456789", name.encode() * 10)
        (tmp_path / name).write_bytes(changed)
    assert said(tmp_path / "a", tmp_path / "b") == "data in a zip archive"


def member(name: str, time: int, data: bytes) -> bytes:
    return f"{name + '/':16}{time:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode() + data


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (member("b.o", 2000, b"code"), "the time of b.o in an ar archive"),
        (member("b.o", 1000, b"coda"), "b.o + 0x3 in an ar archive"),
    ],
)
def test_member_of_ar(tmp_path: Path, other: bytes, told: str) -> None:
    beginning = b"!<arch>\n" + member("a.o", 1000, b"more")
    (tmp_path / "a.a").write_bytes(beginning + member("b.o", 1000, b"code"))
    (tmp_path / "b.a").write_bytes(beginning + other)
    assert said(tmp_path / "a.a", tmp_path / "b.a") == told


def test_time_in_bytecode(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    for name, mode in (
        ("a.pyc", py_compile.PycInvalidationMode.TIMESTAMP),
        ("hashed.pyc", py_compile.PycInvalidationMode.UNCHECKED_HASH),
    ):
        source.write_text("x = 1\n")
        py_compile.compile(str(source), str(tmp_path / name), invalidation_mode=mode)
    changed = bytearray((tmp_path / "a.pyc").read_bytes())
    changed[9] ^= 1
    (tmp_path / "b.pyc").write_bytes(changed)
    told = said(tmp_path / "a.pyc", tmp_path / "b.pyc")
    assert told == "the source's time in Python's bytecode"
    hashed = contents.place(tmp_path / "hashed.pyc", 9)
    assert hashed == "the source's hash in Python's bytecode"


def test_text_has_no_parts(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one\n")
    assert contents.place(tmp_path / "a", 1) == ""
