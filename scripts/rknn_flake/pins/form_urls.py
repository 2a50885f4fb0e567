"""Whether a file's URLs name that file for ever: https, a full commit, nothing that moves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.pins.entries import Entry

SDK = "airockchip/rknn-toolkit2"
RAW = "raw.githubusercontent.com"
GITHUB = re.compile(r"(?:.*\.)?github(?:usercontent)?\.com")
# The part of a path that is a commit, or an archive of one.
COMMIT = re.compile(r"(?P<commit>[0-9a-f]{40})(?:\.tar\.gz|\.zip)?")
WRITTEN = re.compile(r"[!-~]+")


def faults(entry: Entry, rev: str | None) -> Iterator[str]:
    """Yield what is wrong with the URLs of one file; `rev` is the SDK's commit of its release."""
    if not entry.urls:
        yield "urls is empty; write at least one"
    for url in entry.urls:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            yield f"urls: {url!r} can't be read ({error}); copy it again"
            continue
        if "@" in parts.netloc:
            # Not shown: what stands there may be a password.
            yield f"urls: a user name for {parts.hostname} is in a URL; take out all up to the @"
            continue
        if not WRITTEN.fullmatch(url):
            yield f"urls: {url!r} has a character that no URL has; write it as % and its code"
        elif parts.scheme != "https" or not parts.hostname or port == 0:
            yield f"urls: {url} is no https URL with a host; write https://HOST/PATH"
        else:
            yield from _path(entry, url, parts, rev)


def _path(entry: Entry, url: str, parts: SplitResult, rev: str | None) -> Iterator[str]:
    for mark, name in (("#", "fragment"), ("?", "query")):
        if mark in url:
            yield f"urls: {url} has a {name}; take out what begins with {mark}"
    last = unquote(parts.path.rpartition("/")[2])
    if last != entry.name:
        yield f"urls: {url} ends in {last!r}, and name is {entry.name!r}; write the same file's"
    if GITHUB.fullmatch(parts.hostname or ""):
        yield from _commit(url, parts, rev)


def _commit(url: str, parts: SplitResult, rev: str | None) -> Iterator[str]:
    segments = parts.path.strip("/").split("/")
    # OWNER/REPOSITORY/COMMIT/PATH; elsewhere one word such as raw or archive is between.
    places = segments[2:3] if parts.hostname == RAW else segments[2:]
    found = next(filter(None, map(COMMIT.fullmatch, places)), None)
    if found is None:
        yield f"urls: {url} names a branch, a tag or a page, which change; write the full commit"
    elif "/".join(segments[:2]).lower() != SDK or found["commit"] == rev:
        return
    elif rev is None:
        yield f"urls: {url} is of the SDK, and the release has no rev; write {found['commit']}"
    else:
        yield (
            f"urls: {url} is of commit {found['commit']}, and the release's rev is {rev}; "
            "write the URL of that commit"
        )
