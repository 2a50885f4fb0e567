"""A command's main() called in this process, and what it ended with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest


@dataclass(frozen=True)
class Outcome:
    """What one run of a command ended with and printed."""

    status: int
    out: str
    err: str


def command(
    main: Callable[[Sequence[str]], int], capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Return `main` as a function of its arguments; usage errors are outcomes too."""

    def call(*argv: str | Path) -> Outcome:
        try:
            status = main([str(word) for word in argv])
        except SystemExit as end:
            status = int(str(end.code))
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return call
