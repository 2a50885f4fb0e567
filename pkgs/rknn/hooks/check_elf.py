"""Say whether a vendor's ELF file is the one that was pinned; run in every build of one.

`check_elf.py FILE... [checks]` ends with one line: status 0 and what was checked, 1 and the first
check that failed, or 2 for wrong usage. Needs pyelftools only.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from checking import DAMAGE, CheckError, Parser, failure, one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

ELF_MAGIC = b"\x7fELF"
MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv"}

# What turned up in place of a library: "invalid ELF header" is all that a board says to any of it.
FOREIGN = (
    (rb"\s*<(!doctype|html|head|\?xml)", "an HTML page", "the URL answers with a web page"),
    (rb"version https://git-lfs", "a git-LFS pointer", "fetch the file from the LFS store"),
    (rb"\s*\{", "a JSON text", "the URL answers with an error or a listing"),
    (rb"PK\x03\x04", "a zip archive", "unpack it first"),
    (rb"\x1f\x8b|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd", "a compressed file", "unpack it first"),
    (rb"!<arch>", "a static archive", "the shared library is wanted"),
    (rb"#!", "a script", "the vendor's binary is wanted"),
)

# "2.3.2 (429f97ae6b@2025-04-09T09:11:49)", "2.3.2 (1842325 build@2025-03-30T09:54:34)" in
# rknn_server, "2.3.2 (simulator@...)". rknn_server also holds the version of its own protocol,
# "Transfer version 2.2.2 (12abf2a@2025-01-25T11:33:20)", which is no release's.
VERSION_TEXT = re.compile(
    rb"(?<![0-9.])(?<!Transfer version )"
    rb"(\d+\.\d+\.\d+[0-9A-Za-z.]*) \((?:[0-9a-f]{7,12}(?: build)?|simulator)@[^)\x00\n]{0,40}\)"
)

# The C library's own parts: they come with the loader, never through a RUNPATH.
LIBC_FAMILY = re.compile(r"(libc|libm|libdl|libpthread|librt)\.so\.\d+|ld-linux[\w-]*\.so\.\d+")


# Strings and comments of C, whichever begins first; and the strings that a declaration may hold.
QUOTED = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|/\*.*?\*/|//[^\n]*""", re.DOTALL)
LINKAGES = {'"C"', '"C++"'}
ATTRIBUTE = re.compile(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)")

FUNCTIONS = {"STT_FUNC", "STT_LOOS"}  # LOOS is pyelftools' name for GNU_IFUNC

TYPES = {1: "an object file", 2: "a program", 3: "a shared object", 4: "a core dump"}


@dataclass(frozen=True)
class Elf:
    """One ELF file in memory: its bytes, and what its dynamic segment says."""

    path: Path
    data: bytes
    interpreter: str | None
    soname: str | None
    needed: tuple[str, ...]
    rpath: tuple[str, ...]
    functions: frozenset[str]
    exports: frozenset[str]


