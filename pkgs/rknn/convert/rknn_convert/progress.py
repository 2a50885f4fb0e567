"""A bar on the terminal in place of the toolkit's noise; with -v the noise; in a pipe nothing."""

from __future__ import annotations

import sys
from codecs import getincrementaldecoder
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_convert.printing import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from rknn_convert.heard import Listener
    from rknn_convert.noise import Mark

# What a person reads, and where on the bar (to 100) it begins; in the order that they come in.
STEPS = {
    "import": ("starting the toolkit", 0),
    "config": ("starting the toolkit", 28),
    "load": ("reading the model", 30),
    "Loading": ("reading the model", 32),
    "build": ("optimizing", 40),
    "OpFusing": ("optimizing", 42),
    "Quantizating": ("quantizing", 62),
    "rknn building": ("compiling for the NPU", 85),
    "export": ("writing", 96),
    "simulate": ("running the simulator", 97),
}
PLACES = [place for _, place in STEPS.values()]


@contextmanager
def listening(*, verbose: bool, quiet: bool) -> Iterator[Listener]:
    """Give who shows the progress while the block runs; the bar is gone afterwards."""
    if verbose:
        yield Loud()
    elif quiet or sys.stderr is None or not sys.stderr.isatty():
        yield Silent()
    else:
        # A fifth of a second to import, which a pipe need not wait for.
        from rich import progress  # noqa: PLC0415
        from rich.console import Console  # noqa: PLC0415

        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.TimeElapsedColumn(),
        )
        with progress.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            yield Drawn(shown)


class Silent:
    """A listener that shows nothing."""

    def printed(self, data: bytes) -> None:
        """Take it."""

    def step(self, name: str) -> None:
        """Take it."""

    def mark(self, mark: Mark) -> None:
        """Take it."""


class Loud(Silent):
    """A listener that shows all that the toolkit prints, on stderr."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def printed(self, data: bytes) -> None:
        """Pass it on."""
        write(sys.stderr, self._decode(data))


class Drawn(Silent):
    """A listener that moves a bar, never back."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._at = 0.0
        self._task = shown.add_task(STEPS["import"][0], total=100)

    def step(self, name: str) -> None:
        """Move to where the step begins."""
        self._move(name, 0.0)

    def mark(self, mark: Mark) -> None:
        """Move within the step."""
        # "OpFusing 0" to "OpFusing 2", each several times.
        self._move(mark.name.rstrip(" 0123456789"), mark.done)

    def _move(self, name: str, done: float) -> None:
        if name not in STEPS:
            return
        text, begin = STEPS[name]
        end = min((place for place in PLACES if place > begin), default=100)
        at = begin + done * (end - begin)
        if at >= self._at:
            self._at = at
            self._shown.update(self._task, description=text, completed=at)
