"""What a file's bytes say: every digest that a pin or a witness can name, in one reading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
# As much of a file tells what it is.
HEAD = 512
# First bytes, what a file with them is, and the end of the names that say so already.
MAGICS = (
    (b"\x7fELF", "an ELF file", ".so"),
    (b"PK\x03\x04", "a zip file", ".whl"),
    (b"\x1f\x8b", "a gzip file", ".gz"),
)


@dataclass(frozen=True)
class Digests:
    """Size in bytes, and digests in hexadecimal, under the names of the keys of sources.toml."""

    size: int
    sha256: str
    md5: str
    git_blob: str

    def of(self, key: str) -> str:
        """Return the digest to hold against the witness `key` of sources.toml."""
        return {
            "git-blob": self.git_blob,
            "upstream-md5": self.md5,
            "pypi-md5": self.md5,
            "pypi-sha256": self.sha256,
        }[key]


def read(path: Path) -> Digests:
    """Return the digests of the file at `path`; its size in memory does not grow with the file."""
    size = path.stat().st_size
    sha256 = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    # git's object id: a header with the length, then the content.
    blob = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            for digest in (sha256, md5, blob):
                digest.update(chunk)
    return Digests(size, sha256.hexdigest(), md5.hexdigest(), blob.hexdigest())


def described(path: Path, size: int, name: str = "") -> str:
    """Say what came in place of `name`: "42 bytes, an HTML page"."""
    found = kind(path, name)
    return f"{size} bytes, {found}" if found else f"{size} bytes"


def kind(path: Path, name: str = "") -> str | None:
    """Say what the file seems to be that came in place of `name`: "an HTML page".

    None where nothing is known that `name` (a file's, or a URL) does not say.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    start = head.lstrip().lower()
    if not head:
        return "an empty file"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page: a proxy, a login or an error page answered"
    if start.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the file it stands for"
    for magic, what, ending in MAGICS:
        if head.startswith(magic) and not name.endswith(ending):
            return what
    return None
