"""An accepted download's hash and size, written into sources.toml as it is by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rknn_flake.errors import BadFileError
from rknn_flake.pins import editing, sources
from rknn_flake.pins.verdict import sri, verdict

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.digests import Digests
    from rknn_flake.pins.entries import Entry


class MeanwhileError(BadFileError):
    """Somebody has changed the file so that this one download does not fit it any more."""


def note(path: Path, entry: Entry, found: Digests, trusted: str | None) -> str:
    """Write hash and size of `entry` to the file at `path`; return who vouches for them.

    `trusted` is what the file says where nobody does; None: somebody must. Raises MeanwhileError
    where only this entry of the file has been changed, and another RknnError where nothing can be
    noted in the file any more: it is gone, no TOML, or can't be written.
    """
    vouching: tuple[str, ...] = ()

    def change(text: str) -> str:
        nonlocal vouching
        now = _in(path, text, entry)
        said = verdict(now, found)
        if now.disputes:
            raise MeanwhileError("somebody has noted disputes meanwhile; judge, and run it again")
        if said.disagreed:
            raise MeanwhileError(
                f"changed in the file meanwhile: {said.disagreed[0]}; run it again"
            )
        if not said.witnessed and trusted is None:
            raise MeanwhileError("its witnesses were taken out of the file meanwhile; run it again")
        vouching = tuple(key for key in said.agreed if key in now.digests)
        if now.hash is not None:
            return text
        values: dict[str, Any] = {"hash": sri(found), "size": found.size}
        if not vouching:
            values["trust-on-first-use"] = trusted
        return editing.set_keys(text, entry, values)

    editing.edit(path, change)
    return f"{' and '.join(vouching)} agreed" if vouching else "nobody else vouches for it"


def _in(path: Path, text: str, entry: Entry) -> Entry:
    entries = sources.parsed(path, text).entries
    if not entries:
        raise BadFileError(f"{path}: no files in it any more; take it from git")
    for now in entries:
        if now.key == entry.key:
            return now
    raise MeanwhileError("no longer in the file; somebody took it out meanwhile")
