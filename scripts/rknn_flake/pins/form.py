"""What can be said against sources.toml without fetching anything; `check --offline` shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.pins import (
    form_across,
    form_digests,
    form_trust,
    form_urls,
    form_wheels,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.sources import Sources

ARCHES = ("any", "aarch64", "x86_64", "armhf", "armhf-uclibc")
# What Nix takes for the name of a file in the store.
NAME = re.compile(r"(?!\.)[0-9A-Za-z+._?=-]{1,207}")
REV = re.compile(r"[0-9a-f]{40}")
# What [defaults] names -> the component that has to be there.
ROLES = {
    "runtime": "librknnrt",
    "toolkit-lite": "rknn-toolkit-lite2",
    "driver": "rknpu_drv.c",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: with `entry`, or with the file as a whole where that is None.

    `what` is one line: the key, what was found there, and what to write.
    """

    entry: Entry | None
    what: str

    def __str__(self) -> str:
        """Return the line with what it is about before it."""
        return f"{self.entry.label}: {self.what}" if self.entry else self.what


def findings(sources: Sources) -> list[Finding]:
    """Return everything that is wrong, in the file's order, the file as a whole last."""
    across = form_across.faults(sources.entries)
    found = []
    for number, entry in enumerate(sources.entries):
        own = (
            *_fields(entry),
            *form_digests.faults(entry),
            *form_urls.faults(entry, sources.revs.get(entry.release)),
            *form_wheels.faults(entry),
            *form_trust.faults(entry),
            *across.get(number, ()),
        )
        found += [Finding(entry, what) for what in own]
    return found + [Finding(None, what) for what in (*_releases(sources), *_defaults(sources))]


def _fields(entry: Entry) -> Iterator[str]:
    if not entry.component:
        yield "component is empty; write its name"
    if entry.arch not in ARCHES:
        yield f"arch is {entry.arch!r}; write one of {', '.join(ARCHES)}"
    if not NAME.fullmatch(entry.name):
        yield (
            f"name is {entry.name!r}, which is no name in the Nix store; "
            "write letters, digits and +-._?= only"
        )
    # Whoever takes a hash from the records of others may never have had the file.
    if entry.size is None and entry.hash is not None and not entry.records:
        yield "size is missing beside a hash; write the number of bytes"
    elif entry.size is not None and entry.size <= 0:
        yield f"size is {entry.size}; write the number of bytes"


def _releases(sources: Sources) -> Iterator[str]:
    for release in sources.releases:
        if versions.release(release) is None:
            yield f'releases."{release}": no version, so it has no place among the others'
    for release, rev in sources.revs.items():
        if not REV.fullmatch(rev):
            yield (
                f'releases."{release}": rev is {rev!r}; '
                "write the commit in full, 40 hexadecimal digits in lower case"
            )


def _defaults(sources: Sources) -> Iterator[str]:
    for name, release in sources.defaults.items():
        component = ROLES.get(name, name)
        having = [one.release for one in sources.entries if one.component == component]
        there = ", ".join(dict.fromkeys(having))
        if not having and name not in ROLES:
            yield f"defaults.{name}: no such component; take it out; known are {', '.join(ROLES)}"
        elif not having:
            yield f"defaults.{name} is {release}, and no release has {component}; add the file"
        elif release not in having:
            yield f"defaults.{name} is {release}, which has no {component}; write one of {there}"
