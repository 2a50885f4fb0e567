"""Redirects are followed, but not for ever and not out of TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import download
from unit.downloads import BODY, Moves, wanted
from unit.loopback import Generated

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.cache import Cache
    from unit.loopback import Server


def test_a_redirect_is_followed(server: Server, pins_cache: Cache, client: Client) -> None:
    server.route("/body", BODY)
    url = server.route("/x", redirect="/body")
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert got.url == url


def test_the_rest_is_asked_for_behind_a_redirect(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    server.route("/body", BODY, cut=1000)
    url = server.route("/x", redirect="/body")
    assert download(wanted(url), pins_cache, client, Moves()).digests.size == len(BODY)
    assert [hit.range for hit in server.hits("/body")] == [None, "bytes=1000-"]


def test_five_redirects_are_followed(server: Server, client: Client) -> None:
    server.route("/5", b"text")
    for number in range(5):
        server.route(f"/{number}", redirect=f"/{number + 1}")
    assert client.text(f"{server.url}/0") == "text"
    assert len({hit.connection for hit in server.hits()}) == 1


def test_a_loop_is_one_line_that_says_from_where(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", redirect="/y")
    server.route("/y", redirect="/x")
    with pytest.raises(DownloadError, match=rf"^{url}: more than 5 redirects, .*/x; is it a loop"):
        download(wanted(url), pins_cache, client, Moves())
    assert len(server.hits()) == 6


def test_the_way_out_of_tls_is_not_taken(
    server: Server,
    tls_server: Server,
    certificate: Path,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NIX_SSL_CERT_FILE", str(certificate))
    url = tls_server.route("/x", redirect=server.route("/y", b"text"))
    with pytest.raises(DownloadError, match=r"/x: redirected from https to http:.*: not followed"):
        client.text(url)
    assert server.hits() == []


def test_the_way_into_tls_is_taken(
    server: Server,
    tls_server: Server,
    certificate: Path,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NIX_SSL_CERT_FILE", str(certificate))
    url = server.route("/x", redirect=tls_server.route("/y", b"text"))
    assert client.text(url) == "text"


@pytest.mark.parametrize("location", ["https://[", "http://[x"])
def test_a_redirect_to_what_is_no_url_is_one_line(
    server: Server, client: Client, location: str
) -> None:
    url = server.route("/x", redirect=location)
    with pytest.raises(DownloadError) as raised:
        client.text(url)
    assert str(raised.value).startswith(f"{url}: redirected to {location!r}, which is no URL (")


def test_the_body_of_a_redirect_is_not_read_to_its_end(server: Server, client: Client) -> None:
    server.route("/y", b"text")
    url = server.route(
        "/x", Generated(1 << 40), framing="chunked", found=302, headers={"Location": "/y"}
    )
    assert client.text(url) == "text"
