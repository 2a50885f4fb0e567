"""What the URL of a file tells about it: its name, what wheel it is, where it is in a git tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from rknn_flake.errors import BadFileError, UsageError
from rknn_flake.pins import form, form_urls, form_wheels, sdk_tags, wheel_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rknn_flake.pins.entries import Entry
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
    wheel: wheel_names.Wheel | None = None
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
    without_user(url)
    try:
        wheel = wheel_names.read(name) if name.endswith(".whl") else None
    except BadFileError as error:
        raise UsageError(f"{url}: {error}") from error
    return Place(url, name, wheel, _git(url, raw))


def without_user(url: str) -> str:
    """Return `url`; raise UsageError, without it, where a password may be in it."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise UsageError(
            f"a user name for {parts.hostname} is in a URL, which everybody will read in"
            " sources.toml; take out all up to the @"
        )
    return url


def faults(entry: Entry, rev: str | None) -> Iterator[str]:
    """Yield what `check --offline` would say about the name and the URLs of `entry`.

    Plain http passes here: a mirror at home may have nothing else. `rev` is as in form_urls.
    """
    secure = tuple(re.sub(r"\Ahttp:", "https:", url) for url in entry.urls)
    if not form.NAME.fullmatch(entry.name):
        yield f"{entry.name!r} is no name in the Nix store; the file needs another one upstream"
    yield from form_wheels.faults(entry)
    yield from form_urls.faults(replace(entry, urls=secure), rev)


def known(here: Sources, git: GitFile) -> tuple[str | None, str | None, str | None]:
    """Return release, component and arch of a file, from what is here of the same SDK."""
    tagged = sdk_tags.tagged(here.path)
    release = next((one.release for one in tagged.values() if one.rev == git.commit), None)
    for entry in here.entries:
        place = (
            sdk_tags.located(entry, tagged[entry.release].rev) if entry.release in tagged else None
        )
        if place is not None and place.path == git.path:
            return release, entry.component, entry.arch
    return release, None, None


def _git(url: str, raw: str) -> GitFile | None:
    for base in (sdk_tags.RAW, raw.rstrip("/")):
        if url.startswith(f"{base}/"):
            return _git_file(url, url.removeprefix(f"{base}/").split("/"))
    if not url.startswith(f"{GITHUB}/"):
        return None
    owner, repository, *rest = [*url.removeprefix(f"{GITHUB}/").split("/"), "", ""]
    words = [word for word in rest if word]
    if words[:1] == ["blob"]:
        cure = f"{sdk_tags.RAW}/{'/'.join((owner, repository, *words[1:]))}"
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
