"""A Content-Length that lies, or none at all: a short body is never taken for the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import transfer
from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import download
from unit.downloads import BODY, Moves, sha256, unknown, wanted
from unit.loopback import Generated

if TYPE_CHECKING:
    from rknn_flake.pins.cache import Cache
    from unit.loopback import Server


@pytest.mark.parametrize("wish", [wanted, unknown])
def test_a_length_above_the_truth_is_one_line(
    server: Server, pins_cache: Cache, client: Client, wish: type
) -> None:
    url = server.route("/x", BODY, length=len(BODY) + 5)
    with pytest.raises(
        DownloadError, match=rf"{url}: the body broke off after 300000 of 300005 bytes \(tried"
    ):
        download(wish(url), pins_cache, client, Moves())


def test_a_length_below_the_truth_is_found_by_the_size(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, length=1000)
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.digests.sha256 == sha256(BODY[:1000])
    assert got.refused[0].startswith(f"{url}: found 1000 bytes; expected 300000 bytes with")


@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_no_length_is_no_fault(
    server: Server, pins_cache: Cache, client: Client, framing: str
) -> None:
    url = server.route("/x", BODY, framing=framing)
    assert download(wanted(url), pins_cache, client, Moves()).path.read_bytes() == BODY


def test_a_short_body_without_a_length_is_found_by_the_size(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, framing="close", cut=1000)
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.digests.size == 1000
    assert "found 1000 bytes" in got.refused[0], got.refused


def test_what_goes_on_and_on_is_given_up(
    server: Server, pins_cache: Cache, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "EXCESS", 1 << 20)
    url = server.route("/x", Generated(1 << 40), framing="chunked")
    with pytest.raises(DownloadError, match=r"/x: more than 1348576 bytes and no end; expected 3"):
        download(wanted(url), pins_cache, client, Moves())


def test_an_empty_body_is_one_line(server: Server, pins_cache: Cache, client: Client) -> None:
    url = server.route("/x", b"")
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.digests.size == 0
    assert "found 0 bytes, an empty file; expected" in got.refused[0], got.refused


def test_a_length_that_no_number_holds_is_ignored(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, framing="close", headers={"Content-Length": "9" * 5000})
    assert download(wanted(url), pins_cache, client, Moves()).digests.sha256 == sha256(BODY)
