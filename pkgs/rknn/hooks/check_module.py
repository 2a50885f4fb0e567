"""Say whether a kernel module is the one that its kernel would load; run in every build of one.

`check_module.py FILE... [checks]` ends with one line for each: status 0 and what was checked, 1 and
the first check that failed, or 2 for wrong usage. Needs pyelftools only.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from checking import DAMAGE, CheckError, Parser, failure, one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

# The boards' processors.
MACHINE = "EM_AARCH64"


@dataclass(frozen=True)
class Module:
    """A kernel module: what `modinfo` shows of it, by its keys, and the symbols that it lacks."""

    path: Path
    info: Mapping[str, Sequence[str]]
    undefined: frozenset[str]

    def one(self, key: str) -> str:
        """Return the value of a key that stands there once; empty where it is absent."""
        return next(iter(self.info.get(key, ())), "")


def read(path: Path) -> Module:
    """Return the module in the file `path`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise failure(path, "module", str(error.strerror), "a kernel module") from error
    try:
        elf = ELFFile(io.BytesIO(data))
        section = elf.get_section_by_name(".modinfo")
        if elf["e_type"] != "ET_REL" or section is None:
            kind = "no .modinfo" if elf["e_type"] == "ET_REL" else str(elf["e_type"])
            raise failure(path, "module", f"an ELF file with {kind}", "a kernel module")
        if elf["e_machine"] != MACHINE:
            raise failure(path, "machine", str(elf["e_machine"]), MACHINE, "is ARCH=arm64 set?")
        info = defaultdict(list)
        for entry in filter(None, section.data().split(b"\0")):
            key, _, value = entry.decode(errors="backslashreplace").partition("=")
            info[key].append(value)
        undefined = {
            symbol.name
            for table in elf.iter_sections()
            if isinstance(table, SymbolTableSection)
            for symbol in table.iter_symbols()
            if symbol["st_shndx"] == "SHN_UNDEF" and symbol["st_info"]["bind"] == "STB_GLOBAL"
        }
        return Module(path, info, frozenset(undefined - {""}))
    except DAMAGE as error:
        text = f"a file that cannot be read as ELF ({str(error) or type(error).__name__})"
        raise failure(path, "module", text, "a kernel module") from error


def check_kernel(module: Module, release: str) -> None:
    """Check that vermagic names the kernel of `release`."""
    words = module.one("vermagic").split()
    if words[:1] != [release]:
        found = " ".join(words) or "none"
        advice = "kernel.dev and kernel.modDirVersion are of one kernel?"
        raise failure(module.path, "vermagic", found, f"{release} …", advice)


def check_compatible(module: Module, compatible: str) -> None:
    """Check that a node of the device tree that is `compatible` loads the module."""
    # What the kernel announces is of:NnameTtypeCcompatible, of:N*T*Cfoo in the module.
    aliases = module.info.get("alias", ())
    if not any(fnmatchcase(f"of:NrknpuT(null)C{compatible}", alias) for alias in aliases):
        found = ", ".join(aliases) or "none"
        advice = "is MODULE_DEVICE_TABLE(of, …) there?"
        raise failure(module.path, "alias", found, f"one for {compatible}", advice)


def check_depends(module: Module, known: frozenset[str]) -> None:
    """Check that all modules it needs are `known`: of others nobody looked where they come from."""
    needed = frozenset(filter(None, module.one("depends").split(",")))
    if needed - known:
        found = ", ".join(sorted(needed))
        expected = f"at most {', '.join(sorted(known)) or 'none'}"
        raise failure(module.path, "depends", found, expected, "is it a new need of the driver?")


def check_symbols(module: Module, symvers: Path) -> None:
    """Check that the kernel exports whatever the module lacks."""
    try:
        lines = symvers.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise failure(symvers, "symbols", str(error), "the kernel's Module.symvers") from error
    exported = {words[1] for words in (line.split("\t") for line in lines) if len(words) > 3}
    lacking = sorted(module.undefined - exported)
    if lacking:
        some = ", ".join(lacking[:4]) + (", ..." if len(lacking) > 4 else "")
        raise failure(module.path, "symbols", some, f"only what {symvers} exports")


def check(path: Path, options: argparse.Namespace) -> str:
    """Run every check that was asked for; return what was checked, in words."""
    module = read(path)
    done = ["kernel module"]
    if options.kernel is not None:
        check_kernel(module, options.kernel)
        done.append(f"for Linux {options.kernel}")
    if options.version is not None:
        found = module.one("version")
        if found != options.version:
            advice = "pin and files are not one release"
            raise failure(path, "version", found or "none", options.version, advice)
        done.append(f"version {found}")
    for compatible in options.compatible:
        check_compatible(module, compatible)
        done.append(compatible)
    if options.depends_at_most is not None:
        check_depends(module, frozenset(filter(None, options.depends_at_most.split(","))))
        done.append(f"depends on {module.one('depends') or 'nothing'}")
    if options.symvers is not None:
        check_symbols(module, options.symvers)
        done.append(f"{len(module.undefined)} symbols of the kernel")
    return ", ".join(done)


def main(argv: Sequence[str] | None = None) -> int:
    """Check the files; return the exit status."""
    parser = Parser(prog="check_module", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--kernel", metavar="RELEASE", help="what `uname -r` says of its kernel")
    parser.add_argument("--version", help="the release that it must name")
    parser.add_argument("--compatible", action="append", default=[], help="of nodes that load it")
    parser.add_argument("--depends-at-most", metavar="MODULE,…", help="what it may need")
    parser.add_argument("--symvers", type=Path, metavar="FILE", help="what the kernel exports")
    options = parser.parse_args(argv)
    try:
        for path in options.file:
            print(one_line(f"check_module: {path}: {check(path, options)}"))
    except CheckError as error:
        print(f"check_module: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
