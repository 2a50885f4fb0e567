"""What all three commands parse their words with."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, and to which "-1,0,1" is a value."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        super().__init__(**given)
        # Else "expected one argument": argparse's own is of one number, up to Python 3.13.
        self._negative_number_matcher = re.compile(r"-\.?\d")

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ANN401
        # Of a closed stream: "'NoneType' object has no attribute 'write'", up to Python 3.11.2.
        with suppress(AttributeError, OSError):
            super()._print_message(message, file)
