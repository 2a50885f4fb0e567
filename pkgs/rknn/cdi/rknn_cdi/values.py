"""What the options' arguments may be."""

from __future__ import annotations

import argparse
from pathlib import Path


def absolute(text: str) -> str:
    """Return the path, one that says where it leads."""
    # Else what is mounted is somewhere else than it seems.
    is_straight = text.startswith("/") and ".." not in Path(text).parts and text[-1] != "/"
    if not (is_straight and text.isprintable()):
        raise argparse.ArgumentTypeError(f"{text!r} is no absolute path of a file")
    return text


def file(text: str) -> Path:
    """Return an absolute path."""
    return Path(absolute(text))


def node(text: str) -> str:
    """Return the path of a device node."""
    if not absolute(text).startswith("/dev/"):
        raise argparse.ArgumentTypeError(f"{text!r} is not below /dev")
    return text


def heap(text: str) -> str:
    """Return the name of a DMA heap."""
    if not (text and text.isprintable()) or "/" in text or text in {".", ".."}:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a heap, such as system")
    return text


def group(text: str) -> int:
    """Return the number of a group."""
    if not (text.isascii() and text.isdecimal()) or int(text) >= 2**32 - 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a group")
    return int(text)
