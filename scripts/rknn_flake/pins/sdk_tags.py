"""A new tag of Rockchip's SDK: the files that an older release has here, found in its tree."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rknn_flake.pins import versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from packaging.version import Version

    from rknn_flake.pins.entries import Entry


REPOSITORY = "https://github.com/airockchip/rknn-toolkit2"
RAW = "https://raw.githubusercontent.com"


@dataclass(frozen=True)
class Tagged:
    """A release of the SDK: its tag and the commit that it names."""

    release: str
    tag: str
    rev: str


def tagged(path: Path) -> dict[str, Tagged]:
    """Return the releases of the file `path` that name a tag and its commit, newest first."""
    releases = tomllib.loads(path.read_text(encoding="utf-8")).get("releases", {})
    found = {
        release: Tagged(release, table["tag"], table["rev"])
        for release, table in releases.items()
        if "tag" in table and "rev" in table and versions.release(release) is not None
    }
    return dict(sorted(found.items(), key=lambda item: _version(item[0]), reverse=True))


def offered(tags: Mapping[str, str]) -> dict[Version, Tagged]:
    """Return the tags that are versions ("v2.3.2"), oldest first."""
    found = {}
    for tag, rev in tags.items():
        version = versions.release(tag.removeprefix("v")) if tag.startswith("v") else None
        if version is not None:
            found[version] = Tagged(str(version), tag, rev)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Place:
    """Where a file of the SDK is: its path in the repository, and its URLs up to the commit."""

    path: str
    bases: tuple[str, ...]


def located(entry: Entry, rev: str) -> Place | None:
    """Return where `entry` is in the SDK at the commit `rev`; None if it isn't from there."""
    parts = [url.partition(f"/{rev}/") for url in entry.urls if f"/{rev}/" in url]
    if not parts:
        return None
    path = parts[0][2]
    return Place(unquote(path), tuple(base for base, _, same in parts if same == path))


def _version(release: str) -> Version:
    return versions.wanted(release, "release")
