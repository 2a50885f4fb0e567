"""What the command lines of the NPU's programs have in common."""

from __future__ import annotations

import argparse
from typing import NoReturn

DAY = 86400


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


def seconds(text: str) -> float:
    """Return a time of at most a day."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= DAY:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and {DAY}")
    return number
