"""The one place that runs subprocesses: argument lists only, never a shell."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError, MissingToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Enough of a failed command's last words to see the reason, not its whole log.
TAIL_LINES = 25


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
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    capture: bool = True,
    check: bool = True,
    timeout: float | None = None,
) -> Completed:
    """Run `argv` and return what it printed.

    `env` is laid over the present environment. With `capture` off the command writes to our own
    stdout and stderr. `timeout` is in seconds. Raises MissingToolError when the program does not
    exist and CommandError, with the end of its output, when `check` is on and it fails.
    """
    words = tuple(str(word) for word in argv)
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=None if env is None else {**os.environ, **env},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=capture,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
        )
    except FileNotFoundError as error:
        raise MissingToolError(
            f"{words[0]}: not found; needed to run: {shlex.join(words)}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"{shlex.join(words)}: no end after {timeout:g} s") from error
    result = Completed(words, done.returncode, done.stdout or "", done.stderr or "")
    if check and result.status != 0:
        raise CommandError(f"{shlex.join(words)}: exit status {result.status}{tail(result)}")
    return result


def tail(result: Completed) -> str:
    """Return the last lines a command printed, indented below a message; empty if it was silent."""
    lines = (result.stderr.strip() or result.stdout.strip()).splitlines()[-TAIL_LINES:]
    return "".join(f"\n  {line}" for line in lines)
