"""Where two files' bytes part: offset, bytes, and what part of the format that is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError
from elftools.elf.elffile import ELFFile

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
SHOWN = 16
# A file larger than this is not looked into beyond its first differing bytes.
PARSED = 256 * 1024**2

# What pyelftools raises on damaged files.
DAMAGE = (
    ELFError,
    ConstructError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Parting:
    """The first bytes that differ: their offset, up to 16 from there on of each, the sizes."""

    offset: int
    first: bytes
    second: bytes
    sizes: tuple[int, int]

    def __str__(self) -> str:
        """One line: sizes if they differ, the offset, and the bytes in hex."""
        unlike = self.sizes[0] != self.sizes[1]
        sizes = f"{self.sizes[0]} and {self.sizes[1]} bytes, " if unlike else ""
        first, second = (part.hex(" ") or "the end" for part in (self.first, self.second))
        return f"{sizes}from byte {self.offset} (0x{self.offset:x}): {first} | {second}"


def parting(first: Path, second: Path) -> Parting | None:
    """Return where the contents part; None if they are the same."""
    sizes = (first.stat().st_size, second.stat().st_size)
    offset = 0
    with first.open("rb") as left, second.open("rb") as right:
        while True:
            one, other = left.read(CHUNK), right.read(CHUNK)
            if one != other:
                common = min(len(one), len(other))
                at = next((i for i in range(common) if one[i] != other[i]), common)
                left.seek(offset + at)
                right.seek(offset + at)
                return Parting(offset + at, left.read(SHOWN), right.read(SHOWN), sizes)
            if not one:
                return None
            offset += len(one)


def place(path: Path, offset: int) -> str:
    """Return what the byte at `offset` of a file belongs to; empty where the format is unknown."""
    if path.stat().st_size > PARSED:
        return ""
    data = path.read_bytes()
    for magic, part in PARTS.items():
        if data.startswith(magic):
            return part(data, offset)
    # Magic number of CPython: two bytes and a line end.
    return bytecode_part(data, offset) if data[2:4] == b"\r\n" else ""


def elf_section(data: bytes, offset: int) -> str:
    """Return the section of an ELF file that has the byte, and the offset within it."""
    try:
        elf = ELFFile(io.BytesIO(data))
        for section in elf.iter_sections():
            start, size = section["sh_offset"], section["sh_size"]
            if section["sh_type"] != "SHT_NOBITS" and start <= offset < start + size:
                return f"ELF section {section.name} + 0x{offset - start:x}"
        table = elf["e_shoff"]
        if table <= offset < table + elf.num_sections() * elf["e_shentsize"]:
            return "the ELF section table"
        if offset < elf["e_phoff"] + elf.num_segments() * elf["e_phentsize"]:
            return "the ELF header"
    except DAMAGE:
        return "a damaged ELF file"
    return "between ELF sections"


def zip_part(data: bytes, offset: int) -> str:
    """Return which file of a zip archive the byte belongs to, and whether it is its time."""
    for magic, time, names in ((b"PK\x03\x04", 10, (26, 30)), (b"PK\x01\x02", 12, (28, 46))):
        start = data.rfind(magic, 0, offset + len(magic))
        if start != -1 and start <= offset < start + names[1]:
            length = int.from_bytes(data[start + names[0] : start + names[0] + 2], "little")
            name = data[start + names[1] :][:length].decode(errors="replace")
            what = "time" if time <= offset - start < time + 4 else "entry"
            return f"the {what} of {name} in a zip archive"
    return "data in a zip archive"


def ar_part(data: bytes, offset: int) -> str:
    """Return which member of an ar archive the byte belongs to, and whether it is its time."""
    start = 8
    while start + 60 <= len(data):
        header = data[start : start + 60]
        size = header[48:58].decode(errors="replace").strip()
        if not size.isdigit():
            break
        end = start + 60 + int(size)
        if offset < end:
            name = header[:16].decode(errors="replace").strip().rstrip("/") or "the symbol table"
            what = "time" if 16 <= offset - start < 28 else "header"
            return (
                f"the {what} of {name} in an ar archive"
                if offset < start + 60
                else (f"{name} + 0x{offset - start - 60:x} in an ar archive")
            )
        start = end + end % 2
    return "an ar archive"


def gzip_part(_: bytes, offset: int) -> str:
    """Return whether the byte is the time in gzip's header."""
    return "the time in gzip's header" if 4 <= offset < 8 else "gzip's data"


def bytecode_part(data: bytes, offset: int) -> str:
    """Return what the byte of a .pyc file is: flags, then time and size or a hash, then code."""
    if not 8 <= offset < 16:
        return "Python's bytecode"
    if data[4] & 1:
        return "the source's hash in Python's bytecode"
    return f"the source's {'time' if offset < 12 else 'size'} in Python's bytecode"


PARTS = {
    b"\x7fELF": elf_section,
    b"\x1f\x8b": gzip_part,
    b"PK\x03\x04": zip_part,
    b"!<arch>\n": ar_part,
}
