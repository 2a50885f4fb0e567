"""A program killed at the entry of a chosen system call, by strace."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Calls that change a file, a folder or a lock. openat is not among them: an importing thread opens
# hundreds of files, so that "the third openat of the writing thread" is no place strace can name;
# before it all is as after the call before, and what it made is seen at the next, fchown or write.
# "?": some machines have not all of them.
CALLS = (
    *("write", "pwrite64", "writev", "pwritev", "ftruncate", "?truncate", "fallocate"),
    *("fsync", "fdatasync", "fchmod", "fchown", "?chmod", "fchmodat", "?chown", "fchownat"),
    *("?rename", "?renameat", "renameat2", "?unlink", "unlinkat", "?link", "linkat"),
    *("?symlink", "symlinkat", "?mkdir", "mkdirat", "?rmdir", "flock", "copy_file_range"),
)
LINE = re.compile(r"^(?P<task>\d+) +(?P<call>[a-z0-9_]+)\(", re.MULTILINE)
KILLED = -signal.SIGKILL


@dataclass(frozen=True, order=True)
class Point:
    """The `number`th time (from 1) that a thread of the program makes the call."""

    call: str
    number: int


def why_not() -> str | None:
    """Return why no program can be killed so here; None where it can."""
    if shutil.which("strace") is None:
        return "no strace on PATH; scripts/test installs it"
    tried = run(["strace", "-qq", "-e", "trace=none", "true"], check=False)
    return f"strace may not trace: {tried.stderr.strip()}" if tried.status != 0 else None


def points(words: Sequence[str], environment: Mapping[str, str], log: Path) -> list[Point]:
    """Run the program to its end and return where it can be killed, in no order.

    The programs it starts are traced with it; places that one of them comes to are left out.
    """
    _traced(words, environment, f"trace={','.join((*CALLS, 'execve'))}", log)
    counts: dict[str, Counter[str]] = {}
    others = set()
    for number, line in enumerate(LINE.finditer(log.read_text(errors="replace"))):
        if line["call"] == "execve" and number > 0:
            others.add(line["task"])
        counts.setdefault(line["task"], Counter())[line["call"]] += 1
    first, last = Counter[str](), Counter[str]()
    for task, made in counts.items():
        most = first if task in others else last
        most |= made
    del last["execve"]
    return [
        Point(call, number)
        for call, most in last.items()
        for number in range(first[call] + 1, most + 1)
    ]


def killed(words: Sequence[str], environment: Mapping[str, str], point: Point, log: Path) -> bool:
    """Run the program until `point`; say whether it was killed there."""
    # --seccomp-bpf would be faster, but signals are lost with it: "injected" in the log, and no
    # more (strace 6.1).
    inject = f"inject={point.call}:signal=KILL:when={point.number}"
    status = _traced(words, environment, f"trace={point.call}", log, "-e", inject)
    return status == KILLED


def _traced(
    words: Sequence[str], environment: Mapping[str, str], trace: str, log: Path, *more: str
) -> int:
    strace = ["strace", "-f", "-qq", "-o", str(log), "-e", trace, "-e", "signal=none", *more]
    return subprocess.run(
        [*strace, "--", *words],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    ).returncode
