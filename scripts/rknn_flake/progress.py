"""Bars on a terminal while something long runs, and nothing at all in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID


class Bar(Protocol):
    """One line of progress; safe to move from several threads."""

    def advance(self, steps: float) -> None:
        """Go on by `steps` (bytes, where the bars count bytes); below 0 goes back."""

    def total(self, steps: float | None) -> None:
        """Say how many steps there are in all; None: not known."""

    def text(self, label: str) -> None:
        """Show another label."""

    def done(self) -> None:
        """Take the line away."""


class Bars(Protocol):
    """Where lines of progress are added."""

    def bar(self, label: str, total: float | None = None) -> Bar:
        """Add a line."""


class _NoBar:
    def advance(self, steps: float) -> None: ...
    def total(self, steps: float | None) -> None: ...
    def text(self, label: str) -> None: ...
    def done(self) -> None: ...


class _NoBars:
    def bar(self, label: str, total: float | None = None) -> Bar:  # noqa: ARG002
        return _NoBar()


class _RichBar:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, steps: float) -> None:
        self._progress.advance(self._task, steps)

    def total(self, steps: float | None) -> None:
        self._progress.update(self._task, total=steps)

    def text(self, label: str) -> None:
        self._progress.update(self._task, description=label)

    def done(self) -> None:
        self._progress.remove_task(self._task)


class _RichBars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def bar(self, label: str, total: float | None = None) -> Bar:
        return _RichBar(self._progress, self._progress.add_task(label, total=total))


@contextmanager
def bars(*, count_bytes: bool = False) -> Iterator[Bars]:
    """Show bars on stderr while the block runs; they are gone afterwards.

    With `count_bytes` a bar shows sizes and the rate, otherwise the time that has passed.
    """
    if not sys.stderr.isatty():
        yield _NoBars()
        return
    # A fifth of a second to import, which a pipe need not wait for.
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    measures = (
        (progress.DownloadColumn(), progress.TransferSpeedColumn())
        if count_bytes
        else (progress.TimeElapsedColumn(),)
    )
    columns = (progress.TextColumn("{task.description}", markup=False), progress.BarColumn())
    with progress.Progress(
        *columns, *measures, console=Console(stderr=True), transient=True
    ) as shown:
        yield _RichBars(shown)


SILENT: Bars = _NoBars()
