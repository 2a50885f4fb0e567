"""Files that a test of `rknn-pins prefetch` fetches, and stand-ins for Nix."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from rknn_flake.pins import editing
from unit import pins_fixtures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pytest

    from rknn_flake.pins.entries import Entry

# Knows the files of its folder by the end of the URL, and fails for others.
STAND_IN = """#!/bin/sh
for url; do :; done
if [ "$url" = --version ]; then echo "nix (Nix) 2.99.0"; exit; fi
IFS= read -r answer <"{folder}/${{url##*/}}" || exit 1
printf '%s\\n' "$answer"
"""


def program(folder: Path, name: str, script: str) -> Path:
    """Put an executable script into `folder`."""
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text(script)
    made.chmod(0o755)
    return made


def only(monkeypatch: pytest.MonkeyPatch, folder: Path, **programs: str) -> None:
    """Make these scripts the only programs on PATH; "_" in a name stands for "-"."""
    folder.mkdir(exist_ok=True)
    for name, script in programs.items():
        program(folder, name.replace("_", "-"), script)
    monkeypatch.setenv("PATH", str(folder))


def first(monkeypatch: pytest.MonkeyPatch, folder: Path, **programs: str) -> None:
    """Put these scripts before all else on PATH."""
    path = os.environ["PATH"]
    only(monkeypatch, folder, **programs)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{path}")


def body(number: int) -> bytes:
    """Return the content of the file that `missing(number)` is about."""
    return b"file %d\n" % number * 50


def md5(content: bytes) -> str:
    """Return the md5 of `content` in hexadecimal."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def missing(number: int, url: str, **values: Any) -> Entry:  # noqa: ANN401
    """Return an entry without hash whose git-blob is that of body(number), downloaded at `url`."""
    made = {
        "component": f"part{number}",
        "name": f"part{number}.so",
        "git_blob": pins_fixtures.blob(body(number)),
        "urls": (url,),
        "hash": None,
        "position": number,
        **values,
    }
    return pins_fixtures.entry(**made)


def answering(folder: Path, bodies: Mapping[str, bytes]) -> str:
    """Return a stand-in `nix` that says to have fetched `bodies` (end of the URL -> content)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in bodies.items():
        stored = folder / f"stored-{name}"
        stored.write_bytes(content)
        answer = {"hash": pins_fixtures.sri(content), "storePath": str(stored)}
        (folder / name).write_text(json.dumps(answer) + "\n")
    return STAND_IN.format(folder=folder)


def filled_in(original: str, entries: Sequence[Entry]) -> str:
    """Return the text `original` with hash and size of the content of these entries."""
    text = original
    for entry in entries:
        content = body(entry.position)
        values = {"hash": pins_fixtures.sri(content), "size": len(content)}
        text = editing.set_keys(text, entry, values)
    return text
