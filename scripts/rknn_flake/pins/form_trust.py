"""Whether somebody other than the download vouches for a file, and what a person has noted."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.pins.entries import Entry

NOTED = re.compile(r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[^0-9].*")


def faults(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the witnesses of one file, and why it is not fetched."""
    trusted = entry.trust_on_first_use
    if trusted is not None and not _dated(trusted):
        yield (
            f"trust-on-first-use is {trusted!r}; "
            "write the date and why, as in 2026-01-31: nobody publishes a digest of it"
        )
    elif trusted is None and entry.witnesses == 0:
        yield (
            "no witness; write one of git-blob, upstream-md5, pypi-md5, pypi-sha256 and records, "
            "or trust-on-first-use"
        )
    for key, texts in (("records", entry.records), ("disputes", entry.disputes)):
        if not all(text.strip() for text in texts):
            yield f"{key} has an empty text; write who it was, or take it out"
    if entry.disputes:
        said = "; ".join(" ".join(text.split()) for text in entry.disputes)
        yield f"disputed, so it is not fetched: {said}; judge it, then take out disputes"


def _dated(text: str) -> bool:
    found = NOTED.fullmatch(text)
    try:
        return found is not None and bool(date.fromisoformat(found["date"]))
    except ValueError:
        return False
