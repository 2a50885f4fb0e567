"""Pages as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import client as client_module
from rknn_flake.pins.client import Client, DownloadError
from unit.loopback import Generated

if TYPE_CHECKING:
    from unit.loopback import Server


def test_a_page_is_its_text(server: Server, client: Client) -> None:
    assert client.text(server.route("/x", "größer".encode())) == "größer"


def test_the_wished_for_type_is_asked_for(server: Server, client: Client) -> None:
    client.text(server.route("/x", b"{}"), accept="application/json")
    assert server.hits("/x")[0].headers["accept"] == "application/json"


def test_a_page_that_breaks_off_is_fetched_again(server: Server, client: Client) -> None:
    assert client.text(server.route("/x", b"a page", cut=2, cuts=2)) == "a page"


def test_what_is_no_text_is_one_line(server: Server, client: Client) -> None:
    url = server.route("/x", b"\xff\xfe")
    with pytest.raises(DownloadError, match=rf"^{url}: found no UTF-8 text"):
        client.text(url)


def test_a_page_that_is_not_there_is_one_line(server: Server, client: Client) -> None:
    with pytest.raises(DownloadError, match=rf"^{server.url}/x: status 404 Not Found$"):
        client.text(f"{server.url}/x")


def test_a_page_without_an_end_is_given_up(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "LONGEST_TEXT", 1 << 20)
    url = server.route("/x", Generated(1 << 40), framing="chunked")
    with pytest.raises(DownloadError, match=rf"^{url}: more than 1048576 bytes of text$"):
        client.text(url)
