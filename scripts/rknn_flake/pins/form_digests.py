"""The form of a file's hash and of the digests that others publish, and whether they agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rknn_flake.errors import BadFileError
from rknn_flake.pins import hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.pins.entries import Entry

# Key -> number of hexadecimal digits.
LENGTHS = {"git-blob": 40, "upstream-md5": 32, "pypi-md5": 32, "pypi-sha256": 64}
JUDGE = "fetch the file again, find out which is right, and note the other under disputes"


def faults(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the digests of one file."""
    sha256 = None
    if entry.hash is not None:
        try:
            sha256 = hashes.sha256_hex(entry.hash)
        except BadFileError as error:
            yield f"hash: {error}"
        else:
            proper = hashes.to_sri(hashes.from_hex(sha256))
            if entry.hash != proper:
                yield f"hash is {entry.hash!r}; write {proper}"
    for key, value in entry.digests.items():
        if not re.fullmatch(r"[0-9a-fA-F]*", value) or len(value) != LENGTHS[key]:
            yield f"{key} is {value!r}; write {LENGTHS[key]} hexadecimal digits"
        elif value != value.lower():
            yield f"{key} is {value}; write {value.lower()}"
    yield from _agreement(entry, sha256)


def _agreement(entry: Entry, sha256: str | None) -> Iterator[str]:
    published = entry.pypi_sha256
    if sha256 and published and sha256 != published.lower():
        proper = hashes.to_base16(hashes.from_hex(sha256))
        yield f"pypi-sha256 is {published}, but hash is {proper} in hexadecimal; {JUDGE}"
    ours, theirs = entry.upstream_md5, entry.pypi_md5
    if ours and theirs and ours.lower() != theirs.lower():
        yield f"upstream-md5 is {ours}, but pypi-md5 is {theirs}; {JUDGE}"
