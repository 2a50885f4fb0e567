"""What became of each file of a check: held against its pin, or why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rknn_flake.errors import BadFileError
from rknn_flake.pins import digests, hashes
from rknn_flake.pins.verdict import Difference, verdict

if TYPE_CHECKING:
    from rknn_flake.errors import RknnError
    from rknn_flake.pins.download import Got
    from rknn_flake.pins.entries import Entry

State = Literal["ok", "disagrees", "unreachable", "malformed", "disputed", "missing"]

# A file that lacks its hash is known to: `list` counts it, and a check can't hold against anything.
HARMLESS = ("ok", "missing")
CACHE = "cache"


@dataclass(frozen=True)
class Checked:
    """One file, or one mirror of it: `mirror` is the URL then.

    `origin` is the URL its bytes came from, or "cache"; `size` counts them. `refused` has a line
    for each mirror that gave nothing, or other bytes. `why` says what is to do where no
    difference does.
    """

    entry: Entry
    state: State
    mirror: str | None = None
    origin: str | None = None
    size: int = 0
    differences: tuple[Difference, ...] = ()
    refused: tuple[str, ...] = ()
    why: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the whole check fails by it."""
        return self.state not in HARMLESS

    def described(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        entry = self.entry
        named = ("release", "component", "arch", "python", "name")
        differences = [
            {"key": one.key, "found": one.found, "expected": one.expected}
            for one in self.differences
        ]
        return {
            **{key: getattr(entry, key) for key in named},
            "mirror": self.mirror,
            "state": self.state,
            "from": self.origin,
            "bytes": self.size,
            "differences": differences,
            "refused": list(self.refused),
            "why": self.why,
        }


def unfetched(entry: Entry) -> Checked | None:
    """Return the row of a file that is not to be fetched; None where it is."""
    if entry.state == "disputed":
        return Checked(entry, "disputed", why="; ".join(entry.disputes))
    if entry.hash is None:
        return Checked(entry, "missing", why="no hash yet; rknn-pins prefetch fills it in")
    try:
        hashes.sha256_hex(entry.hash)
    except BadFileError as error:
        return Checked(entry, "malformed", why=str(error))
    return None


def held(entry: Entry, got: Got, mirror: str | None = None) -> Checked:
    """Return the row of a file that was had."""
    differences = verdict(entry, got.digests).disagreed
    kind = digests.kind(got.path, entry.name) if differences else None
    return Checked(
        entry,
        "disagrees" if differences else "ok",
        mirror=mirror,
        origin=got.url or CACHE,
        size=got.digests.size,
        differences=differences,
        refused=got.refused,
        why=f"it is {kind}" if kind else None,
    )


def unreached(entry: Entry, error: RknnError, mirror: str | None = None) -> Checked:
    """Return the row of a file that no mirror gave."""
    return Checked(entry, "unreachable", mirror=mirror, why=str(error))
