"""rknn-pins run by tests: in this process, in a pipe, or on a pseudo-terminal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pexpect

from rknn_flake.paths import PROJECT
from rknn_flake.process import Completed, run
from unit import pins_fixtures

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.entries import Entry

START = (sys.executable, "-P", "-m", "rknn_flake.start", "pins.cli")


@dataclass(frozen=True)
class Pins:
    """Runs the command on the file `path` with its cache in `cache`.

    `certificate` is trusted by downloads, and no other is.
    """

    path: Path
    cache: Path
    certificate: Path | None = None

    def write(self, *entries: Entry) -> None:
        """Have sources.toml pin these."""
        pins_fixtures.write(self.path, entries, {})

    @property
    def environment(self) -> dict[str, str | None]:
        """What is laid over the environment of the command."""
        proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
        return {
            "PYTHONPATH": os.pathsep.join(
                (str(PROJECT / "scripts"), str(PROJECT / "pkgs/rknn/hooks"))
            ),
            "RKNN_FLAKE_CACHE": str(self.cache),
            "TERM": "xterm",
            "NO_COLOR": None,
            "COLUMNS": None,
            **dict.fromkeys(proxies),
            **dict.fromkeys(name.upper() for name in proxies),
            "NIX_SSL_CERT_FILE": None,
            **({"SSL_CERT_FILE": str(self.certificate)} if self.certificate else {}),
        }

    def words(self, *argv: str) -> list[str]:
        """Return the whole command; `argv` begins with the name of a command."""
        name, *others = argv
        return [*START, name, "--file", str(self.path), *others]

    def __call__(self, *argv: str, **environment: str) -> Completed:
        """Run it with its output in pipes."""
        return run(
            self.words(*argv), env={**self.environment, **environment}, check=False, timeout=60
        )

    def on_terminal(self, *argv: str, columns: int = 120) -> pexpect.spawn:
        """Start it on a pseudo-terminal of its own."""
        program, *arguments = self.words(*argv)
        merged = {**os.environ, **self.environment}
        return pexpect.spawn(
            program,
            arguments,
            env={name: value for name, value in merged.items() if value is not None},
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=30,
        )


def ended(child: pexpect.spawn) -> int:
    """Wait for the end of what runs on the terminal; return its exit status."""
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus if child.exitstatus is not None else -child.signalstatus)


def body(size: int = 3000) -> bytes:
    """Return bytes that differ from their neighbours, so that a shifted resume shows."""
    return b"".join(number.to_bytes(4, "big") for number in range(size // 4))
