"""Entries and whole texts of sources.toml, with defaults for what is left open."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake.pins import editing, form, sources
from rknn_flake.pins.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REV = "4" * 40
WHEEL = "rknn_toolkit_lite2-{release}-{python}-{python}-manylinux_2_17_{arch}.whl"
HEAD = "# One table a file; this comment stays.\n\n[defaults]\n"


def sri(body: bytes = b"body") -> str:
    """Return the SRI sha256 of `body`."""
    return f"sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def blob(body: bytes = b"body") -> str:
    """Return git's object id of a file with the content `body`."""
    framed = b"blob %d\0%b" % (len(body), body)
    return hashlib.sha1(framed, usedforsecurity=False).hexdigest()


def entry(**values: Any) -> Entry:  # noqa: ANN401
    """Return an entry: librknnrt 2.3.2 from the SDK by git, pinned and with one witness.

    The URL follows from release, arch and name unless it is given; `body=b"…"` makes hash, size
    and git-blob those of a content, and `hash=None` leaves a pin out.
    """
    made: dict[str, Any] = {"release": "2.3.2", "component": "librknnrt", "arch": "aarch64"}
    made |= {"name": "librknnrt.so", "position": 0, **values}
    where = f"{made['release']}/{made['component']}/{made['arch']}/{made['name']}"
    body = made.pop("body", where.encode())
    url = f"https://raw.githubusercontent.com/airockchip/rknn-toolkit2/{REV}/{where}"
    made = {"urls": (url,), "hash": sri(body), "git_blob": blob(body), **made}
    return Entry(**{"size": len(body) if made["hash"] else None, **made})


def wheel(**values: Any) -> Entry:  # noqa: ANN401
    """Return an entry for a wheel on PyPI: rknn-toolkit-lite2 2.3.2, cp312, aarch64; as `entry`.

    Its witness is PyPI's md5.
    """
    made: dict[str, Any] = {"release": "2.3.2", "python": "cp312", "arch": "aarch64", **values}
    name = made.setdefault("name", WHEEL.format(**made))
    body = made.setdefault("body", name.encode())
    url = f"https://files.pythonhosted.org/packages/aa/bb/{'c' * 60}/{name}"
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    made = {"component": "rknn-toolkit-lite2", "urls": (url,), "git_blob": None, **made}
    return entry(**{"pypi_md5": md5, **made})


def text(entries: Sequence[Entry], defaults: Mapping[str, str] | None = None) -> str:
    """Return a sources.toml with these entries, each release with a tag and a rev."""
    if defaults is None:
        defaults = {"runtime": entries[0].release} if entries else {}
    made = HEAD + "".join(f'{name} = "{release}"\n' for name, release in defaults.items())
    for release in reversed(dict.fromkeys(entry.release for entry in entries)):
        made = editing.add_release(made, release, {"tag": f"v{release}", "rev": REV})
    for one in entries:
        made = editing.add_entry(made, one)
    return made


def said(*entries: Entry, **about: Mapping[str, str]) -> list[str]:
    """Return what form.findings says of these entries; `about` is `defaults` and `revs`.

    Where `revs` is not given, each release has REV.
    """
    revs = about.get("revs", dict.fromkeys((entry.release for entry in entries), REV))
    known = sources.Sources(Path("sources.toml"), entries, about.get("defaults", {}), revs)
    return [str(finding) for finding in form.findings(known)]


def write(
    path: Path, entries: Sequence[Entry], defaults: Mapping[str, str] | None = None
) -> sources.Sources:
    """Write such a file to `path` and return what it says; an entry's position is the file's."""
    path.write_text(text(entries, defaults), encoding="utf-8", newline="")
    return sources.read(path)
