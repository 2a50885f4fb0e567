"""Make an unpacked rknn-toolkit2 wheel run on the libraries that a distribution has now.

Adds the package `rknn/api/compatibility` and imports it first in `rknn/api/__init__.py`, takes the
bounds out of the requirements, leaves out the vendor's programs and brings RECORD up to date; the
compiled modules are not touched. Status 0 done, 1 the tree is not as known, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

INIT = "rknn/api/__init__.py"
COMPATIBILITY = "rknn/api/compatibility"
# adb and the encrypting tool: to reach boards over USB, and made for Rockchip's own systems.
LEFT_OUT = "rknn/3rdparty/platform-tools"

# Wheels for aarch64 ask for these. No module imports Pillow; graph_optimizer, which names
# onnxoptimizer, does the same in the wheels that do not ask for it.
UNUSED = frozenset({"Pillow", "onnxoptimizer"})

# The whole file in the wheels 2.3.0, 2.3.2 and 2.5.0, a last newline aside.
PLAIN_INIT = b"from rknn.api.rknn import RKNN"
PATCHED_INIT = b"import rknn.api.compatibility.applied\n" + PLAIN_INIT + b"\n"

# The name with its extras, the bounds, and the condition.
REQUIREMENT = re.compile(r"Requires-Dist: *([\w.-]+)( *\[.*?\])?([^;]*)(;.*)?")


class PatchError(Exception):
    """The tree is not a wheel that can be patched; the message says what was found and to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


@dataclass(frozen=True)
class Wheel:
    """An unpacked wheel: its folder, and its *.dist-info relative to that."""

    root: Path
    info: str

    def read(self, name: str) -> bytes:
        """Return the bytes of a file of the wheel."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise PatchError(
                f"{self.root / name}: {error.strerror}; expected an unpacked wheel of rknn-toolkit2"
            ) from error


def find_wheel(root: Path, python: str) -> Wheel:
    """Return the wheel unpacked in `root`, which must be for the CPython tag `python`."""
    infos = sorted(root.glob("rknn_toolkit2-*.dist-info"))
    if len(infos) != 1:
        raise PatchError(
            f"{root}: found {len(infos)} rknn_toolkit2-*.dist-info, expected 1; "
            "give the folder that one wheel was unpacked in"
        )
    files = sorted((root / "rknn/api").glob("rknn_base.*"))
    if len(files) != 1:
        raise PatchError(f"{root / 'rknn/api'}: found {len(files)} files rknn_base.*, expected 1")
    abi = re.escape(python.removeprefix("cp"))
    if not re.search(rf"\.cpython-{abi}m?-", files[0].name):
        raise PatchError(
            f"{files[0]}: the wheel is for another Python than {python}; see its entry in "
            "sources.toml"
        )
    return Wheel(root, infos[0].name)


def relaxed(metadata: bytes, without: Collection[str]) -> bytes:
    """Return METADATA without the bounds of requirements, and without those in `without`."""
    lines = []
    head, blank, text = metadata.decode().partition("\n\n")
    required = {found[1] for line in head.split("\n") if (found := REQUIREMENT.match(line))}
    unknown = sorted(set(without) - required)
    if unknown:
        raise PatchError(f"METADATA: {unknown[0]} is not required; there are {sorted(required)}")
    for line in head.split("\n"):
        found = REQUIREMENT.match(line)
        if found is None:
            lines.append(line)
        elif found[1] not in UNUSED.union(without):
            lines.append(f"Requires-Dist: {found[1]}{found[2] or ''}{found[4] or ''}")
    return ("\n".join(lines) + blank + text).encode()


def record_with(wheel: Wheel, changed: Mapping[str, bytes]) -> bytes:
    """Return RECORD with the `changed` files' hashes and sizes, and without what is left out."""
    name = f"{wheel.info}/RECORD"
    try:
        rows = list(csv.reader(io.StringIO(wheel.read(name).decode())))
    except (UnicodeError, csv.Error) as error:
        raise PatchError(f"{wheel.root / name}: not a wheel's RECORD: {error}") from error
    kept = {row[0]: row for row in rows if row and not row[0].startswith(f"{LEFT_OUT}/")}
    if INIT not in kept:
        raise PatchError(f"{wheel.root / name}: found no line for {INIT}, expected one")
    for file, data in changed.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        kept[file] = [file, f"sha256={digest}", str(len(data))]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(kept.values())
    return out.getvalue().encode()


def patch(root: Path, patches: Path, python: str, without: Collection[str] = ()) -> int:
    """Patch the wheel unpacked in `root`; return how many files were added."""
    wheel = find_wheel(root, python)
    init = wheel.read(INIT)
    if init.rstrip(b"\n") != PLAIN_INIT:
        raise PatchError(f"{root / INIT}: found {init[:80]!r}, expected {PLAIN_INIT!r}")
    added = {f"{COMPATIBILITY}/{path.name}": path.read_bytes() for path in patches.glob("*.py")}
    if f"{COMPATIBILITY}/applied.py" not in added:
        raise PatchError(f"{patches}: found no applied.py, expected the folder of the patches")
    metadata = f"{wheel.info}/METADATA"
    try:
        requirements = relaxed(wheel.read(metadata), without)
    except UnicodeError as error:
        raise PatchError(f"{root / metadata}: not a wheel's METADATA: {error}") from error
    changed = added | {INIT: PATCHED_INIT, metadata: requirements}
    record = record_with(wheel, dict(sorted(changed.items())))
    (root / COMPATIBILITY).mkdir()
    for name, data in (changed | {f"{wheel.info}/RECORD": record}).items():
        (root / name).write_bytes(data)
    shutil.rmtree(root / LEFT_OUT, ignore_errors=True)
    return len(added)


def main(argv: Sequence[str] | None = None) -> int:
    """Patch the wheel that `argv` names; 0 done, 1 not as known, 2 wrong usage."""
    parser = Parser(prog="patch_toolkit", description=__doc__, allow_abbrev=False)
    parser.add_argument("site_packages", type=Path, help="folder that the wheel was unpacked in")
    parser.add_argument("--python", required=True, help="the CPython tag it must be for, as cp312")
    parser.add_argument("--without", action="append", default=[], help="a requirement to take out")
    parser.add_argument("--patches", type=Path, default=Path(__file__).parent / "toolkit_patches")
    options = parser.parse_args(argv)
    try:
        added = patch(options.site_packages, options.patches, options.python, options.without)
    except (PatchError, OSError) as error:
        print(f"patch_toolkit: {error}", file=sys.stderr)
        return 1
    print(f"patch_toolkit: {options.site_packages}: {added} files added, bounds taken out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
