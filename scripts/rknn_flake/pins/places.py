"""What the URL of a file tells about it: its name, what wheel it is, where it is in a git tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from rknn_flake.errors import BadFileError, UsageError
from rknn_flake.pins import sdk, wheels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_flake.pins.sources import Sources

GITHUB = "https://github.com"
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class GitFile:
    """A file of a repository on GitHub at a full commit."""

    repository: str
    commit: str
    path: str


@dataclass(frozen=True)
class Place:
    """What one URL tells; None where it tells nothing."""

    url: str
    name: str
    wheel: wheels.Wheel | None = None
    git: GitFile | None = None


def read(url: str, raw: str) -> Place:
    """Return what `url` tells; `raw` is one more host of raw files.

    Raises UsageError for what is no URL of one file that stays as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # Invalid IPv6 URL
        parts = urlsplit("")
    name = PurePosixPath(unquote(parts.path)).name
    if parts.scheme not in {"http", "https"} or not parts.hostname or not name:
        raise UsageError(f"{url!r} is no URL of a file; write https://HOST/…/NAME")
    try:
        wheel = wheels.read(name) if name.endswith(".whl") else None
    except BadFileError as error:
        raise UsageError(f"{url}: {error}") from error
    return Place(url, name, wheel, _git(url, raw))


def known(here: Sources, git: GitFile) -> tuple[str | None, str | None, str | None]:
    """Return release, component and arch of a file, from what is here of the same SDK."""
    tagged = sdk.tagged(here.path)
    release = next((one.release for one in tagged.values() if one.rev == git.commit), None)
    for entry in here.entries:
        place = sdk.located(entry, tagged[entry.release].rev) if entry.release in tagged else None
        if place is not None and place.path == git.path:
            return release, entry.component, entry.arch
    return release, None, None


def _git(url: str, raw: str) -> GitFile | None:
    for base in (sdk.RAW, raw.rstrip("/")):
        if url.startswith(f"{base}/"):
            return _git_file(url, url.removeprefix(f"{base}/").split("/"))
    if not url.startswith(f"{GITHUB}/"):
        return None
    owner, repository, *rest = [*url.removeprefix(f"{GITHUB}/").split("/"), "", ""]
    words = [word for word in rest if word]
    if words[:1] == ["blob"]:
        cure = f"{sdk.RAW}/{'/'.join((owner, repository, *words[1:]))}"
        raise UsageError(f"{url}: a web page about the file; the file is at {cure}")
    return _git_file(url, [owner, repository, *words[1:]]) if words[:1] == ["raw"] else None


def _git_file(url: str, words: Iterable[str]) -> GitFile:
    owner, repository, commit, *path = [*words, "", ""]
    where = f"{GITHUB}/{owner}/{repository}"
    if not COMMIT.fullmatch(commit):
        ref = "/".join([commit, *filter(None, path)][:3]) if commit == "refs" else commit
        raise UsageError(
            f"{url}: {ref} is a branch or a tag, which moves; put the full commit in its place, as"
            f" `git ls-remote {where} {ref}` prints it"
        )
    return GitFile(where, commit, unquote("/".join(filter(None, path))))
