"""Runs a program of another Debian release on the loader and libraries unpacked beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")/..
exec "$here/{loader}" --library-path "{libraries}" "$here/{program}"{options} "$@"
"""


def wrap(root: Path, program: str, *, below: tuple[str, ...] = (), options: str = "") -> None:
    """Write bin/NAME for `program` into the unpacked packages `root`; it works wherever they lie.

    `below` are folders of libraries below the loader's own; `options` come first.
    """
    loaders = sorted(root.glob("usr/lib/*-linux-gnu*/ld-linux-*.so.*"))
    if len(loaders) != 1:
        raise BadFileError(f"{root}: found {len(loaders)} files ld-linux-*.so.*, expected 1")
    loader = loaders[0].relative_to(root)
    folders = (loader.parent, *(loader.parent / name for name in below))
    wrapper = root / "bin" / program.rpartition("/")[2]
    wrapper.parent.mkdir(exist_ok=True)
    text = SCRIPT.format(
        loader=loader,
        libraries=":".join(f"$here/{folder}" for folder in folders),
        program=program,
        options=options,
    )
    wrapper.write_text(text)
    wrapper.chmod(0o755)
