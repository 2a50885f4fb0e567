"""What differs between two files or folders that should be the same."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError
from rknn_flake.process import run
from rknn_flake.reproduce import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A screenful; the rest is counted.
SHOWN = 20
DIFFOSCOPE_SECONDS = 120
DIFFOSCOPE_LINES = 60


@dataclass(frozen=True)
class Difference:
    """One: the path below the compared trees ("." for these), its kind, and a line on it."""

    path: str
    kind: str
    what: str

    def __str__(self) -> str:
        """Return path and line."""
        return f"{self.path}: {self.what}"


def differences(first: Path, second: Path, path: str = ".") -> Iterator[Difference]:
    """Yield how the second differs from the first, in the order of names.

    Kinds: missing (in the second), new, type, mode, link, content.
    """
    one, other = first.lstat().st_mode, second.lstat().st_mode
    if stat.S_IFMT(one) != stat.S_IFMT(other):
        yield Difference(path, "type", f"{_type(one)} | {_type(other)}")
    elif stat.S_ISLNK(one):
        left, right = os.readlink(first), os.readlink(second)  # noqa: PTH115  # bytes as they are
        if left != right:
            yield Difference(path, "link", f"links to {left!r} | {right!r}")
    elif stat.S_ISDIR(one):
        yield from _folder(first, second, path)
    else:
        # All that Nix keeps of a mode.
        if (one & 0o100) != (other & 0o100):
            marks = ("executable" if mode & 0o100 else "not executable" for mode in (one, other))
            yield Difference(path, "mode", " | ".join(marks))
        if part := contents.parting(first, second):
            of = contents.place(first, part.offset)
            yield Difference(path, "content", f"{f'{of}; ' if of else ''}{part}")


def _folder(first: Path, second: Path, path: str) -> Iterator[Difference]:
    left, right = ({entry.name for entry in os.scandir(folder)} for folder in (first, second))
    for name in sorted(left | right):
        below = name if path == "." else f"{path}/{name}"
        if name not in right:
            yield Difference(below, "missing", f"{_type((first / name).lstat().st_mode)} | nothing")
        elif name not in left:
            yield Difference(below, "new", f"nothing | {_type((second / name).lstat().st_mode)}")
        else:
            yield from differences(first / name, second / name, below)


def _type(mode: int) -> str:
    names = {stat.S_IFREG: "a file", stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link"}
    return names.get(stat.S_IFMT(mode), "a special file")


def screenful(first: Path, second: Path) -> tuple[tuple[Difference, ...], int]:
    """Return the first differences, and how many there are in all."""
    found = differences(first, second)
    shown = tuple(islice(found, SHOWN))
    return shown, len(shown) + sum(1 for _ in found)


def diffoscope(first: Path, second: Path) -> list[str]:
    """Return what diffoscope says of the two; nothing where it is not installed."""
    if shutil.which("diffoscope") is None:
        return []
    words = ("--text", "-", "--no-progress", "--max-text-report-size", "200000")
    try:
        done = run(["diffoscope", *words, first, second], check=False, timeout=DIFFOSCOPE_SECONDS)
    except CommandError as error:
        return [str(error)]
    lines = done.stdout.splitlines()
    rest = len(lines) - DIFFOSCOPE_LINES
    return lines[:DIFFOSCOPE_LINES] + ([f"… {rest} more lines of diffoscope"] if rest > 0 else [])
