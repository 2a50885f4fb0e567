"""What a person has to judge in a new release: nothing that a hash can tell."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError
from rknn_flake.pins import headers, versions
from rknn_flake.pins.defaults import BINDING, RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rknn_flake.pins.entries import Entry

LIBRARY = RUNTIME[0]
LICENCE = "license"
# Sources that the packages build or run; a library differs in every release.
TEXTS = (".c", ".cpp", ".h", ".sh")
JUMP = 0.5


@dataclass(frozen=True)
class Question:
    """One thing to judge about a release, with lines that show it."""

    release: str
    text: str
    details: tuple[str, ...] = ()


def judged(
    before: Sequence[Entry], after: Sequence[Entry], release: str, comments: Sequence[str] = ()
) -> Iterator[Question]:
    """Yield what the pins themselves give to judge about `release`.

    `before` are all entries as they were, `after` as they will be; `comments` are what the file
    says about the release.
    """
    own = [entry for entry in after if entry.release == release]
    if any((entry.component, entry.arch) == BINDING for entry in own):
        runtimes = {entry.release for entry in after if (entry.component, entry.arch) == LIBRARY}
        if release not in runtimes:
            newest = _newest(runtimes) or "none"
            yield Question(
                release,
                f"no librknnrt.so to go with the binding {release}; the newest here is {newest}",
            )
    for component in dict.fromkeys(entry.component for entry in own):
        old = _newest(
            {entry.release for entry in before if entry.component == component}, below=release
        )
        if old is not None:
            files = [
                entry for entry in before if (entry.release, entry.component) == (old, component)
            ]
            yield from _compared(
                files, [entry for entry in own if entry.component == component], old, release
            )
    if comments:
        yield Question(release, "a comment may no longer be true", tuple(comments))


@dataclass(frozen=True)
class Gone:
    """A file `entry` of the SDK that the tag of a later `release` has no more: `why`."""

    entry: Entry
    release: str
    why: str


def gone(files: Iterable[Gone], after: Iterable[Entry], release: str) -> Iterator[Question]:
    """Yield what of `files` the `release` has nowhere; Pythons that went are told by `judged`."""
    has = {(entry.component, entry.arch) for entry in after if entry.release == release}
    missing: dict[tuple[str, str], list[Gone]] = {}
    for file in files:
        kind = (file.entry.component, file.entry.arch)
        if file.release == release and kind not in has:
            missing.setdefault(kind, []).append(file)
    for (component, arch), lost in missing.items():
        text = f"{component} ({arch}) is gone; {lost[0].entry.release} had it"
        yield Question(release, text, tuple(file.why for file in lost))


def texts(
    old: Iterable[Entry], new: Iterable[Entry], show: Callable[[str], str], release: str
) -> Iterator[Question]:
    """Yield what has changed in the licence, the headers and the other sources of the SDK.

    `show` returns the text of a git blob.
    """
    before = {(entry.component, entry.arch): entry for entry in old}
    others = []
    same = []
    for entry in new:
        earlier = before.get((entry.component, entry.arch))
        licence = entry.component == LICENCE
        if earlier is None or not (licence or entry.name.endswith(TEXTS)):
            continue
        if entry.git_blob == earlier.git_blob:
            same += [entry.name] if licence or _is_header(entry) else []
        elif licence or _is_header(entry):
            yield from _read(earlier, entry, show, _licence if licence else _header)
        else:
            others.append(f"{entry.name} ({entry.arch})" if entry.arch != "any" else entry.name)
    if same:
        yield Question(
            release, f"unchanged since {next(iter(before.values())).release}: {', '.join(same)}"
        )
    if others:
        yield Question(release, f"other sources changed: {', '.join(others)}")


def _is_header(entry: Entry) -> bool:
    return (entry.component, entry.arch) in RUNTIME and entry.name.endswith(".h")


def _read(
    earlier: Entry,
    entry: Entry,
    show: Callable[[str], str],
    differences: Callable[[str, str, Entry], Question],
) -> Iterator[Question]:
    try:
        yield differences(show(earlier.git_blob or ""), show(entry.git_blob or ""), entry)
    except RknnError as error:
        text = f"{entry.name} has changed since {earlier.release}; compare them yourself ({error})"
        yield Question(entry.release, text)


def _licence(old: str, new: str, entry: Entry) -> Question:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1)
    return Question(entry.release, "the licence has changed: read it", tuple(lines)[2:])


def _header(old: str, new: str, entry: Entry) -> Question:
    lines = headers.changes(headers.read(old), headers.read(new))
    text = f"{entry.name} has changed" + ("" if lines else " in comments or layout only")
    return Question(entry.release, text, tuple(lines))


def _compared(
    old: Sequence[Entry], new: Sequence[Entry], earlier: str, release: str
) -> Iterator[Question]:
    for arch in dict.fromkeys(entry.arch for entry in (*old, *new)):
        had = [entry.python for entry in old if entry.arch == arch and entry.python]
        has = [entry.python for entry in new if entry.arch == arch and entry.python]
        what = f"{new[0].component} ({arch})"
        for verb, names in (("came", set(has) - set(had)), ("went", set(had) - set(has))):
            if names:
                listed = ", ".join(sorted(names, key=_number))
                yield Question(release, f"{what}: Pythons that {verb} since {earlier}: {listed}")
    sizes = {(entry.arch, entry.python): entry.size for entry in old if entry.size}
    for entry in new:
        before = sizes.get((entry.arch, entry.python))
        if before and entry.size and abs(entry.size - before) > JUMP * before:
            text = f"{entry.label} has {entry.size} bytes; {earlier} had {before}"
            yield Question(release, text)


def _newest(releases: Iterable[str], below: str | None = None) -> str | None:
    limit = versions.release(below) if below else None
    named = {release: versions.release(release) for release in releases}
    fitting = {
        release: version
        for release, version in named.items()
        if version is not None and (limit is None or version < limit)
    }
    return max(fitting, key=lambda release: fitting[release], default=None)


def _number(python: str) -> int:
    return int(python.removeprefix("cp")) if python.startswith("cp") else 0
