"""Files on a loopback server, a sources.toml that pins them, and programs timed on them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError
from rknn_flake.pins.editing import add_entry, add_release
from rknn_flake.pins.entries import Entry
from rknn_flake.process import run, tool
from unit.loopback import Generated, Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RELEASE = "0.0.1"
COMPONENT = "rknn-toolkit-lite2"
PIECE = 1 << 20
HIGH_WATER = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What a program took: wall time in seconds, and the most memory it had at once, in bytes."""

    seconds: float
    peak: int


@dataclass(frozen=True)
class Served:
    """Files being served: their entries in the sources.toml at `pins`, and the server's CA."""

    entries: tuple[Entry, ...]
    pins: Path
    certificate: Path


@contextmanager
def served(scratch: Path, bodies: Sequence[bytes | Generated], latency: float) -> Iterator[Served]:
    """Serve `bodies` over TLS, each answer `latency` seconds after its request."""
    certificate = _certificate(scratch)
    with Server(certificate) as server:
        entries = tuple(
            _entry(number, body, server.route(f"/{_name(number)}", body, latency=latency))
            for number, body in enumerate(bodies)
        )
        pins = scratch / "sources.toml"
        pins.write_text(_sources(entries))
        yield Served(entries, pins, certificate)


def timed(argv: Sequence[str | Path], environment: Mapping[str, str | None], log: Path) -> Run:
    """Run a program to its end; raise CommandError, with what it printed, where it fails."""
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value}
    words = [str(word) for word in argv]
    with log.open("wb") as output:
        started = time.perf_counter()
        child = os.posix_spawn(
            words[0],
            words,
            variables,
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), number) for number in (1, 2)],
        )
        with ThreadPoolExecutor(1) as watcher:
            peak = watcher.submit(_peak, child)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            seconds = time.perf_counter() - started
        _, status = os.waitpid(child, 0)
    if status != 0:
        code = os.waitstatus_to_exitcode(status)
        raise CommandError(f"{' '.join(words)}: status {code}: {log.read_text()[-2000:]}")
    return Run(seconds, peak.result())


def _peak(child: int) -> int:
    """Return the most bytes that a process had resident, read until it is gone.

    Its ru_maxrss would not do: that begins with the peak of whoever started it.
    """
    peak = 0
    while found := HIGH_WATER.search(Path(f"/proc/{child}/status").read_text()):
        peak = int(found[1]) * 1024
        time.sleep(0.005)
    return peak


def _tag(number: int) -> str:
    return f"cp3{number}"


def _name(number: int) -> str:
    tag = _tag(number)
    return f"rknn_toolkit_lite2-{RELEASE}-{tag}-{tag}-manylinux_2_17_aarch64.whl"


def _entry(number: int, body: bytes | Generated, url: str) -> Entry:
    sha256 = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    for digest in (sha256, md5):
        if isinstance(body, bytes):
            digest.update(body)
        else:
            for start in range(0, body.size, PIECE):
                digest.update(bytes(min(PIECE, body.size - start)))
    return Entry(
        release=RELEASE,
        position=number,
        component=COMPONENT,
        arch="aarch64",
        python=_tag(number),
        name=_name(number),
        urls=(url,),
        size=len(body),
        hash=f"sha256-{base64.b64encode(sha256.digest()).decode()}",
        pypi_md5=md5.hexdigest(),
    )


def _sources(entries: Sequence[Entry]) -> str:
    text = add_release("", RELEASE, {})
    for entry in entries:
        text = add_entry(text, entry)
    return text


def _certificate(scratch: Path) -> Path:
    made, key = scratch / "certificate.pem", scratch / "key.pem"
    run(
        [
            *(tool("openssl"), "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=loopback"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", made),
        ]
    )
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made
