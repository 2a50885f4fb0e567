"""What a file's bytes say about its pin: which digests agree with sources.toml, which do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.pins import hashes

if TYPE_CHECKING:
    from rknn_flake.pins.digests import Digests
    from rknn_flake.pins.entries import Entry

# Taken from an earlier download: they tell whether this is the same, not whether that was right.
OWN = ("size", "hash")


@dataclass(frozen=True)
class Difference:
    """One key of sources.toml that names other bytes."""

    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Return the line for a person: "git-blob: found X, expected Y"."""
        return f"{self.key}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True)
class Verdict:
    """The keys of the entry that were held against the file; absent keys are in neither."""

    agreed: tuple[str, ...]
    disagreed: tuple[Difference, ...]

    @property
    def witnessed(self) -> bool:
        """Whether somebody else than the download vouches for these bytes, and nothing objects."""
        return not self.disagreed and any(key not in OWN for key in self.agreed)


def verdict(entry: Entry, digests: Digests) -> Verdict:
    """Hold a file's digests against its entry.

    Raises BadFileError where the entry's hash is no sha256 that can be read.
    """
    agreed = []
    disagreed = []
    for key, found, expected, same in _compared(entry, digests):
        if same:
            agreed.append(key)
        else:
            disagreed.append(Difference(key, found, expected))
    return Verdict(tuple(agreed), tuple(disagreed))


def sri(digests: Digests) -> str:
    """Return the sha256 as sources.toml writes it."""
    return hashes.to_sri(hashes.from_hex(digests.sha256))


def _compared(entry: Entry, digests: Digests) -> list[tuple[str, str, str, bool]]:
    """Return key, found, expected, and whether they are the same, in the order of the file."""
    rows = []
    if entry.size is not None:
        rows.append(("size", str(digests.size), str(entry.size), digests.size == entry.size))
    if entry.hash is not None:
        same = hashes.sha256_hex(entry.hash) == digests.sha256
        rows.append(("hash", sri(digests), entry.hash, same))
    for key, expected in entry.digests.items():
        found = digests.of(key)
        rows.append((key, found, expected, found == expected.lower()))
    return rows
