"""Make an unpacked rknn-toolkit-lite2 wheel open one librknnrt.so, that of the Nix store.

Adds `rknnlite/api/store_runtime.py`, imports it from `rknnlite/api/__init__.py` and brings the
wheel's RECORD up to date; the compiled modules are not touched. Status 0 done or nothing to do,
1 the tree is not as known, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

API = "rknnlite/api"
INIT = f"{API}/__init__.py"
MODULE = f"{API}/store_runtime.py"
PLACE = '"@librknnrt@"'

# The whole file in the wheels 2.3.0, 2.3.2 and 2.5.0, a last newline aside.
PLAIN_INIT = b"from rknnlite.api.rknn_lite import RKNNLite"
PATCHED_INIT = b"import rknnlite.api.store_runtime\n" + PLAIN_INIT + b"\n"

# The compiled copies of both files, by their names in RECORD.
STALE = re.compile(rf"{API}/__pycache__/(__init__|store_runtime)\.[^/]*\.pyc")

# What store_runtime.py takes hold of inside the compiled rknn_runtime.
HANDLES = (
    b"RKNNRuntime",
    b"_get_rknn_api_lib_path",
    b"Can not find dynamic library",
    b"DEVICE_COMPATIBLE_NODE",
    b"LIBRKNNRT_PATH",
    b"set_core_mask",
)


class PatchError(Exception):
    """The tree is not a wheel that can be patched; the message says what was found and to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


