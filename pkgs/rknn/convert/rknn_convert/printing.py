"""Texts from files and users, on one line of whatever takes them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

ELLIPSIS = "…"
LONGEST = 200


def printable(text: str) -> str:
    """Return `text` on one line: escaped is what would move the cursor, beep or break the line."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode()
        for one in text
    )


def cut(text: str, longest: int = LONGEST) -> str:
    """Return `text` on one line of at most `longest` characters."""
    shown = printable(text[: longest + 1])
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}{ELLIPSIS}"


def write(stream: TextIO | None, text: str) -> None:
    """Write `text` whatever the encoding is; OSError where it can't be written.

    A stream that was closed before Python began is None, and takes nothing.
    """
    if stream is None:
        return
    is_own = stream is sys.__stdout__
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError:
        if is_own:
            # Else Python tries again at its end, and prints a traceback.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise
