"""The files that a release has here, found in the tree of a newer tag of the SDK."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from rknn_flake.errors import BadFileError
from rknn_flake.pins import sdk_tags, versions, wheel_names
from rknn_flake.pins.entries import Entry
from rknn_flake.pins.judging import Gone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rknn_flake.pins.git import Clone
    from rknn_flake.pins.sources import Sources

# Rockchip's own lists of md5 sums beside the wheels.
LISTS = ("packages.md5sum", "md5sum.txt")
LISTED = re.compile(r"(?P<md5>[0-9a-fA-F]{32})\s+\*?(?P<name>\S.*?)\s*")


@dataclass(frozen=True)
class Tree:
    """A release, with path -> blob id of every file in it."""

    tagged: sdk_tags.Tagged
    blobs: Mapping[str, str]


@dataclass(frozen=True)
class Mapped:
    """The entries that a tag gives, the files it has no more, and a line for what is unclear."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    gone: tuple[Gone, ...]


def mapped(  # noqa: PLR0913, PLR0917
    sources: Sources, old: sdk_tags.Tagged, before: Tree | None, new: Tree, clone: Clone, raw: str
) -> Mapped:
    """Find the files that release `old` has here again in the tree `new`.

    `before` is the tree of `old`, if the repository still has it: what stood there already is not
    taken for a file that has moved. `raw` is the host of raw files in the new URLs.
    """
    entries: list[Entry] = []
    notes: list[str] = []
    gone: list[Gone] = []
    maker = _Maker(new, _sums(new.blobs, clone), raw)
    came = frozenset(new.blobs) - (frozenset(before.blobs) if before else frozenset(new.blobs))
    for entry in sources.entries:
        place = sdk_tags.located(entry, old.rev) if entry.release == old.release else None
        if place is None:
            continue
        path = _found_again(entry, place.path, new, came, notes, gone)
        if path is not None:
            entries.append(maker.entry(entry, path, place.bases))
        notes += _foreign_mirrors(entry, old.rev, new.tagged)
    return Mapped((*entries, *_further_wheels(entries, maker)), tuple(notes), tuple(gone))


@dataclass(frozen=True)
class _Maker:
    """Makes the entries for a tag; `sums` is path -> md5, `raw` the host of raw files."""

    new: Tree
    sums: Mapping[str, str]
    raw: str

    def entry(self, like: Entry, path: str, bases: Iterable[str]) -> Entry:
        """Return an entry as `like`, for the file at `path` in the new tree."""
        rev = self.new.tagged.rev
        return Entry(
            release=self.new.tagged.release,
            position=0,
            component=like.component,
            arch=like.arch,
            python=like.python,
            name=PurePosixPath(path).name,
            urls=tuple(f"{self._base(base)}/{rev}/{quote(path)}" for base in bases),
            git_blob=self.new.blobs[path],
            upstream_md5=self.sums.get(path),
        )

    def _base(self, base: str) -> str:
        if not base.startswith(f"{sdk_tags.RAW}/"):
            return base
        return f"{self.raw.rstrip('/')}{base.removeprefix(sdk_tags.RAW)}"


def _found_again(  # noqa: PLR0913, PLR0917
    entry: Entry,
    path: str,
    new: Tree,
    came: frozenset[str],
    notes: list[str],
    gone: list[Gone],
) -> str | None:
    """Return the path of the file in the new tree: the same, else one of the same name.

    A wheel may have another platform tag: "manylinux_2_17_aarch64", "linux_aarch64".
    """
    release = new.tagged.release
    wanted = PurePosixPath(path.replace(f"-{entry.release}-", f"-{release}-"))
    if str(wanted) in new.blobs:
        return str(wanted)
    named = {place for place in came if PurePosixPath(place).name == wanted.name}
    if entry.python is not None:
        same = sorted(place for place in new.blobs if _same_wheel(place, entry, release))
        beside = [place for place in same if PurePosixPath(place).parent == wanted.parent]
        if len(beside) == 1:
            return beside[0]
        named |= came.intersection(same)
    label = replace(entry, release=release).label
    # The least deep first: a copy for an example is no place of its own.
    elsewhere = sorted(named, key=lambda place: (place.count("/"), place))
    if len({new.blobs[place] for place in elsewhere}) == 1:
        notes.append(f"{label}: moved from {path} to {elsewhere[0]}")
        return elsewhere[0]
    if elsewhere:
        notes.append(
            f"{label}: gone from {wanted}; it may be one of {', '.join(elsewhere)}: use add"
        )
    else:
        gone.append(Gone(entry, release, f"{new.tagged.tag} has no {wanted}"))
    return None


def _same_wheel(path: str, entry: Entry, release: str) -> bool:
    """Say whether the file at `path` is the wheel of `release` that `entry` is of its own."""
    try:
        wheel = wheel_names.read(PurePosixPath(path).name)
    except BadFileError:
        return False
    same = (wheel.component, wheel.python, wheel.arch) == (
        entry.component,
        entry.python,
        entry.arch,
    )
    return same and wheel.version == versions.release(release)


def _foreign_mirrors(entry: Entry, rev: str, new: sdk_tags.Tagged) -> Iterator[str]:
    """Yield a line for each mirror in another repository: which commit of it is ours to say."""
    for url in entry.urls:
        repository = re.match(rf"{sdk_tags.RAW}/([^/]+/[^/]+)/[0-9a-f]{{40}}/", url)
        if repository and f"/{rev}/" not in url:
            label = replace(entry, release=new.release).label
            yield f"{label}: the mirror {repository[1]} is left out; add its commit by hand"


def _further_wheels(entries: Iterable[Entry], maker: _Maker) -> Iterator[Entry]:
    """Yield entries for the wheels of Pythons that are new, beside the others."""
    tagged = maker.new.tagged
    known = {}
    taken = set()
    for entry in entries:
        place = sdk_tags.located(entry, tagged.rev)
        if place is not None:
            taken.add(place.path)
            if entry.python is not None:
                known[PurePosixPath(place.path).parent, entry.component] = (entry, place.bases)
    for path in sorted(maker.new.blobs.keys() - taken):
        try:
            wheel = wheel_names.read(PurePosixPath(path).name)
        except BadFileError:
            continue
        like, bases = known.get((PurePosixPath(path).parent, wheel.component), (None, ()))
        if like is not None and wheel.version == versions.wanted(tagged.release, "release"):
            yield maker.entry(replace(like, python=wheel.python, arch=wheel.arch), path, bases)


def _sums(blobs: Mapping[str, str], clone: Clone) -> dict[str, str]:
    """Return path -> md5 by Rockchip's lists, each of which is for its own folder."""
    sums = {}
    for path, blob in blobs.items():
        place = PurePosixPath(path)
        if place.name in LISTS:
            for line in clone.show(blob).splitlines():
                if listed := LISTED.fullmatch(line):
                    sums[str(place.parent / PurePosixPath(listed["name"]).name)] = listed[
                        "md5"
                    ].lower()
    return sums
