"""What the checks of this folder say, and how: one line each, whatever is in the files."""

from __future__ import annotations

import argparse
import struct
from typing import TYPE_CHECKING, NoReturn

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError

if TYPE_CHECKING:
    from pathlib import Path

# What pyelftools raises on damaged files.
DAMAGE = (
    ELFError,
    ConstructError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
    struct.error,
)


class CheckError(Exception):
    """A check failed; the message is `<file>: <check>: found <x>, expected <y>`, and what to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


def one_line(text: str) -> str:
    """Return `text` without line breaks, which damaged names and paths can hold, and printable."""
    return " ".join(text.split()).encode(errors="backslashreplace").decode()


def failure(path: Path, check: str, found: str, expected: str, advice: str = "") -> CheckError:
    """Build the one line of a failed check."""
    return CheckError(
        one_line(f"{path}: {check}: found {found}, expected {expected}{advice and f' ({advice})'}")
    )
