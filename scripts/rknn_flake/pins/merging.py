"""What the index and the SDK offer, as one draft: a wheel that both have is one entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError
from rknn_flake.pins import sdk_tags
from rknn_flake.pins.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_flake.pins.entries import Entry, Key
    from rknn_flake.pins.newer import Found
    from rknn_flake.pins.sources import Sources


def merged(here: Sources, index: Found, files: Found) -> Draft:
    """Return what is new; a present entry that is offered as well gains a mirror and witnesses.

    Raises RknnError where a witness is not what another is.
    """
    present = {entry.key: entry for entry in here.entries}
    added: dict[Key, Entry] = {}
    extended: dict[Key, Entry] = {}
    for entry in (*index.entries, *files.entries):
        kept = extended if entry.key in present else added
        known = kept.get(entry.key) or present.get(entry.key)
        kept[entry.key] = entry if known is None else _joined(known, entry)
    return Draft(tuple(_sorted(here, added.values())), tuple(extended.values()), dict(files.tagged))


def _joined(known: Entry, entry: Entry) -> Entry:
    """Return `known` with the mirror and the witnesses of `entry`; the index comes first."""
    for name, published in entry.digests.items():
        if known.digests.get(name, published) != published:
            values = f"{known.digests[name]} here, and {published} is published"
            raise RknnError(f"{known.label}: {name} is {values}; judge which is right")
    urls = (
        (*entry.urls, *known.urls) if entry.pypi_sha256 is not None else (*known.urls, *entry.urls)
    )
    return replace(
        known,
        urls=tuple(dict.fromkeys(urls)),
        size=known.size or entry.size,
        git_blob=known.git_blob or entry.git_blob,
        upstream_md5=known.upstream_md5 or entry.upstream_md5,
        pypi_sha256=known.pypi_sha256 or entry.pypi_sha256,
    )


def _sorted(here: Sources, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries as the present ones stand: by component, architecture and Python."""
    most = max(
        sdk_tags.tagged(here.path) or here.releases,
        key=lambda release: sum(entry.release == release for entry in here.entries),
        default=None,
    )
    known = [entry.component for entry in here.entries if entry.release == most]
    order = {component: place for place, component in enumerate(dict.fromkeys(known))}

    def place(entry: Entry) -> tuple[int, str, str, int]:
        digits = (entry.python or "").removeprefix("cp")
        number = int(digits) if digits.isdecimal() else 0
        return order.get(entry.component, len(order)), entry.component, entry.arch, number

    return sorted(entries, key=place)