def read(path: Path) -> bytes:
    """Return the bytes of `path`, which must at least begin like an ELF file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise failure(path, "magic", str(error.strerror), "an ELF file") from error
    if data.startswith(ELF_MAGIC):
        return data
    if not data.strip(b"\0"):
        found = "an empty file" if not data else f"{len(data)} bytes of zeros"
        raise failure(path, "magic", found, "an ELF file", "the download was cut short")
    for pattern, name, advice in FOREIGN:
        if re.match(pattern, data, re.IGNORECASE):
            raise failure(path, "magic", f"{name} of {len(data)} bytes", "an ELF file", advice)
    if ELF_MAGIC.startswith(data):
        raise failure(path, "truncated", f"{len(data)} bytes", "a whole ELF file")
    raise failure(path, "magic", f"a file that begins {data[:8]!r}", "an ELF file")


def header_kind(data: bytes) -> tuple[int, str, str] | None:
    """Return the bits, the machine and the type that an ELF header names; None if damaged."""
    if len(data) < 20 or data[4] not in (1, 2) or data[5] not in (1, 2):
        return None
    number, machine = struct.unpack_from("<HH" if data[5] == 1 else ">HH", data, 16)
    kind = TYPES.get(number, f"e_type {number}")
    return 32 * data[4], MACHINES.get(machine, f"e_machine {machine}"), kind


def check_kind(path: Path, data: bytes, bits: int | None, machine: str | None) -> None:
    """Check the ELF class, machine and type, from the first 20 bytes alone."""
    found = header_kind(data)
    if found is None:
        raise failure(path, "truncated", f"{len(data)} bytes, no ELF header", "a whole ELF file")
    found_bits, name, kind = found
    if bits is not None and found_bits != bits:
        raise failure(path, "class", f"ELF{found_bits}", f"ELF{bits}", "the wrong folder was taken")
    if machine is not None and name != machine:
        raise failure(path, "machine", name, machine, "the wrong folder was taken")
    if kind not in {TYPES[2], TYPES[3]}:
        raise failure(path, "type", kind, f"{TYPES[2]} or {TYPES[3]}")


def lost_section(elf: Any) -> int | None:  # noqa: ANN401 (pyelftools has no types)
    """Return the number of a section header that zeros overwrite: linkers put that table last."""
    for number, section in enumerate(elf.iter_sections()):
        names = number == elf["e_shstrndx"] and number > 0
        if (number > 0 and not any(section.header.values())) or (names and not section["sh_size"]):
            return number
    return None


def check_whole(path: Path, data: bytes) -> None:
    """Check that the header tables, and all they point at, end inside the file."""
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    if len(data) < (64 if wide else 52):
        raise failure(path, "truncated", f"{len(data)} bytes", "a whole ELF header")
    phoff, shoff = struct.unpack_from(f"{order}{'QQ' if wide else 'II'}", data, 32 if wide else 28)
    phsize, phnum, shsize, shnum = struct.unpack_from(f"{order}4H", data, 54 if wide else 42)
    end = max(phoff + phsize * phnum, shoff + shsize * shnum)
    if end <= len(data):
        try:
            elf = ELFFile(io.BytesIO(data))
            parts = [(s["p_offset"], s["p_filesz"]) for s in elf.iter_segments()]
            kept = (
                s for s in elf.iter_sections() if s["sh_type"] not in {"SHT_NOBITS", "SHT_NULL"}
            )
            parts += [(s["sh_offset"], s["sh_size"]) for s in kept]
            lost = lost_section(elf)
        except DAMAGE as error:
            text = f"header tables that cannot be read ({str(error) or type(error).__name__})"
            raise failure(path, "truncated", text, "a whole ELF file") from error
        if lost is not None:
            text = f"zeros in place of section header {lost}"
            raise failure(path, "truncated", text, "a whole ELF file", "the download was cut short")
        end = max([end, *(offset + size for offset, size in parts)])
    if end > len(data):
        raise failure(
            path, "truncated", f"{len(data)} bytes", f"at least {end}", "the download was cut short"
        )


def parse(path: Path, data: bytes) -> Elf:
    """Read the dynamic segment; a static program has none and yields empty answers."""
    texts: dict[str, list[str]] = {name: [] for name in ("soname", "needed", "rpath", "runpath")}
    symbols, interpreter = [], None
    try:
        for segment in ELFFile(io.BytesIO(data)).iter_segments():
            if isinstance(segment, InterpSegment):
                interpreter = segment.get_interp_name()
            if isinstance(segment, DynamicSegment):
                for tag in segment.iter_tags():
                    name = str(tag.entry.d_tag).removeprefix("DT_").lower()
                    if name in texts:
                        texts[name].append(getattr(tag, name))
                symbols += [symbol for symbol in segment.iter_symbols() if is_exported(symbol)]
    except DAMAGE as error:
        text = f"a dynamic segment that cannot be read ({str(error) or type(error).__name__})"
        raise failure(path, "dynamic", text, "a whole ELF file") from error
    return Elf(
        path,
        data,
        interpreter=interpreter,
        soname=next(iter(texts["soname"]), None),
        needed=tuple(texts["needed"]),
        rpath=tuple(part for text in texts["rpath"] + texts["runpath"] for part in text.split(":")),
        functions=frozenset(s.name for s in symbols if s["st_info"]["type"] in FUNCTIONS),
        exports=frozenset(s.name for s in symbols),
    )


def is_exported(symbol: Any) -> bool:  # noqa: ANN401 (pyelftools has no types)
    """Say whether a dynamic symbol is defined here and can be linked against."""
    return (
        symbol["st_shndx"] != "SHN_UNDEF"
        and symbol["st_info"]["bind"] in {"STB_GLOBAL", "STB_WEAK", "STB_LOOS"}
        and symbol["st_other"]["visibility"] in {"STV_DEFAULT", "STV_PROTECTED"}
    )


def statements(header: str) -> Iterator[str]:
    """Yield the file-scope statements of a C header that end in `;`, bodies cut out."""
    text = QUOTED.sub(lambda found: found[0] if found[0] in LINKAGES else " ", header)
    text = re.sub(r"^[ \t]*#(?:\\\r?\n|[^\n])*", "", text, flags=re.MULTILINE)
    text = re.sub(r"""extern\s*"C(\+\+)?"\s*\{?""", " ", text)
    depth, words = 0, ""
    for piece in re.findall(r"[{};]|[^{};]+", text):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
            # An inline function's body ends its statement; a struct's does not. A brace too many
            # is the end of extern "C".
            if depth < 0 or (depth == 0 and words.rstrip().endswith(")")):
                words, depth = "", max(depth, 0)
        elif depth == 0 and piece == ";":
            yield " ".join(words.split())
            words = ""
        elif depth == 0:
            words += piece


def declared_functions(header: Path) -> frozenset[str]:
    """Return the names of the functions a C header declares, inline and static ones left out."""
    try:
        text = header.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise failure(header, "header", str(error.strerror), "a C header") from error
    names = set()
    for words in statements(text):
        if re.search(r"\b(typedef|static|inline)\b", words):
            continue
        plain = ATTRIBUTE.sub(" ", words)
        found = re.match(r"[\w\s*]*[\s*](\w+)\s*\((?!\s*\*)", plain)
        if found:
            names.add(found[1])
    if not names:
        raise failure(header, "header", "no function declared", "at least one")
    return frozenset(names)


def listed_functions(listing: Path) -> frozenset[str]:
    """Return the names in a text file: one a line, `#` begins a comment."""
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise failure(listing, "functions", str(error), "a list of names") from error
    names = frozenset(filter(None, (line.partition("#")[0].strip() for line in lines)))
    if not names:
        raise failure(listing, "functions", "an empty list", "at least one name")
    return names


def check_names(elf: Elf, check: str, wanted: frozenset[str], present: frozenset[str]) -> None:
    """Check that all `wanted` names are `present`."""
    missing = sorted(wanted - present)
    if missing:
        some = ", ".join(missing[:4]) + (", ..." if len(missing) > 4 else "")
        raise failure(
            elf.path,
            check,
            f"{len(wanted) - len(missing)} of {len(wanted)} exported",
            f"all; missing: {some}",
            "library and headers of one release?",
        )


def check_version(elf: Elf, version: str) -> int:
    """Check that each version text in the file says `version`; return how many there are."""
    texts = [match[1].decode() for match in VERSION_TEXT.finditer(elf.data)]
    if not texts:
        raise failure(elf.path, "version", "no version text", f"{version} (<commit>@<date>)")
    for text in texts:
        if text != version:
            raise failure(elf.path, "version", text, version, "pin and file are not one release")
    return len(texts)


def inside(directory: str, root: Path) -> bool:
    """Say whether a directory, `..` resolved, is `root` or below it."""
    return Path(os.path.normpath(directory)).is_relative_to(root)


def library_kind(path: Path) -> str | None:
    """Return "ELF64 aarch64", or what else stands at `path`; None if the loader finds nothing."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a file"
        with path.open("rb") as file:
            head = file.read(20)
    except (OSError, ValueError):
        return None
    kind = header_kind(head) if head.startswith(ELF_MAGIC) else None
    return f"ELF{kind[0]} {kind[1]}" if kind else "not an ELF file"


def check_needed(elf: Elf, check: str, places: Sequence[Path]) -> bool:
    """Check that the first of `places` that is there suits `elf`; say whether any is there."""
    for path in places:
        found = library_kind(path)
        if found is not None:
            bits, machine, _ = header_kind(elf.data) or (0, "", "")
            if found != f"ELF{bits} {machine}":
                raise failure(elf.path, check, f"{path}, {found}", f"ELF{bits} {machine}")
            return True
    return False


def check_interpreter(elf: Elf, root: Path) -> None:
    """Check that a program's loader is inside `root`; a library names none."""
    name = elf.interpreter
    if name is None:
        return
    if not inside(name, root) or not check_needed(elf, "interpreter", [Path(name)]):
        advice = "patchelf --set-interpreter; NixOS has no /lib/ld-linux"
        raise failure(elf.path, "interpreter", repr(name), f"a loader inside {root}", advice)


def check_rpath(elf: Elf, root: Path) -> None:
    """Check that RPATH/RUNPATH stays inside `root` and leads to every needed library."""
    origin = str(elf.path.parent.resolve())
    directories = []
    for entry in elf.rpath:
        directory = re.sub(r"\$(ORIGIN\b|\{ORIGIN\})", lambda _: origin, entry)
        if not directory.startswith("/") or not inside(directory, root):
            raise failure(elf.path, "rpath", repr(entry), f"only directories inside {root}")
        directories.append(Path(directory))
    for name in elf.needed:
        if "/" in name:
            if not inside(name, root) or not check_needed(elf, "needed", [Path(name)]):
                raise failure(elf.path, "needed", name, f"a file name or a file inside {root}")
        elif not LIBC_FAMILY.fullmatch(name) and not check_needed(
            elf, "needed", [directory / name for directory in directories]
        ):
            where = f"RPATH {':'.join(elf.rpath)}" if elf.rpath else "no RPATH"
            raise failure(elf.path, "needed", where, f"one that leads to {name}", "add its package")


def wanted_functions(options: argparse.Namespace) -> list[tuple[str, frozenset[str]]]:
    """Return the functions of each header and list that was given, with its file name."""
    wanted = [(header.name, declared_functions(header)) for header in options.header]
    return wanted + [(listing.name, listed_functions(listing)) for listing in options.functions]


def check(
    path: Path, options: argparse.Namespace, wanted: Sequence[tuple[str, frozenset[str]]]
) -> str:
    """Run every check that was asked for; return what was checked, in words."""
    data = read(path)
    check_kind(path, data, options.bits, options.machine)
    check_whole(path, data)
    elf = parse(path, data)
    done = [f"whole ELF{32 * data[4]} of {len(data)} bytes"]
    if options.machine is not None:
        done.append(options.machine)
    if options.soname is not None:
        if elf.soname != options.soname:
            raise failure(path, "soname", elf.soname or "no SONAME", options.soname)
        done.append(f"soname {elf.soname}")
    for name, declared in wanted:
        names = declared - frozenset(options.lacking)
        check_names(elf, f"functions of {name}", names, elf.functions)
        done.append(f"{len(names)} functions of {name}")
    if options.export:
        check_names(elf, "exports", frozenset(options.export), elf.exports)
        done.append(f"{len(set(options.export))} exports")
    if options.version is not None:
        done.append(f"version {options.version} ({check_version(elf, options.version)} texts)")
    if options.rpath_inside is not None:
        check_interpreter(elf, options.rpath_inside)
        check_rpath(elf, options.rpath_inside)
        done.append(
            f"{len(elf.needed)} needed libraries found, rpath inside {options.rpath_inside}"
        )
    return ", ".join(done)


def main(argv: Sequence[str] | None = None) -> int:
    """Check the files named in `argv`; 0 all good, 1 a check failed, 2 wrong usage."""
    parser = Parser(prog="check_elf", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", nargs="+", type=Path)
    parser.add_argument("--class", dest="bits", type=int, choices=(32, 64))
    parser.add_argument("--machine", choices=sorted(MACHINES.values()))
    parser.add_argument("--soname")
    parser.add_argument("--header", nargs="+", action="extend", type=Path, default=[])
    parser.add_argument(
        "--lacking",
        action="append",
        default=[],
        metavar="NAME",
        help="a function that a header or list names and the library may lack",
    )
    parser.add_argument("--functions", action="append", type=Path, default=[], metavar="LISTFILE")
    parser.add_argument("--export", action="append", default=[], metavar="NAME")
    parser.add_argument("--version", help="the release every version text inside must name")
    parser.add_argument("--rpath-inside", type=Path, metavar="DIR")
    options = parser.parse_args(argv)
    if options.rpath_inside is not None and not options.rpath_inside.is_absolute():
        parser.error(f"--rpath-inside: {options.rpath_inside} is not an absolute path")
    try:
        wanted = wanted_functions(options)
        unknown = frozenset(options.lacking).difference(*(names for _, names in wanted))
        if unknown:
            parser.error(f"--lacking: {min(unknown)} is in no --header and no --functions")
        for path in options.file:
            print(one_line(f"check_elf: {path}: {check(path, options, wanted)}"))
    except CheckError as error:
        print(f"check_elf: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
