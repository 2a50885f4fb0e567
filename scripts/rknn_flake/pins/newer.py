"""What the package index and the SDK's repository have that sources.toml has not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError
from rknn_flake.pins import git, judging, pypi, sdk_files, sdk_tags, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from packaging.version import Version

    from rknn_flake.pins.client import Client
    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.sources import Sources


@dataclass
class Found:
    """What one place offers: new entries, and all that is to be said about them.

    `versions` are all that are offered, `newest` is what is the newest here, in words; `failures`
    has a line for what could not be asked.
    """

    entries: list[Entry] = field(default_factory=list)
    tagged: dict[str, sdk_tags.Tagged] = field(default_factory=dict)
    versions: set[Version] = field(default_factory=set)
    newest: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    questions: list[judging.Question] = field(default_factory=list)
    gone: list[judging.Gone] = field(default_factory=list)


def on_index(
    here: Sources, client: Client, index: str, to: Version | None, tagged: Iterable[str]
) -> Found:
    """Return the wheels that are newer than those here, or those of version `to`.

    Of each project's newest release here these are the wheels that it lacks. `tagged` are releases
    that come from the SDK at the same time: all their wheels are taken, newer or not.
    """
    found = Found()
    projects: list[tuple[pypi.Project, Version | None]] = []
    for name in pypi.PROJECTS:
        newest = _newest(entry.release for entry in here.entries if entry.component == name)
        found.newest.append(f"{name} {newest or 'nothing'}")
        try:
            projects.append((pypi.project(client, index, name), newest))
        except RknnError as error:
            found.failures.append(str(error))
    brought = {versions.wanted(release, "release") for release in tagged}
    for project, newest in projects:
        found.versions.update(project.versions)
        if to is None:
            later = _later(project.versions, newest)
            brought |= {one for one in later if _release(here, one) not in here.releases}
    for project, newest in projects:
        wanted = ({to} if to else _since(project, newest)) | brought
        _take(found, project, wanted, None if newest in brought | {to} else newest, here)
    return found


def in_sdk(here: Sources, url: str, raw: str, to: Version | None, scratch: Path) -> Found:
    """Return the SDK's files of the tags that are newer than those here, or of version `to`.

    `raw` is the host of raw files, `scratch` an empty folder.
    """
    found = Found()
    known = sdk_tags.tagged(here.path)
    if not known:
        found.notes.append("no release here names a tag of the SDK, so there is no pattern for one")
        return found
    old = next(iter(known.values()))
    found.newest.append(f"{old.tag} of the SDK")
    try:
        tags = git.tags(url)
        for release in known.values():
            if tags.get(release.tag, release.rev) != release.rev:
                found.notes.append(
                    f"the tag {release.tag} names {tags[release.tag]} now; here it is {release.rev}"
                )
        offered = sdk_tags.offered(tags)
        found.versions.update(offered)
        wanted = {to} if to else _later(offered, versions.wanted(old.release, "release"))
        new = [
            replace(tagged, release=_release(here, version))
            for version, tagged in offered.items()
            if version in wanted and _release(here, version) not in known
        ]
        if new:
            _map(found, here, old, new, git.Clone.make(url, scratch), raw)
    except RknnError as error:
        found.failures.append(f"the SDK is out of reach: {error}")
    return found


def _take(
    found: Found,
    project: pypi.Project,
    wanted: set[Version],
    lacking: Version | None,
    here: Sources,
) -> None:
    """Take the wheels of the versions `wanted` that are not here, or not from this place.

    Of the version `lacking` only those that are not here at all.
    """
    late = []
    present = {entry.key: entry for entry in here.entries}
    taken = {entry.key for entry in found.entries}
    for file in project.files:
        if file.wheel.version not in wanted:
            continue
        entry = file.entry(_release(here, file.wheel.version))
        known = present.get(entry.key)
        if known is not None and (file.url in known.urls or file.wheel.version == lacking):
            continue
        if file.yanked is not None:
            found.notes.append(f"{file.name}: left out, its maker has yanked it ({file.yanked})")
        elif entry.key in taken or (known is not None and known.name != file.name):
            found.notes.append(f"{file.name}: left out, {entry.label} is there already")
        else:
            taken.add(entry.key)
            found.entries.append(entry)
            late += [entry] if file.wheel.version == lacking else []
    found.notes += (f"{file.why}; left out" for file in project.left_out if file.version in wanted)
    if late:
        wheels = ", ".join(f"{entry.python} ({entry.arch})" for entry in late)
        what = f"{project.name} {late[0].release}"
        found.notes.append(f"{what} is here already, and lacks what the index has: {wheels}")


def _map(  # noqa: PLR0913, PLR0917
    found: Found,
    here: Sources,
    old: sdk_tags.Tagged,
    new: Sequence[sdk_tags.Tagged],
    clone: git.Clone,
    raw: str,
) -> None:
    template = [entry for entry in here.entries if entry.release == old.release]
    try:
        before = sdk_files.Tree(old, clone.tree(clone.fetch(old.rev)))
    except RknnError as error:
        before = None
        found.notes.append(f"{old.tag} can't be compared with: {error}")
    for tagged in new:
        commit = clone.fetch(f"refs/tags/{tagged.tag}")
        if commit != tagged.rev:
            raise RknnError(
                f"{clone.url}: {tagged.tag} was {tagged.rev} and is {commit}; run it again"
            )
        tree = sdk_files.Tree(tagged, clone.tree(commit))
        mapped = sdk_files.mapped(here, old, before, tree, clone, raw)
        found.entries += mapped.entries
        found.notes += mapped.notes
        found.tagged[tagged.release] = tagged
        found.gone += mapped.gone
        found.questions += judging.texts(template, mapped.entries, clone.show, tagged.release)


def _newest(releases: Iterable[str]) -> Version | None:
    return max(filter(None, map(versions.release, releases)), default=None)


def _later(versions: Iterable[Version], newest: Version | None) -> set[Version]:
    """Return the versions above `newest`, without pre-releases; only the last if none is here."""
    finished = [version for version in versions if not version.is_prerelease]
    if newest is None:
        return set(finished[-1:])
    return {version for version in finished if version > newest}


def _since(project: pypi.Project, newest: Version | None) -> set[Version]:
    """Return the versions from `newest` on, with those of which no file can be taken."""
    listed = {file.wheel.version for file in project.files}
    listed |= {file.version for file in project.left_out if file.version is not None}
    first = newest or max(_later(project.versions, None), default=None)
    later = listed if first is None else {version for version in listed if version >= first}
    return {version for version in later if version == newest or not version.is_prerelease}


def _release(here: Sources, version: Version) -> str:
    """Return the name of the release `version` here."""
    same = (release for release in here.releases if versions.release(release) == version)
    return next(same, str(version))
