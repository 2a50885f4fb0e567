"""Two builds of one package compared: `twice.py NAME=FIRST=SECOND...`, a triple for each output.

The builds lie at different store paths and may name their own: these hashes count as the same.
A digest of such a file, or a compressed one, would be reported; no package here has either.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.reproduce import trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HASH_LENGTH = 32


@dataclass(frozen=True)
class Output:
    """The two builds of one output."""

    name: str
    first: Path
    second: Path


def main(argv: list[str]) -> int:
    """Compare the outputs; 1 and a line for each difference where there is one."""
    parser = argparse.ArgumentParser(prog="twice", description=__doc__)
    parser.add_argument("outputs", nargs="+", type=_output, metavar="NAME=FIRST=SECOND")
    outputs: list[Output] = parser.parse_args(argv).outputs
    with tempfile.TemporaryDirectory() as folder:
        lines = [str(difference) for difference in _differences(outputs, Path(folder))]
    for line in lines:
        sys.stderr.write(f"twice: {line}\n")
    if lines:
        sys.stderr.write(f"twice: {len(lines)} differences between two builds\n")
    return 1 if lines else 0


def _output(text: str) -> Output:
    parts = text.split("=")
    if len(parts) != 3:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FIRST=SECOND")
    return Output(parts[0], Path(parts[1]), Path(parts[2]))


def _differences(outputs: list[Output], folder: Path) -> Iterator[trees.Difference]:
    first = {_hash(output.first): _placeholder(output.name) for output in outputs}
    second = {_hash(output.second): _placeholder(output.name) for output in outputs}
    for output in outputs:
        one, other = folder / f"{output.name}-first", folder / f"{output.name}-second"
        _copy(output.first, one, first)
        _copy(output.second, other, second)
        yield from trees.differences(one, other, output.name)


def _hash(path: Path) -> bytes:
    return path.name[:HASH_LENGTH].encode()


def _placeholder(name: str) -> bytes:
    """Return what stands for the hash of an output in both builds: as long, and no hash."""
    return f"OUTPUT-{name}".ljust(HASH_LENGTH, "-")[:HASH_LENGTH].encode()


def _copy(source: Path, target: Path, hashes: Mapping[bytes, bytes]) -> None:
    """Copy a tree, with `hashes` replaced in names, links and contents."""
    if source.is_symlink():
        target.symlink_to(os.fsdecode(_replaced(os.fsencode(source.readlink()), hashes)))
    elif source.is_dir():
        target.mkdir()
        for path in source.iterdir():
            name = os.fsdecode(_replaced(os.fsencode(path.name), hashes))
            _copy(path, target / name, hashes)
    else:
        target.write_bytes(_replaced(source.read_bytes(), hashes))
        target.chmod(source.stat().st_mode)


def _replaced(data: bytes, hashes: Mapping[bytes, bytes]) -> bytes:
    for own, placeholder in hashes.items():
        data = data.replace(own, placeholder)
    return data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
