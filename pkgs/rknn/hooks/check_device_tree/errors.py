"""What goes wrong with a device tree, as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TreeError(Exception):
    """A check failed; the message is `<file>: <where>: found <x>, expected <y>`, and what to do."""


def failure(path: Path, where: str, found: str, expected: str, advice: str = "") -> TreeError:
    """Build the one line of a failed check."""
    text = f"{path}: {where}: found {found}, expected {expected}{advice and f' ({advice})'}"
    return TreeError(" ".join(text.split()).encode(errors="backslashreplace").decode())
