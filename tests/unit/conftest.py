"""What every unit test may ask for: HTTP servers on loopback (unit.loopback), and what fetches."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.cache import Cache
from rknn_flake.pins.client import Client
from rknn_flake.process import run
from unit.loopback import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the machine's own proxies, which do not reach loopback."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server(no_proxies: None) -> Iterator[Server]:  # noqa: ARG001
    """Yield an HTTP server without routes; closed, with all its threads, after the test."""
    with Server() as opened:
        yield opened


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a self-signed certificate for 127.0.0.1, with its key, in one PEM file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on PATH to make a certificate with")
    made, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=loopback"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", made),
        ]
    )
    with made.open("ab") as opened:
        opened.write(key.read_bytes())
    return made


@pytest.fixture
def tls_server(no_proxies: None, certificate: Path) -> Iterator[Server]:  # noqa: ARG001
    """Yield a server that speaks TLS with `certificate`, which nobody trusts unless told."""
    with Server(certificate) as opened:
        yield opened


@pytest.fixture
def pins_cache(tmp_path: Path) -> Cache:
    """Return an empty cache of downloads."""
    return Cache(tmp_path / "pins")


@pytest.fixture
def client() -> Client:
    """Return a client that waits as briefly as a test should."""
    return Client(connect=2.0, read=0.5, backoff=0.01)
