"""What may pass by itself is tried again, with pauses; what will not is not."""

from __future__ import annotations

import socket
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.client import LONGEST_WAIT, Client, DownloadError
from rknn_flake.pins.download import download
from unit.downloads import BODY, Moves, wanted
from unit.loopback import ALWAYS, Generated, Server

if TYPE_CHECKING:
    from rknn_flake.pins.cache import Cache


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(
    server: Server, pins_cache: Cache, client: Client, status: int
) -> None:
    url = server.route("/x", BODY, status=status, fails=2)
    assert download(wanted(url), pins_cache, client, Moves()).path.read_bytes() == BODY
    assert len(server.hits("/x")) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_server_that_refuses_is_not_asked_again(
    server: Server, pins_cache: Cache, client: Client, status: int
) -> None:
    url = server.route("/x", BODY, status=status, fails=1)
    with pytest.raises(DownloadError, match=f"{url}: status {status} [A-Z]"):
        download(wanted(url), pins_cache, client, Moves())
    assert len(server.hits("/x")) == 1


def test_a_server_that_stays_busy_is_given_up(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, fails=ALWAYS)
    with pytest.raises(
        DownloadError, match=rf"{url}: status 503 Service Unavailable \(tried 4 times\)$"
    ):
        download(wanted(url), pins_cache, client, Moves())
    assert len(server.hits("/x")) == client.tries


def test_pauses_grow(server: Server) -> None:
    url = server.route("/x", BODY, fails=3)
    Client(backoff=0.05).text(server.route("/y", b"warm"))
    with pytest.raises(DownloadError, match="no UTF-8 text"):
        Client(backoff=0.05).text(url)
    at = [hit.at for hit in server.hits("/x")]
    pauses = [later - earlier for earlier, later in pairwise(at)]
    assert pauses[0] >= 0.05, pauses
    assert pauses[1] >= 0.1, pauses
    assert pauses[2] >= 0.2, pauses


def test_the_pause_is_the_one_the_server_asks_for(server: Server) -> None:
    url = server.route("/x", b"text", fails=1, status=429, retry_after="1")
    assert Client(backoff=0.01).text(url) == "text"
    first, second = server.hits("/x")
    assert 0.95 <= second.at - first.at < 3, second.at - first.at


@pytest.mark.parametrize("said", ["soon", "-1", ""])
def test_a_pause_that_makes_no_sense_is_passed_over(server: Server, said: str) -> None:
    url = server.route("/x", b"text", fails=1, retry_after=said)
    assert Client(backoff=0.01).text(url) == "text"


def test_too_long_a_pause_is_not_waited_for(server: Server, client: Client) -> None:
    url = server.route("/x", b"text", fails=1, retry_after=str(int(LONGEST_WAIT) + 1))
    began = time.monotonic()
    with pytest.raises(DownloadError, match=r"status 503.*it asks to wait 61 s"):
        client.text(url)
    assert time.monotonic() - began < 1


def test_a_closed_port_is_one_line(pins_cache: Cache, client: Client, no_proxies: None) -> None:
    del no_proxies
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
    with pytest.raises(
        DownloadError, match=rf"127.0.0.1:{port}/x: no connection: Connection refused \(tried 4"
    ):
        download(wanted(f"http://127.0.0.1:{port}/x"), pins_cache, client, Moves())


def test_a_server_that_comes_back_is_found_again(
    server: Server, pins_cache: Cache, no_proxies: None
) -> None:
    del no_proxies
    client = Client(backoff=0.01)
    url = server.route("/x", BODY)
    client.text(server.route("/y", b"opens a connection"))
    # The connection that was kept open is dead by now.
    server._listener.disconnect()
    assert download(wanted(url), pins_cache, client, Moves()).path.read_bytes() == BODY


def test_a_server_that_falls_silent_is_one_line(server: Server, pins_cache: Cache) -> None:
    client = Client(read=0.05, backoff=0.01, tries=2)
    url = server.route("/x", BODY, latency=30)
    with pytest.raises(DownloadError, match=r"/x: no more bytes for 0.05 s \(tried 2 times\)"):
        download(wanted(url), pins_cache, client, Moves())


def test_a_body_that_falls_silent_is_gone_on_with(server: Server, pins_cache: Cache) -> None:
    client = Client(read=0.05, backoff=0.01, tries=3)
    url = server.route("/x", Generated(1000), rate=1, etag='"tag"')
    with pytest.raises(DownloadError, match=r"no more bytes for 0.05 s after 3 of 1000 bytes"):
        download(wanted(url), pins_cache, client, Moves())
    assert [hit.range for hit in server.hits("/x")] == [None, "bytes=1-", "bytes=2-"]


def test_a_slow_body_that_keeps_coming_is_waited_for(server: Server, pins_cache: Cache) -> None:
    client = Client(read=0.3, tries=1)
    body = BODY[:1000]
    url = server.route("/x", body, rate=2000)
    assert download(wanted(url, body=body), pins_cache, client, Moves()).digests.size == 1000


def test_a_host_without_an_address_is_one_line(
    client: Client, no_proxies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_address(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    del no_proxies
    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    with pytest.raises(DownloadError, match=r"nowhere/x: no connection: Name or service not known"):
        client.text("http://nowhere/x")


@pytest.mark.parametrize(
    "url", ["ftp://host/x", "file:///etc/passwd", "host/x", "http://", "http://a:b/"]
)
def test_what_is_no_url_is_one_line(client: Client, no_proxies: None, url: str) -> None:
    del no_proxies
    with pytest.raises(DownloadError, match="no URL to fetch"):
        client.text(url)


def test_one_connection_serves_many_requests(server: Server, client: Client) -> None:
    for number in range(5):
        client.text(server.route(f"/{number}", b"text"))
    assert len({hit.connection for hit in server.hits()}) == 1
