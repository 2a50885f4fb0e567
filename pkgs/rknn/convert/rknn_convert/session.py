"""The process that runs the toolkit, in a folder of its own; it ends whenever this does."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
from typing import TYPE_CHECKING, TypeVar

from rknn_convert.environment import command, environment
from rknn_convert.heard import Heard
from rknn_convert.scratch import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rknn_convert.heard import Listener
    from rknn_convert.job import Job

CHUNK = 65536
LOOK_SECONDS = 0.2
LAST_STANDARD = 2
T = TypeVar("T")


def run(job: Job, scratch: Path, listener: Listener, meanwhile: Callable[[], T]) -> T:
    """Have the toolkit do the job, and return what `meanwhile` did; raise FailedError.

    That is called once the process has begun, which takes a second to import the toolkit.
    """
    heard = Heard(listener)
    request = scratch / "job.json"
    request.write_text(job.text(), encoding="utf-8")
    _open_standard()
    for_events, events = os.pipe()
    for_noise, noise = os.pipe()
    with contextlib.ExitStack() as ends:
        ends.callback(os.close, for_events)
        ends.callback(os.close, for_noise)
        with open(events, "wb", 0), open(noise, "wb", 0), request.open("rb") as text:  # noqa: PTH123
            child = subprocess.Popen(
                command(events),
                stdin=text,
                stdout=noise,
                stderr=noise,
                # The toolkit adds <current folder>/../base to Python's path.
                cwd=scratch / "run",
                env=environment(scratch),
                pass_fds=(events,),
                # Ctrl-C on the terminal is for us alone: the toolkit catches it and goes on.
                start_new_session=True,
            )
        try:
            found = meanwhile()
            _watch(child.pid, {for_events: heard.events, for_noise: heard.noise})
        finally:
            with undisturbed():
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
    heard.check(child.returncode)
    return found


def _open_standard() -> None:
    """Open what of 0 to 2 was closed: a pipe would get its number, and lose it in the child."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= LAST_STANDARD:
        pass
    os.close(descriptor)


def _watch(pid: int, readers: Mapping[int, Callable[[bytes], None]]) -> None:
    """Read until both ends are closed, and wait; processes that the child left may keep them open.

    The child is not reaped, so that its process group stays its own.
    """
    with selectors.DefaultSelector() as selector:
        for descriptor, reader in readers.items():
            selector.register(descriptor, selectors.EVENT_READ, reader)
        while selector.get_map():
            ready = selector.select(LOOK_SECONDS)
            for key, _ in ready:
                data = os.read(key.fd, CHUNK)
                if data:
                    key.data(data)
                else:
                    selector.unregister(key.fd)
            if not ready and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
