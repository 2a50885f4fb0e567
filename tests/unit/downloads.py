"""Downloads for tests: bytes without a pattern, and what is wanted of them."""

from __future__ import annotations

import hashlib
import random

from rknn_flake.pins.download import Wanted

BODY = random.Random(3).randbytes(300_000)  # noqa: S311
OTHER = random.Random(4).randbytes(300_000)  # noqa: S311
PAGE = b"<!DOCTYPE html><title>Please log in</title>"


def sha256(body: bytes) -> str:
    """Return its digest in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def wanted(*urls: str, body: bytes = BODY) -> Wanted:
    """Return a wish for `body` of which size and digest are known."""
    return Wanted("body.whl", urls, len(body), sha256(body))


def unknown(*urls: str) -> Wanted:
    """Return a wish of which nothing is known but where it is."""
    return Wanted("body.whl", urls)


class Moves:
    """A bar that notes what it is told."""

    def __init__(self) -> None:
        self.at = 0.0
        self.totals: list[float | None] = []
        self.backwards = 0
        self.gone = False

    def advance(self, steps: float) -> None:
        """Note where it is, and how often it went back."""
        self.at += steps
        self.backwards += steps < 0

    def total(self, steps: float | None) -> None:
        """Note how many steps there are."""
        self.totals.append(steps)

    def text(self, label: str) -> None:
        """Show nothing."""

    def done(self) -> None:
        """Note the end."""
        self.gone = True
