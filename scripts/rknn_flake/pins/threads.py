"""Work on several things at once, with results as they come, that Ctrl-C ends promptly."""

from __future__ import annotations

import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
# Seconds that threads get to end by themselves when the work is broken off.
GRACE = 0.3


def completed(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int,
    stop: Callable[[], None],
) -> Generator[tuple[Item, Result | RknnError], None, None]:
    """Yield each item with what `work` made of it, in order of completion; errors are values.

    When the iteration is broken off, `stop` is called, which should make `work` return soon.
    """
    waiting: SimpleQueue[Item] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result | Exception]] = SimpleQueue()
    for item in items:
        waiting.put(item)
    # Daemons: Ctrl-C need not wait for one that waits for a server.
    threads = [
        threading.Thread(target=_work_off, args=(work, waiting, done), daemon=True)
        for _ in range(min(max(jobs, 1), len(items)))
    ]
    left = len(items)
    try:
        for thread in threads:
            thread.start()
        while left:
            item, result = done.get()
            left -= 1
            if isinstance(result, Exception) and not isinstance(result, RknnError):
                raise result
            yield item, result
    finally:
        if left:
            stop()
        _join(threads)


def _work_off(
    work: Callable[[Item], Result],
    waiting: SimpleQueue[Item],
    done: SimpleQueue[tuple[Item, Result | Exception]],
) -> None:
    while True:
        try:
            item = waiting.get_nowait()
        except Empty:
            return
        try:
            done.put((item, work(item)))
        except Exception as error:  # noqa: BLE001  # raised where the result is waited for
            done.put((item, error))


def _join(threads: Sequence[threading.Thread]) -> None:
    deadline = time.monotonic() + GRACE
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(0.0, deadline - time.monotonic()))
