"""Wheels on a package index, by the simple API's JSON: https://packaging.python.org/en/latest/specifications/simple-repository-api/."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from rknn_flake.errors import BadFileError, RknnError
from rknn_flake.pins import versions, wheel_names
from rknn_flake.pins.entries import Entry

if TYPE_CHECKING:
    from packaging.version import Version

    from rknn_flake.pins.client import Client

INDEX = "https://pypi.org/simple"
FILES = "https://files.pythonhosted.org/"
ACCEPT = "application/vnd.pypi.simple.v1+json"
PROJECTS = ("rknn-toolkit-lite2", "rknn-toolkit2")
SHA256 = re.compile(r"[0-9a-f]{64}")
# In the name of any file, be it a wheel or none.
VERSION = re.compile(r"-(?P<version>[0-9][^-]*?)(?=-|\.(?:whl|tar|zip|egg)|$)")
SHOWN = 60


@dataclass(frozen=True)
class File:
    """One wheel that the index offers; `size` in bytes, `sha256` in hex, `yanked`: why it is."""

    name: str
    url: str
    wheel: wheel_names.Wheel
    size: int | None
    sha256: str
    yanked: str | None

    def entry(self, release: str) -> Entry:
        """Return the entry for sources.toml, with the index as its witness."""
        return Entry(
            release=release,
            position=0,
            component=self.wheel.component,
            arch=self.wheel.arch,
            python=self.wheel.python,
            name=self.name,
            urls=(self.url,),
            size=self.size,
            pypi_sha256=self.sha256,
        )


@dataclass(frozen=True)
class LeftOut:
    """A file that can't be pinned: `why` in one line, and the version that its name tells."""

    why: str
    version: Version | None


@dataclass(frozen=True)
class Project:
    """The wheels of a project that can be pinned, and each file that can't."""

    name: str
    files: tuple[File, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def versions(self) -> list[Version]:
        """The versions that have a wheel here that isn't yanked, oldest first."""
        return sorted({file.wheel.version for file in self.files if file.yanked is None})


def project(client: Client, index: str, name: str) -> Project:
    """Return what the index offers under `name`.

    Raises RknnError when the index can't be reached or has no such project, and BadFileError
    when what answers is no index.
    """
    url = f"{index.rstrip('/')}/{name}/"
    page = _page(url, client.text(url, accept=ACCEPT))
    files = []
    left_out = []
    for listed in page:
        try:
            files.append(_file(url, name, listed))
        except RknnError as error:
            left_out.append(LeftOut(str(error), _version(listed)))
    return Project(name, tuple(files), tuple(left_out))


def _page(url: str, text: str) -> list[Any]:
    try:
        page = json.loads(text)
    except ValueError as error:
        start = " ".join(text.split())[:SHOWN]
        what = "an HTML page" if start.lower().startswith(("<!doctype", "<html")) else repr(start)
        cure = "check the proxy and --index, which has to serve the simple API as JSON"
        raise BadFileError(f"{url}: {what} in place of the index; {cure}") from error
    files = page.get("files") if isinstance(page, dict) else None
    if not isinstance(files, list):
        raise BadFileError(f"{url}: JSON without a list of files; check --index")
    return files


def _file(url: str, project: str, listed: Any) -> File:  # noqa: ANN401
    if not isinstance(listed, dict):
        raise BadFileError(f"{url}: {listed!r} stands among the files")
    name, where, hashes = (listed.get(key) for key in ("filename", "url", "hashes"))
    if not isinstance(name, str) or not isinstance(where, str):
        raise BadFileError(f"{url}: a file without name or URL")
    wheel = wheel_names.read(name)
    if wheel.component != project:
        raise BadFileError(f"{name}: stands on the page of {project}")
    sha256 = hashes.get("sha256") if isinstance(hashes, dict) else None
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise BadFileError(f"{name}: the index gives no sha256")
    size = listed.get("size")
    yanked = listed.get("yanked")
    return File(
        name=name,
        url=_address(url, name, where),
        wheel=wheel,
        size=size if isinstance(size, int) and size > 0 else None,
        sha256=sha256,
        yanked=(yanked if isinstance(yanked, str) else "no reason given") if yanked else None,
    )


def _version(listed: Any) -> Version | None:  # noqa: ANN401
    name = listed.get("filename") if isinstance(listed, dict) else None
    found = VERSION.search(name) if isinstance(name, str) else None
    return versions.release(found["version"]) if found else None


def _address(page: str, name: str, where: str) -> str:
    """Return the URL of the file, which may be relative to the page.

    What stands before an @ in the index's own URL, perhaps a password, is no part of it.
    """
    try:
        parts = urlsplit(urljoin(page, where))
        host = parts.netloc.rpartition("@")[2]
        url = parts._replace(netloc=host, fragment="").geturl()
    except ValueError as error:
        raise BadFileError(f"{name}: {where!r} is no URL") from error
    if parts.scheme not in {"https", "http"}:
        raise BadFileError(f"{name}: {url!r} is no https URL")
    if parts.query or unquote(parts.path.rpartition("/")[2]) != name:
        raise BadFileError(f"{name}: {url} is the URL of something else")
    # Whoever can change the index alone can't send us to a host of his own.
    if page.startswith(f"{INDEX}/") and not url.startswith(FILES):
        raise BadFileError(f"{name}: {url} is not on {FILES}")
    return url
