"""Whether files of sources.toml contradict each other: one file twice, or two contents of one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rknn_flake.errors import BadFileError
from rknn_flake.pins import hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rknn_flake.pins.entries import Entry

# What two files that agree in one of the first must all agree in.
SAME_BODY = ("hash", "git-blob", "md5")
ALL = (*SAME_BODY, "size")


def faults(entries: Sequence[Entry]) -> Mapping[int, list[str]]:
    """Return what is wrong with an entry because of another: its number -> lines."""
    found: dict[int, list[str]] = defaultdict(list)
    for number, line in (*_twice(entries), *_disputed(entries)):
        found[number].append(line)
    return found


def _twice(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    files: dict[tuple[str, str, str, str | None], int] = {}
    urls: dict[str, int] = {}
    for number, entry in enumerate(entries):
        own = (entry.release, entry.component, entry.arch, entry.python)
        first = files.setdefault(own, number)
        if first != number:
            places = entry.position + 1, entries[first].position + 1
            same = "file {} of the release is the same component, arch and python as file {}"
            yield number, f"{same.format(*places)}; keep one"
        for place, url in enumerate(entry.urls):
            other = urls.setdefault(url, number)
            if other != number:
                label = entries[other].label
                yield number, f"urls: {url} is that of {label} too; write each file's own"
            elif url in entry.urls[:place]:
                yield number, f"urls: {url} stands there twice; keep one"


def _disputed(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    bodies = [_body(entry) for entry in entries]
    told = set()
    for key, value, numbers in _sharing(bodies):
        for other in ALL:
            for number, rival in _rivals(bodies, numbers, other):
                if (number, other) not in told:
                    told.add((number, other))
                    there, here = bodies[rival][other], bodies[number][other]
                    shared = f"{key} {value} is also that of {entries[rival].label}"
                    differs = f"where {other} is {there}, not {here}: both are disputed"
                    yield number, f"{shared}, {differs}; fetch both and correct the wrong one"


def _sharing(bodies: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each key and value that makes files the same, and the numbers of those that have it."""
    for key in SAME_BODY:
        groups: dict[str, list[int]] = defaultdict(list)
        for number, body in enumerate(bodies):
            if key in body:
                groups[body[key]].append(number)
        yield from ((key, value, numbers) for value, numbers in groups.items())


def _rivals(
    bodies: Sequence[Mapping[str, str]], numbers: Sequence[int], key: str
) -> Iterator[tuple[int, int]]:
    """Yield those of `numbers` that have another value of `key` than some other has, and which."""
    having: dict[str, int] = {}
    for number in numbers:
        if key in bodies[number]:
            having.setdefault(bodies[number][key], number)
    if len(having) < 2:
        return
    for number in numbers:
        if key in bodies[number]:
            others = (first for value, first in having.items() if value != bodies[number][key])
            yield number, next(others)


def _body(entry: Entry) -> dict[str, str]:
    """Return what tells a file's content, of the keys of ALL; what is malformed is left out."""
    md5 = entry.upstream_md5 or entry.pypi_md5
    body = {"git-blob": entry.git_blob, "md5": md5, "size": entry.size and str(entry.size)}
    try:
        body["hash"] = hashes.sha256_hex(entry.hash) if entry.hash else entry.pypi_sha256
    except BadFileError:
        body["hash"] = None
    return {key: value.lower() for key, value in body.items() if isinstance(value, str)}