@dataclass(frozen=True)
class Wheel:
    """An unpacked wheel: its folder, and its RECORD relative to that."""

    root: Path
    record: str

    def read(self, name: str) -> bytes:
        """Return the bytes of a file of the wheel."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise PatchError(
                f"{self.root / name}: {error.strerror}; "
                "expected an unpacked wheel of rknn-toolkit-lite2"
            ) from error

    def write(self, name: str, data: bytes) -> None:
        """Replace a file of the wheel in one step, its mode kept."""
        path = self.root / name
        fresh = path.with_name(f".{path.name}.new")
        try:
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
            fresh.write_bytes(data)
            fresh.chmod(mode)
            fresh.replace(path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise PatchError(f"{path}: cannot be written: {error.strerror}") from error


def find_wheel(root: Path) -> Wheel:
    """Return the wheel unpacked in `root`."""
    records = sorted(root.glob("rknn_toolkit_lite2-*.dist-info/RECORD"))
    if len(records) != 1:
        raise PatchError(
            f"{root}: found {len(records)} rknn_toolkit_lite2-*.dist-info/RECORD, expected 1; "
            "give the folder that one wheel was unpacked in"
        )
    return Wheel(root, records[0].relative_to(root).as_posix())


def check_shape(wheel: Wheel, python: str | None) -> None:
    """Check that rknn_runtime is there, for Python `python`, with all store_runtime.py replaces."""
    files = sorted((wheel.root / API).glob("rknn_runtime.*"))
    if len(files) != 1:
        raise PatchError(f"{wheel.root / API}: found {len(files)} files rknn_runtime.*, expected 1")
    # CPython 3.7 still marks its modules with an ABI flag: rknn_runtime.cpython-37m-aarch64….so
    abi = re.escape((python or "").removeprefix("cp"))
    if python and not re.search(rf"\.cpython-{abi}m?-", files[0].name):
        raise PatchError(
            f"{files[0]}: the wheel is for another Python than {python}; see its entry in "
            "sources.toml"
        )
    data = wheel.read(f"{API}/{files[0].name}")
    missing = [name.decode() for name in HANDLES if name not in data]
    if missing:
        raise PatchError(
            f"{files[0]}: found no {missing[0]!r}, expected the module of rknn-toolkit-lite2 "
            "2.3.0, 2.3.2 or 2.5.0; for another, see what store_runtime.py replaces"
        )


def stale_bytecode(wheel: Wheel) -> list[Path]:
    """List compiled copies of the two files: bytecode that is not checked would hide the patch."""
    found = sorted((wheel.root / API / "__pycache__").glob("*.pyc"))
    stale = [path for path in found if STALE.fullmatch(path.relative_to(wheel.root).as_posix())]
    for path in stale:
        if path.is_dir():
            raise PatchError(f"{path}: found a folder, expected bytecode; unpack the wheel anew")
    return stale


def record_with(wheel: Wheel, changed: dict[str, bytes]) -> bytes:
    """Return RECORD with the `changed` files' hashes and sizes, and without stale bytecode."""
    try:
        text = wheel.read(wheel.record).decode()
        rows = [row for row in csv.reader(io.StringIO(text)) if row and not STALE.fullmatch(row[0])]
    except (UnicodeError, csv.Error) as error:
        raise PatchError(f"{wheel.root / wheel.record}: not a wheel's RECORD: {error}") from error
    if not any(row[0] == INIT for row in rows):
        raise PatchError(f"{wheel.root / wheel.record}: found no line for {INIT}, expected one")
    for name, data in changed.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        line = [name, f"sha256={digest}", str(len(data))]
        places = [index for index, row in enumerate(rows) if row[0] == name] or [len(rows)]
        rows[places[0] : places[0] + 1] = [line]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def patch(root: Path, library: Path, template: Path, python: str | None = None) -> bool:
    """Patch the wheel unpacked in `root`; False when it was already patched in the same way."""
    wheel = find_wheel(root)
    check_shape(wheel, python)
    try:
        source = template.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise PatchError(f"{template}: cannot be read: {error}") from error
    if source.count(PLACE) != 1:
        raise PatchError(f"{template}: found {source.count(PLACE)} times {PLACE}, expected 1")
    module = source.replace(PLACE, repr(str(library))).encode()
    init = wheel.read(INIT)
    if init == PATCHED_INIT:
        if wheel.read(MODULE) != module:
            raise PatchError(
                f"{root / MODULE}: the wheel is already patched, for another library or by another "
                "release of this program; unpack the wheel anew"
            )
        return False
    if init.rstrip(b"\n") != PLAIN_INIT:
        raise PatchError(f"{root / INIT}: found {init[:80]!r}, expected {PLAIN_INIT!r}")
    stale = stale_bytecode(wheel)
    record = record_with(wheel, {INIT: PATCHED_INIT, MODULE: module})
    for path in stale:
        try:
            path.unlink()
        except OSError as error:
            raise PatchError(f"{path}: cannot be removed: {error.strerror}") from error
    wheel.write(MODULE, module)
    wheel.write(wheel.record, record)
    # Last: as long as it is the plain one, a run cut short is simply run again.
    wheel.write(INIT, PATCHED_INIT)
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Patch the wheel that `argv` names; 0 done or already so, 1 not as known, 2 wrong usage."""
    parser = Parser(prog="patch_rknnlite", description=__doc__, allow_abbrev=False)
    parser.add_argument("site_packages", type=Path, help="folder that the wheel was unpacked in")
    parser.add_argument("--library", type=Path, required=True, help="the librknnrt.so to open")
    parser.add_argument("--python", help="the CPython tag that the wheel must be for, as cp312")
    parser.add_argument(
        "--module",
        type=Path,
        default=Path(__file__).with_name("store_runtime.py"),
        help="the module to add (default: store_runtime.py beside this program)",
    )
    options = parser.parse_args(argv)
    if not options.library.is_absolute():
        parser.error(f"--library {options.library}: not an absolute path")
    for option, path in (("--library", options.library), ("--module", options.module)):
        if not path.is_file():
            parser.error(f"{option} {path}: no such file")
    try:
        changed = patch(options.site_packages, options.library, options.module, options.python)
    except PatchError as error:
        print(f"patch_rknnlite: {error}", file=sys.stderr)
        return 1
    state = "now opens" if changed else "already opens"
    print(f"patch_rknnlite: {options.site_packages}: rknnlite {state} {options.library}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
