"""Container images as `docker load` takes them: what is in one, and what should not be."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORE = PurePosixPath("/nix/store")
# What nixpkgs makes of SOURCE_DATE_EPOCH, and what it gives the files of the store.
FIXED_TIMES = (1, 315532800)
TEMPORARY = "/tmp"  # noqa: S108  # the image's
# What the image has at its root besides the store.
FOLDERS = {"etc", "nix", "tmp", "var"}


@dataclass(frozen=True)
class Entry:
    """A file, folder or link of a layer, by its absolute path, and what it holds."""

    path: str
    header: tarfile.TarInfo
    data: bytes


@dataclass(frozen=True)
class Image:
    """An image: its tags, its JSON, and its layers' entries from the lowest up."""

    tags: list[str]
    described: dict[str, Any]
    layers: list[list[Entry]]

    @property
    def config(self) -> dict[str, Any]:
        """What an engine starts a container with."""
        config: dict[str, Any] = self.described["config"]
        return config

    @property
    def entries(self) -> dict[str, Entry]:
        """What a container sees, by path."""
        return {entry.path: entry for layer in self.layers for entry in layer}

    def store_paths(self) -> list[str]:
        """Return the store paths of all layers, as often as they are in one."""
        return sorted(
            entry.path
            for layer in self.layers
            for entry in layer
            if PurePosixPath(entry.path).parent == STORE
        )

    def resolve(self, path: str) -> Entry | None:
        """Return what is at a path once links are followed; None where one leads nowhere."""
        entries = self.entries
        place = PurePosixPath("/")
        parts = list(PurePosixPath(path).parts[1:])
        while parts:
            entry = entries.get(str(place / parts.pop(0)))
            if entry is None:
                return None
            if entry.header.issym():
                parts = [*PurePosixPath(entry.header.linkname).parts, *parts]
                if parts[0] == "/":
                    place, parts = PurePosixPath("/"), parts[1:]
            else:
                place = PurePosixPath(entry.path)
        return entries[str(place)]


def read(file: Path) -> Image:
    """Read an image; its own digests are held against what they are of."""
    with tarfile.open(file) as archive:
        (manifest,) = json.loads(_member(archive, "manifest.json"))
        text = _member(archive, manifest["Config"])
        assert manifest["Config"] == f"{hashlib.sha256(text).hexdigest()}.json"
        described = json.loads(text)
        tars = [_member(archive, name) for name in manifest["Layers"]]
    digests = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in tars]
    assert digests == described["rootfs"]["diff_ids"]
    return Image(manifest["RepoTags"], described, [list(_entries(layer)) for layer in tars])


def faults(image: Image) -> list[str]:
    """Return what is wrong with the files of an image, a line each."""
    found = []
    for entry in image.entries.values():
        header = entry.header
        if header.mode & (stat.S_ISUID | stat.S_ISGID):
            found.append(f"{entry.path}: setuid or setgid, {header.mode:o}")
        if header.mode & stat.S_IWOTH and not header.issym() and entry.path != TEMPORARY:
            found.append(f"{entry.path}: anyone may write, {header.mode:o}")
        if not (header.isfile() or header.isdir() or header.issym()):
            found.append(f"{entry.path}: no file, folder or link")
        if (header.uid, header.gid) != (0, 0) or header.uname not in ("", "root"):
            found.append(f"{entry.path}: of {header.uid}:{header.gid} {header.uname}")
        if header.mtime not in FIXED_TIMES:
            found.append(f"{entry.path}: of time {header.mtime}")
    at_root = {PurePosixPath(path).parts[1] for path in image.entries if path != "/"}
    found += [f"/{name}: not asked for" for name in sorted(at_root - FOLDERS)]
    paths = image.store_paths()
    found += [f"{path}: twice" for path in sorted(set(paths)) if paths.count(path) > 1]
    return found


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    stream = archive.extractfile(name)
    assert stream, f"{name}: no file"
    return stream.read()


def _entries(layer: bytes) -> Iterator[Entry]:
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        for header in archive:
            stream = archive.extractfile(header) if header.isfile() else None
            path = f"/{header.name.removeprefix('.').strip('/')}"
            yield Entry(path, header, stream.read() if stream else b"")
