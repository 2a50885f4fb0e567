"""Proxies are those of the environment."""

from __future__ import annotations

import base64

import pytest

from rknn_flake.pins.client import Client, DownloadError
from unit.loopback import ANYTHING, Server

TARGET = "http://somewhere.invalid/x"


@pytest.fixture
def proxy(server: Server) -> Server:
    """Return a server that answers for everybody."""
    server.route(ANYTHING, b"from the proxy")
    return server


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_proxy_is_asked(
    proxy: Server, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, proxy.url)
    assert client.text(TARGET) == "from the proxy"
    assert [hit.path for hit in proxy.hits()] == [TARGET]


def test_a_proxy_may_be_named_without_a_scheme(
    proxy: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
    assert client.text(TARGET) == "from the proxy"


def test_hosts_in_no_proxy_are_asked_themselves(
    proxy: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server() as direct:
        url = direct.route("/x", b"direct")
        monkeypatch.setenv("http_proxy", proxy.url)
        assert client.text(url) == "from the proxy"
        monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
        assert client.text(url) == "direct"


def test_the_proxy_for_https_is_asked_for_a_tunnel(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.route(ANYTHING, b"", status=403, fails=9)
    monkeypatch.setenv("https_proxy", server.url)
    with pytest.raises(
        DownloadError, match=rf"/x: the proxy {server.url} does not serve it: .*403.*https_proxy"
    ):
        client.text("https://somewhere.invalid/x")
    assert {hit.method for hit in server.hits()} == {"CONNECT"}


def test_the_login_is_sent_and_not_shown(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.route(ANYTHING, b"", status=407, fails=9)
    login = server.url.replace("//", "//me:se%20cret@")
    monkeypatch.setenv("http_proxy", login)
    with pytest.raises(DownloadError) as raised:
        client.text(TARGET)
    sent = server.hits()[0].headers["proxy-authorization"]
    assert base64.b64decode(sent.removeprefix("Basic ")) == b"me:se cret"
    assert "cret" not in str(raised.value), raised
    assert "status 407" in str(raised.value)


def test_a_proxy_that_is_not_there_is_one_line(
    client: Client, monkeypatch: pytest.MonkeyPatch, no_proxies: None
) -> None:
    del no_proxies
    monkeypatch.setenv("http_proxy", "http://me:secret@127.0.0.1:9")
    with pytest.raises(
        DownloadError, match=r"/x: the proxy http://127.0.0.1:9 does not serve it: Connection ref"
    ):
        client.text(TARGET)


def test_a_proxy_of_another_kind_is_one_line(
    client: Client, monkeypatch: pytest.MonkeyPatch, no_proxies: None
) -> None:
    del no_proxies
    monkeypatch.setenv("all_proxy", "socks5://me:secret@127.0.0.1:9")
    with pytest.raises(DownloadError, match=r"^socks5://127.0.0.1:9: no proxy that can be used"):
        client.text(TARGET)


@pytest.mark.parametrize("login", ["me:p@ss", "me:pa/ss", "me@ss:ss/@"])
def test_no_part_of_an_ill_written_password_is_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch, no_proxies: None, login: str
) -> None:
    del no_proxies
    monkeypatch.setenv("http_proxy", f"http://{login}@127.0.0.1:9")
    with pytest.raises(DownloadError) as raised:
        client.text(TARGET)
    assert "http://127.0.0.1:9" in str(raised.value)
    assert "ss@" not in str(raised.value)


def test_a_proxy_that_is_no_url_is_one_line(
    client: Client, monkeypatch: pytest.MonkeyPatch, no_proxies: None
) -> None:
    del no_proxies
    monkeypatch.setenv("http_proxy", "http://[")
    with pytest.raises(DownloadError, match=r"^http://\[: no proxy that can be used; http_proxy"):
        client.text(TARGET)
