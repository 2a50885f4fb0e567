"""The entry for one more file: what its URLs tell, what others publish, and what a person says."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError, UsageError
from rknn_flake.pins import pypi, url_parts, versions
from rknn_flake.pins.client import Client
from rknn_flake.pins.entries import Entry
from rknn_flake.pins.git import Clone, tags

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rknn_flake.pins.sources import Sources
    from rknn_flake.pins.url_parts import Place


@dataclass
class Proposal:
    """Puts together what the options say, what the URLs tell, and what others publish."""

    here: Sources
    options: argparse.Namespace
    places: Sequence[Place]

    def __post_init__(self) -> None:
        self.notes: list[str] = []

    def entry(self) -> Entry:
        """Return the entry, without hash; raise UsageError where something has to be said."""
        options, first = self.options, self.places[0]
        wheel = next((place.wheel for place in self.places if place.wheel), None)
        git = next((place.git for place in self.places if place.git), None)
        release, component, arch = url_parts.known(self.here, git) if git else (None, None, None)
        if wheel is not None:
            release, component, arch = str(wheel.version), wheel.component, wheel.arch
        entry = Entry(
            release=self._said("release", release),
            position=0,
            component=self._said("component", component),
            arch=self._said("arch", arch),
            python=options.python or (wheel.python if wheel else None),
            name=first.name,
            urls=tuple(place.url for place in self.places),
            records=tuple(options.record),
        )
        self._check(entry)
        index = self._on_index(entry) if entry.name.endswith(".whl") else None
        return replace(
            entry,
            size=index.size if index else None,
            git_blob=_one("git-blob", options.git_blob, self._git_blob()),
            upstream_md5=_lower(options.upstream_md5),
            pypi_md5=_lower(options.pypi_md5),
            pypi_sha256=_one("pypi-sha256", options.pypi_sha256, index.sha256 if index else None),
        )

    def _said(self, what: str, told: str | None) -> str:
        said = getattr(self.options, what) or told
        if said is None:
            raise UsageError(f"{self.places[0].url}: it does not tell the {what}; say --{what}")
        return str(said)

    def _check(self, entry: Entry) -> None:
        versions.wanted(entry.release, "--release")
        for present in self.here.entries:
            if present.key == entry.key:
                raise RknnError(
                    f"{present.label} is there already: {present.name} from {present.urls[0]};"
                    " take it out of the file first"
                )
        for fault in url_parts.faults(entry, self.here.revs.get(entry.release)):
            raise RknnError(f"{entry.label}: {fault}")
        components = dict.fromkeys(present.component for present in self.here.entries)
        if entry.component not in components:
            near = difflib.get_close_matches(entry.component, components, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            self.notes.append(f"the component {entry.component} is new here{meant}")
        if entry.release not in self.here.releases:
            self.notes.append(f"the release {entry.release} is new here")
        self.notes += [
            f"{url}: the packages take https only" for url in entry.urls if url.startswith("http:")
        ]

    def _on_index(self, entry: Entry) -> pypi.File | None:
        """Return what the index says about the wheel."""
        try:
            project = pypi.project(Client(), self.options.index, entry.component)
        except RknnError as error:
            self.notes.append(f"no witness from the index: {error}")
            return None
        found = next((file for file in project.files if file.name == entry.name), None)
        if found is not None and found.yanked is not None:
            self.notes.append(f"{found.name}: its maker has yanked it ({found.yanked})")
        return found

    def _git_blob(self) -> str | None:
        """Return the blob id of the mirrors in git, which have to be the same file."""
        blobs: dict[str, str] = {}
        for place in self.places:
            if place.git is None:
                continue
            url = self.options.repository or place.git.repository
            try:
                with TemporaryDirectory(prefix="rknn-pins-") as folder:
                    clone = Clone.make(url, Path(folder))
                    blob = clone.tree(clone.fetch(place.git.commit)).get(place.git.path)
                tagged = place.git.commit in tags(url).values()
            except RknnError as error:
                self.notes.append(f"no witness from git: {error}")
                continue
            if blob is None:
                where = f"{url} at {place.git.commit}"
                raise RknnError(f"{place.url}: there is no {place.git.path} in {where}")
            blobs[place.url] = blob
            if not tagged:
                self.notes.append(
                    f"no tag of {url} is {place.git.commit}: see that it is in their history,"
                    " since GitHub serves the commits of forks at the same address"
                )
        if len(set(blobs.values())) > 1:
            raise RknnError(differing("git blob", blobs))
        return next(iter(blobs.values()), None)


def differing(what: str, values: Mapping[str, str]) -> str:
    """Say that mirrors differ; `values` is URL -> digest."""
    each = "; ".join(f"{url} has {value}" for url, value in values.items())
    return f"the mirrors are not the same file, each has another {what}: {each}"


def _one(key: str, said: str | None, published: str | None) -> str | None:
    """Return the digest that was said and published; raise RknnError where these are two."""
    said = _lower(said)
    if said and published and said != published:
        raise RknnError(f"{key}: --{key} says {said}, and {published} is published; judge")
    return said or published


def _lower(digest: str | None) -> str | None:
    return digest.lower() if digest else None
