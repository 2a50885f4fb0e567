"""What a file's bytes say: every digest that a pin or a witness can name, in one reading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
# The beginnings that tell what a wrong download is.
HEAD = 512


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


def kind(path: Path) -> str:
    """Say what the file seems to be, for a message about a wrong one: "an HTML page"."""
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    start = head.lstrip().lower()
    if not head:
        return "an empty file"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page: a proxy, a login or an error page answered"
    if start.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the file it stands for"
    beginnings = {
        b"\x7fELF": "an ELF file",
        b"PK\x03\x04": "a zip file",
        b"\x1f\x8b": "a gzip file",
    }
    return next((what for magic, what in beginnings.items() if head.startswith(magic)), "a file")
