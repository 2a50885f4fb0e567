"""cpio archives in the "newc" form that Linux unpacks as its first root folder.

The same entries give the same bytes: sorted, owned by root, dated one second into 1970 as files in
a Nix store are (Python checks its compiled modules by that date). Archives may be laid one
behind the other; a later one adds to the earlier and replaces its files.
"""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Where a merged /usr keeps what Debian's older packages still ship beside it.
MERGED = ("bin", "lib", "sbin")


@dataclass(frozen=True)
class Entry:
    """One file of the guest: its mode (type and permissions), and bytes or the host's file."""

    mode: int
    content: bytes | Path = b""
    device: tuple[int, int] = (0, 0)


def folder() -> Entry:
    """Return an empty folder."""
    return Entry(stat.S_IFDIR | 0o755)


def link(target: str) -> Entry:
    """Return a symbolic link to `target`, a path of the guest."""
    return Entry(stat.S_IFLNK | 0o777, target.encode())


def device(major: int, minor: int) -> Entry:
    """Return a character device."""
    return Entry(stat.S_IFCHR | 0o600, device=(major, minor))


def guest_path(path: str | PurePosixPath) -> str:
    """Return `path` relative to the guest's root, whose /bin, /lib and /sbin are in /usr."""
    parts = PurePosixPath("/", path).parts[1:]
    if ".." in parts or not parts:
        raise BoardError(
            f"{path}: not a path of the emulated board; give an absolute one, without .."
        )
    if parts[0] in MERGED:
        parts = ("usr", *parts)
    return "/".join(parts)


def copied(source: Path | bytes, at: str) -> Iterator[tuple[str, Entry]]:
    """Yield the entries that put `source` (file, folder with all below it, or bytes) at `at`."""
    if isinstance(source, bytes):
        yield guest_path(at), Entry(stat.S_IFREG | 0o644, source)
        return
    try:
        kind = source.lstat().st_mode
    except FileNotFoundError:
        raise BoardError(f"{source}: no such file, wanted on the emulated board as {at}") from None
    if stat.S_ISLNK(kind):
        yield guest_path(at), link(str(source.readlink()))
    elif stat.S_ISREG(kind):
        yield guest_path(at), Entry(stat.S_IFREG | (0o755 if kind & 0o100 else 0o644), source)
    elif stat.S_ISDIR(kind):
        yield guest_path(at), folder()
        for child in source.iterdir():
            yield from copied(child, f"{at}/{child.name}")
    else:
        raise BoardError(f"{source}: neither file, folder nor link; it cannot be put on the board")


def write(out: BinaryIO, entries: Mapping[str, Entry]) -> None:
    """Append `entries` (path relative to the root -> entry) to `out` as one archive."""
    whole = dict(entries)
    for path in entries:
        for parent in PurePosixPath(path).parents:
            whole.setdefault(str(parent), folder())
    whole.pop(".", None)
    for number, (path, entry) in enumerate(sorted(whole.items()), start=1):
        _write_one(out, number, path, entry)
    _write_one(out, 0, "TRAILER!!!", Entry(0))


def _write_one(out: BinaryIO, number: int, path: str, entry: Entry) -> None:
    content = entry.content
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    name = path.encode() + b"\0"
    links, owner, when, check = 1, 0, 1, 0
    fields = (number, entry.mode, owner, owner, links, when, size, 0, 0, *entry.device)
    header = b"070701" + b"".join(b"%08X" % field for field in (*fields, len(name), check))
    out.write(header + name + _padding(len(header) + len(name)))
    if isinstance(content, bytes):
        out.write(content)
    else:
        with content.open("rb") as opened:
            shutil.copyfileobj(opened, out, 1 << 20)
    out.write(_padding(size))


def _padding(written: int) -> bytes:
    return b"\0" * (-written % 4)
