"""Fixtures for the tests of `rknn-pins prefetch`, named in their pytest_plugins."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from rknn_flake.pins import cli, sources
from unit import commands, pins_fixtures
from unit.pins_commands import Pins
from unit.prefetch_files import body, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rknn_flake.pins.entries import Entry
    from unit.commands import Outcome
    from unit.loopback import Server


@dataclass
class Fetching:
    """A sources.toml, a server, and the command, whose private store is empty at first."""

    folder: Path
    server: Server
    call: Callable[..., Outcome]
    pins: Pins = field(init=False)

    def __post_init__(self) -> None:
        self.pins = Pins(self.folder / "checkout" / "sources.toml", self.folder / "cache")
        self.path.parent.mkdir()

    @property
    def path(self) -> Path:
        """The sources.toml."""
        return self.pins.path

    def file(self, number: int = 0, **values: Any) -> Entry:  # noqa: ANN401
        """Return the entry of a file without hash; the server has it unless `served` is another.

        The keywords in `faults` are the server's.
        """
        served = values.pop("served", body(number))
        url = self.server.route(f"/part{number}.so", served, **values.pop("faults", {}))
        return missing(number, url, **values)

    def run(self, *argv: str) -> Outcome:
        """Run it in this process with the private store."""
        return self.call("prefetch", "--file", self.path, "--store", "private", *argv)

    def hashes(self) -> list[str | None]:
        """Return what sources.toml says now."""
        return [entry.hash for entry in sources.read(self.path).entries]


@pytest.fixture
def fetching(
    tmp_path: Path,
    server: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Fetching]:
    """Return a command to run, and a server without files."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path / "cache"))
    yield Fetching(tmp_path, server, commands.command(_main, capsys))
    for number, handler in kept.items():
        signal.signal(number, handler)


class Tried(Protocol):
    """One run on one file, whose entry has the keyword values, that ends without its hash."""

    def __call__(self, *argv: str, **values: Any) -> list[str]:  # noqa: ANN401
        """Check that sources.toml is as it was; return the lines but the summary."""


@pytest.fixture
def tried(fetching: Fetching) -> Tried:
    """Return a run that has to end with status 1 and nothing on stderr."""

    def run(*argv: str, **values: Any) -> list[str]:  # noqa: ANN401
        pins_fixtures.write(fetching.path, [fetching.file(0, **values)])
        before = fetching.path.read_bytes()
        done = fetching.run(*argv)
        assert (done.status, done.err) == (1, ""), done
        assert fetching.path.read_bytes() == before
        return done.out.splitlines()[:-1]

    return run


@pytest.fixture
def real_nix() -> None:
    """Skip where there is no Nix."""
    if shutil.which("nix") is None:
        pytest.skip("no nix on PATH; scripts/test installs it")


def _main(argv: Sequence[str]) -> int:
    return cli.main(list(argv))
