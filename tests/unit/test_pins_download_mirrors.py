"""The first mirror that has the bytes is taken, and what was wrong with the others is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import Wanted, download
from unit.downloads import BODY, OTHER, PAGE, Moves, sha256, unknown, wanted

if TYPE_CHECKING:
    from rknn_flake.pins.cache import Cache
    from unit.loopback import Server


def test_the_first_mirror_is_enough(server: Server, pins_cache: Cache, client: Client) -> None:
    first, second = server.route("/1", BODY), server.route("/2", BODY)
    got = download(wanted(first, second), pins_cache, client, Moves())
    assert (got.url, got.refused) == (first, ())
    assert server.hits("/2") == []


@pytest.mark.parametrize("body", [PAGE, OTHER, BODY[:-1]])
def test_other_bytes_lead_to_the_next_mirror(
    server: Server, pins_cache: Cache, client: Client, body: bytes
) -> None:
    first, second = server.route("/1", body), server.route("/2", BODY)
    got = download(wanted(first, second), pins_cache, client, Moves())
    assert got.url == second
    assert got.path.read_bytes() == BODY
    assert len(got.refused) == 1
    assert got.refused[0].startswith(f"{first}: found {len(body)} bytes"), got.refused


def test_both_digests_are_told_where_the_size_is_right(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    got = download(wanted(server.route("/1", OTHER)), pins_cache, client, Moves())
    assert got.refused[0].count("bytes with sha256-") == 2, got.refused


def test_a_mirror_that_fails_leads_to_the_next(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    first, second = server.url + "/none", server.route("/2", BODY)
    got = download(wanted(first, second), pins_cache, client, Moves())
    assert got.url == second
    assert got.refused == (f"{first}: status 404 Not Found",)


def test_other_bytes_are_returned_when_no_mirror_has_the_right_ones(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    first, second = server.route("/1", PAGE), server.route("/2", OTHER)
    got = download(wanted(first, second, server.url + "/3"), pins_cache, client, Moves())
    assert (got.url, got.digests.sha256) == (second, sha256(OTHER))
    assert [line.partition(": ")[0] for line in got.refused] == [first, second, server.url + "/3"]


def test_no_mirror_at_all_is_one_line_with_each(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    with pytest.raises(DownloadError, match=r"/1: status 404 Not Found; .*/2: status 404 Not F"):
        download(wanted(server.url + "/1", server.url + "/2"), pins_cache, client, Moves())


def test_a_file_without_a_url_is_one_line(pins_cache: Cache, client: Client) -> None:
    with pytest.raises(DownloadError, match=r"body.whl: no URL is known for it"):
        download(wanted(), pins_cache, client, Moves())


@pytest.mark.parametrize(("size", "digest"), [(None, sha256(BODY)), (len(BODY), None)])
def test_either_size_or_digest_tells(
    server: Server, pins_cache: Cache, client: Client, size: int | None, digest: str | None
) -> None:
    first, second = server.route("/1", PAGE), server.route("/2", BODY)
    wish = Wanted("body.whl", (first, second), size, digest)
    assert download(wish, pins_cache, client, Moves()).url == second


def test_what_is_in_the_cache_is_not_asked_for(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    first = download(unknown(url), pins_cache, client, Moves())
    got = download(wanted(url), pins_cache, client, Moves())
    assert (got.path, got.digests, got.url) == (first.path, first.digests, None)
    assert len(server.hits()) == 1


def test_what_is_damaged_in_the_cache_is_fetched_again(
    server: Server, pins_cache: Cache, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.route("/x", BODY)
    path = download(wanted(url), pins_cache, client, Moves()).path
    path.chmod(0o644)
    path.write_bytes(OTHER)
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert got.url == url
    assert "damaged in the cache" in capsys.readouterr().err


def test_a_file_of_which_no_digest_is_known_is_always_fetched(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    for _ in range(2):
        assert download(unknown(url), pins_cache, client, Moves()).url == url
    assert len(server.hits()) == 2
