"""The state as the main loop saw it last, for the threads that answer kubelet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rknn_device_plugin.health import State


class Board:
    """Holds the state; threads may wait for another."""

    def __init__(self, state: State) -> None:
        self._changed = threading.Condition()
        self._state = state
        self._waiting = 0

    @property
    def is_heard(self) -> bool:
        """Whether somebody waits for another state."""
        with self._changed:
            return self._waiting > 0

    @property
    def state(self) -> State:
        """The state as it is."""
        with self._changed:
            return self._state

    def put(self, state: State) -> None:
        """Replace the state."""
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def wake(self) -> None:
        """Let those who wait look whether they still have to."""
        with self._changed:
            self._changed.notify_all()

    def health(self, is_wanted: Callable[[], bool], *, known: bool | None) -> bool | None:
        """Wait until health is other than `known` and return it; None: no longer wanted."""
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: self._state.is_healthy is not known or not is_wanted())
            self._waiting -= 1
            return self._state.is_healthy if is_wanted() else None
