"""The one place that runs subprocesses: argument lists only, never a shell."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError, MissingToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# Enough of a failed command's last words to see the reason, not its whole log.
TAIL_LINES = 25
# How soon a command notices that it is to halt.
HALT_SECONDS = 0.2


@dataclass(frozen=True)
class Completed:
    """What a finished command left: its exit status and its text output."""

    argv: tuple[str, ...]
    status: int
    stdout: str
    stderr: str


def tool(name: str) -> str:
    """Return the path of program `name`; raise MissingToolError when PATH has none."""
    found = shutil.which(name)
    if found is None:
        raise MissingToolError(
            f"{name}: not found on PATH; scripts/demo and scripts/test install what is missing"
        )
    return found


def run(  # noqa: PLR0913
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    stdin: str | None = None,
    capture: bool = True,
    check: bool = True,
    timeout: float | None = None,
    grace: float | None = 10.0,
    halt: threading.Event | None = None,
) -> Completed:
    """Run `argv` and return what it printed.

    `env` is laid over the present environment; None takes a variable out. With `capture` off the
    command writes to our own stdout and stderr. `timeout` is in seconds, and so is `grace`: how
    long a command has to end after Ctrl-C or the timeout before it is killed; None lets it finish.
    `halt`, once set, ends the command too: Ctrl-C reaches the main thread only.
    Raises MissingToolError when the program does not exist and CommandError, with the end of its
    output, when `check` is on and it fails.
    """
    words = tuple(str(word) for word in argv)
    pipe = subprocess.PIPE if capture else None
    try:
        child = subprocess.Popen(
            words,
            cwd=cwd,
            env=_environment(env),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=pipe,
            stderr=pipe,
            text=True,
            errors="replace",
        )
    except FileNotFoundError as error:
        raise MissingToolError(
            f"{words[0]}: not found; needed to run: {shlex.join(words)}"
        ) from error
    with child:
        try:
            with _halting(child, halt, grace):
                out, err = child.communicate(stdin, timeout)
        except BaseException as error:
            _end(child, grace)
            if isinstance(error, subprocess.TimeoutExpired):
                raise CommandError(f"{shlex.join(words)}: no end after {timeout:g} s") from error
            raise
    result = Completed(words, child.returncode, out or "", err or "")
    if check and result.status != 0:
        raise CommandError(f"{shlex.join(words)}: exit status {result.status}{tail(result)}")
    return result


@contextmanager
def _halting(
    child: subprocess.Popen[str], halt: threading.Event | None, grace: float | None
) -> Iterator[None]:
    """End `child` once `halt` is set; raise KeyboardInterrupt then."""
    if halt is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not halt.is_set():
            if over.wait(HALT_SECONDS):
                return
        if grace is not None:
            child.terminate()
            if not over.wait(grace):
                child.kill()

    # Not communicate() in slices: it does not send the rest of the input after a timeout.
    watcher = threading.Thread(target=watch, name="halt")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    if halt.is_set():
        raise KeyboardInterrupt


def _environment(changes: Mapping[str, str | None] | None) -> dict[str, str] | None:
    if changes is None:
        return None
    return {name: value for name, value in {**os.environ, **changes}.items() if value is not None}


def _end(child: subprocess.Popen[str], grace: float | None) -> None:
    if grace is not None:
        child.terminate()
    try:
        child.communicate(timeout=grace)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()


def tail(result: Completed) -> str:
    """Return the last lines a command printed, indented below a message; empty if it was silent."""
    lines = (result.stderr.strip() or result.stdout.strip()).splitlines()[-TAIL_LINES:]
    return "".join(f"\n  {line}" for line in lines)
