"""What the tests of `rknn-pins check` share: a TLS server on loopback and a sources.toml for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from unit.pins_commands import Pins, body
from unit.pins_fixtures import entry

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.entries import Entry
    from rknn_flake.process import Completed
    from unit.loopback import Server


@dataclass(frozen=True)
class Shop:
    """Runs `check` against files that `server` has."""

    pins: Pins
    server: Server

    def file(self, name: str = "librknnrt.so", **values: Any) -> Entry:  # noqa: ANN401
        """Return the entry of a file that is served, pinned to what is served."""
        served = values.pop("served", None)
        content = values.setdefault("body", body() + name.encode())
        url = self.server.route(f"/{name}", content if served is None else served)
        made = {"component": name, "name": name, "urls": (url,)}
        return entry(**(made | values))

    def check(self, *argv: str) -> Completed:
        """Run it in a pipe."""
        return self.pins("check", *argv)

    def told(self, *argv: str) -> dict[str, Any]:
        """Run it with --json; return what it printed."""
        done = self.pins("check", "--json", *argv)
        assert done.stderr == "", done
        return dict(json.loads(done.stdout)) | {"status": done.status}


@pytest.fixture
def shop(tmp_path: Path, tls_server: Server, certificate: Path) -> Shop:
    """Return an empty cache and a server, with no files yet."""
    return Shop(Pins(tmp_path / "sources.toml", tmp_path / "cache", certificate), tls_server)
