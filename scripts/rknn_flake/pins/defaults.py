"""[defaults]: which release is taken unless another is asked for, and whether it can move on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake.pins import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rknn_flake.pins.entries import Entry

BINDING = ("rknn-toolkit-lite2", "aarch64")
# What the package of the runtime is made of.
RUNTIME = (
    ("librknnrt", "aarch64"),
    ("rknn_api.h", "any"),
    ("rknn_matmul_api.h", "any"),
    ("rknn_custom_op.h", "any"),
    ("license", "any"),
)


def lacking(entries: Iterable[Entry], release: str, kinds: Sequence[tuple[str, str]]) -> list[str]:
    """Return what `release` lacks of `kinds`, (component, arch): files, or their hashes."""
    lines = []
    for component, arch in kinds:
        files = [
            entry
            for entry in entries
            if (entry.release, entry.component, entry.arch) == (release, component, arch)
        ]
        if not files:
            lines.append(f"there is no {component} {release} ({arch})")
        lines += [f"{entry.label} has no hash" for entry in files if entry.state != "pinned"]
    return lines


def moved(
    entries: Sequence[Entry], present: Mapping[str, str], releases: Iterable[str]
) -> tuple[dict[str, str], list[str]]:
    """Return the defaults that move on to one of `releases`, and why others stay.

    Each goes to the newest release that it can have; one that stays has a reason for each.
    """
    named = {release: versions.release(release) for release in releases}
    known = {release: version for release, version in named.items() if version is not None}
    moves: dict[str, str] = {}
    notes = []
    for component, kinds in (("runtime", RUNTIME), ("toolkit-lite", (*RUNTIME, BINDING))):
        here = present.get(component, "nothing")
        now = versions.release(here)
        later = [release for release, version in known.items() if now is None or version > now]
        reasons = []
        for release in sorted(later, key=lambda release: known[release], reverse=True):
            lacks = lacking(entries, release, kinds)
            if not lacks:
                moves[component] = release
                break
            reasons.append(f"the default of {component} stays at {here}: {_some(lacks)}")
        if component not in moves:
            notes += reasons
    return moves, notes


def _some(lines: Sequence[str]) -> str:
    more = len(lines) - 1
    return lines[0] + (f", and {more} more like that" if more else "")
