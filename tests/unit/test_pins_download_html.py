"""A page in place of the file is told for what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake.pins.download import download
from unit.downloads import BODY, PAGE, Moves, sha256, unknown, wanted
from unit.loopback import ANYTHING

if TYPE_CHECKING:
    import pytest

    from rknn_flake.pins.cache import Cache
    from rknn_flake.pins.client import Client
    from unit.loopback import Server


def test_a_page_is_named_with_what_was_expected(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", PAGE, content_type="text/html")
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.digests.sha256 == sha256(PAGE)
    (line,) = got.refused
    assert line.startswith(f"{url}: found {len(PAGE)} bytes, an HTML page: a proxy"), line
    assert "; expected 300000 bytes with sha256-" in line


def test_a_page_from_a_proxy_is_named(
    server: Server, pins_cache: Cache, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.route(ANYTHING, PAGE, content_type="text/html"))
    got = download(wanted("http://somewhere.invalid/x.whl"), pins_cache, client, Moves())
    assert "somewhere.invalid/x.whl: found 43 bytes, an HTML page: a proxy" in got.refused[0]


def test_a_page_where_nothing_is_known_is_left_to_the_digests(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    got = download(unknown(server.route("/x", PAGE)), pins_cache, client, Moves())
    assert (got.refused, got.digests.sha256) == ((), sha256(PAGE))


def test_a_page_is_not_taken_for_the_file_afterwards(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    download(wanted(server.route("/x", PAGE)), pins_cache, client, Moves())
    got = download(wanted(server.route("/x", BODY)), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
