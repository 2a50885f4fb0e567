"""One file that sources.toml pins, as Python sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

State = Literal["pinned", "missing", "disputed"]
# Release, component, arch and Python.
Key = tuple[str, str, str, str | None]

# Where a file comes from, by the host of its first URL.
SOURCES = {
    "files.pythonhosted.org": "pypi",
    "raw.githubusercontent.com": "github",
    "github.com": "github",
}


def host(url: str) -> str:
    """Return the host of `url`; empty where none can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True)
class Entry:
    """A table of releases."VERSION".files; the keys are described at the top of sources.toml.

    `hash` is an SRI sha256, `git_blob` 40 hex digits, the md5 witnesses 32, `pypi_sha256`
    64; `size` is in bytes. `position` counts the files of the release from 0.
    """

    release: str
    position: int
    component: str
    arch: str
    name: str
    urls: tuple[str, ...]
    python: str | None = None
    size: int | None = None
    hash: str | None = None
    git_blob: str | None = None
    upstream_md5: str | None = None
    pypi_md5: str | None = None
    pypi_sha256: str | None = None
    records: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    trust_on_first_use: str | None = None

    @property
    def key(self) -> Key:
        """What tells it from all other files of sources.toml, whatever else of it changes."""
        return self.release, self.component, self.arch, self.python

    @property
    def label(self) -> str:
        """What a person calls it: "librknnrt 2.3.2 (aarch64)"."""
        python = f", {self.python}" if self.python else ""
        return f"{self.component} {self.release} ({self.arch}{python})"

    @property
    def source(self) -> str:
        """Where it comes from: pypi, github, or the host of its first URL."""
        first = host(self.urls[0]) if self.urls else ""
        return SOURCES.get(first, first)

    @property
    def digests(self) -> dict[str, str]:
        """The witnesses that a download can be held against, by their key in sources.toml."""
        named = {
            "git-blob": self.git_blob,
            "upstream-md5": self.upstream_md5,
            "pypi-md5": self.pypi_md5,
            "pypi-sha256": self.pypi_sha256,
        }
        return {key: value for key, value in named.items() if value is not None}

    @property
    def witnesses(self) -> int:
        """How many have published something about this file, apart from where it is downloaded.

        PyPI is one, however many of its digests are noted.
        """
        published = {key.partition("-")[0] for key in self.digests}
        return len(published) + len(self.records)

    @property
    def state(self) -> State:
        """Whether it can be fetched: it has a hash, it lacks one, or somebody publishes another."""
        if self.disputes:
            return "disputed"
        return "pinned" if self.hash else "missing"
