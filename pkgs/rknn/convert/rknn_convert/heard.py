"""What the process that runs the toolkit says and prints, and how its work ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rknn_convert.job import Event, Failure
from rknn_convert.noise import Noise

if TYPE_CHECKING:
    from rknn_convert.noise import Mark


class Listener(Protocol):
    """Who is told, while it goes on, how far the toolkit is."""

    def printed(self, data: bytes) -> None:
        """Take what the toolkit printed."""

    def step(self, name: str) -> None:
        """Take that this step, one of job.STEPS, has begun."""

    def mark(self, mark: Mark) -> None:
        """Take how far the step is."""


class FailedError(Exception):
    """The toolkit failed; `failure` is what is known of it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


class Heard:
    """What the process said and printed."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._noise = Noise()
        self._rest = b""
        self._toolkit = ""
        self._step = "import"
        self._last: Event | None = None

    def noise(self, data: bytes) -> None:
        """Take what it printed."""
        self._listener.printed(data)
        for mark in self._noise.feed(data):
            self._listener.mark(mark)

    def events(self, data: bytes) -> None:
        """Take what it said."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for event in map(Event.read, lines):
            if event.kind == "toolkit":
                self._toolkit = event.text
            elif event.kind == "step":
                self._step = event.text
                self._listener.step(event.text)
            else:
                self._last = event

    def check(self, status: int) -> None:
        """Raise FailedError, unless the process ended with `status` and all is well."""
        self._noise.end()
        unsupported = tuple(self._noise.unsupported)
        # A graph with an operation that the NPU lacks gets a file all the same, which does not run.
        if status == 0 and self._last and self._last.kind == "done" and not unsupported:
            return
        said = self._last or Event("failed")
        errors = tuple(self._noise.errors)
        if status != 0 and not errors and self._noise.last:
            errors = (self._noise.last,)
        raise FailedError(
            Failure(
                step=said.step or self._step,
                toolkit=self._toolkit,
                text=said.text,
                errors=errors,
                unsupported=unsupported,
                signal=-status if status < 0 else None,
                is_usage=said.is_usage,
            )
        )
