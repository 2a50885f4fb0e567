"""Certificates are held against the file that the environment names, or the system's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import download
from unit.downloads import BODY, Moves, wanted

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.cache import Cache
    from unit.loopback import Server

NAMES = ("NIX_SSL_CERT_FILE", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name no file."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_a_certificate_that_nobody_trusts_is_one_line_with_the_cure(
    tls_server: Server, pins_cache: Cache, client: Client
) -> None:
    url = tls_server.route("/x", BODY)
    with pytest.raises(
        DownloadError,
        match=rf"^{url}: its certificate is not trusted \(self.signed cert.*SSL_CERT_FILE$",
    ):
        download(wanted(url), pins_cache, client, Moves())
    assert tls_server.hits() == []


@pytest.mark.parametrize("name", NAMES)
def test_the_named_file_is_trusted(  # noqa: PLR0913, PLR0917
    tls_server: Server,
    certificate: Path,
    pins_cache: Cache,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setenv(name, str(certificate))
    url = tls_server.route("/x", BODY)
    assert download(wanted(url), pins_cache, client, Moves()).path.read_bytes() == BODY


def test_a_certificate_for_another_host_is_one_line(
    tls_server: Server, certificate: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(DownloadError, match=r"not trusted \(Hostname mismatch"):
        client.text(tls_server.route("/x", BODY).replace("127.0.0.1", "localhost"))


def test_a_named_file_that_is_not_there_is_one_line(
    tls_server: Server, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    with pytest.raises(
        DownloadError, match=r"none, from SSL_CERT_FILE: no certificates to read there \(No such"
    ):
        client.text(tls_server.route("/x", BODY))


def test_a_named_file_without_certificates_is_one_line(
    tls_server: Server, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").write_text("nothing\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty"))
    with pytest.raises(DownloadError, match="empty, from SSL_CERT_FILE: no certificates to read"):
        client.text(tls_server.route("/x", BODY))


def test_a_server_without_tls_is_one_line(server: Server, client: Client) -> None:
    url = server.route("/x", BODY).replace("http:", "https:")
    with pytest.raises(DownloadError, match=r"/x: the connection broke: .*\(tried 4 times\)"):
        client.text(url)
