"""A body that breaks off is gone on with, where the server can, and begun anew where it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.download import download
from unit.downloads import BODY, OTHER, Moves, sha256, unknown, wanted
from unit.loopback import ALWAYS, Server
from unit.loopback_handler import SHORT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.cache import Cache

TAG = '"a tag"'
DATE = "Wed, 01 Jan 2025 00:00:00 GMT"


def leave(cache: Cache, url: str, body: bytes, validator: str | None = None) -> None:
    """Leave what a killed run would have."""
    with cache.partial(url) as partial:
        partial.restart(validator)
        partial.write(body)


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_broken_body_is_gone_on_with(
    server: Server, pins_cache: Cache, client: Client, framing: str
) -> None:
    url = server.route("/x", BODY, cut=70_000, cuts=2, framing=framing)
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert [hit.range for hit in server.hits("/x")] == [None, "bytes=70000-", "bytes=140000-"]


def test_the_bar_ends_at_the_size(server: Server, pins_cache: Cache, client: Client) -> None:
    bar = Moves()
    download(
        wanted(server.route("/x", BODY, cut=70_000, ranges="ignored")), pins_cache, client, bar
    )
    assert (bar.at, bar.totals[-1], bar.backwards) == (len(BODY), len(BODY), 1)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"etag": TAG}, TAG),
        ({"modified": DATE}, DATE),
        ({"etag": TAG, "modified": DATE}, TAG),
        # A weak tag stands for any bytes that mean the same.
        ({"etag": f"W/{TAG}", "modified": DATE}, DATE),
        ({}, None),
    ],
)
def test_the_rest_is_asked_for_on_condition_that_the_file_is_the_same(
    server: Server, pins_cache: Cache, client: Client, told: dict[str, str], asked: str | None
) -> None:
    url = server.route("/x", BODY, cut=70_000, **told)
    download(wanted(url), pins_cache, client, Moves())
    first, second = server.hits("/x")
    assert "if-range" not in first.headers
    assert second.headers.get("if-range") == asked


def test_the_next_run_goes_on_where_a_killed_one_ended(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, etag=TAG)
    leave(pins_cache, url, BODY[:1000], TAG)
    got = download(unknown(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert [hit.range for hit in server.hits("/x")] == ["bytes=1000-"]


def test_a_file_that_has_changed_since_is_begun_anew(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, etag=TAG)
    leave(pins_cache, url, OTHER[:1000], '"an older tag"')
    got = download(unknown(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY


def test_without_anything_to_tell_by_the_rest_is_not_trusted(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    leave(pins_cache, url, OTHER[:1000])
    got = download(unknown(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert [hit.range for hit in server.hits("/x")] == [None]


def test_a_beginning_of_another_file_is_found_out_by_the_digest(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    leave(pins_cache, url, OTHER[:1000])
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY
    assert got.refused == ()
    assert [hit.range for hit in server.hits("/x")] == ["bytes=1000-", None]


@pytest.mark.parametrize("ranges", ["ignored", "wrong", "refused"])
def test_a_server_that_cannot_go_on_is_asked_for_all(
    server: Server, pins_cache: Cache, client: Client, ranges: str
) -> None:
    url = server.route("/x", BODY, cut=70_000, ranges=ranges)
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY


def test_a_partial_file_that_is_too_long_is_begun_anew(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    leave(pins_cache, url, OTHER + b"more")
    got = download(wanted(url), pins_cache, client, Moves())
    assert got.path.read_bytes() == BODY


def test_a_partial_file_that_is_whole_is_enough_after_one_look(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, etag=TAG)
    leave(pins_cache, url, BODY, TAG)
    assert download(wanted(url), pins_cache, client, Moves()).digests.sha256 == sha256(BODY)


def test_a_body_that_always_breaks_off_is_given_up_and_kept(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, cut=1000, cuts=ALWAYS)
    with pytest.raises(
        DownloadError, match=r"/x: the body broke off after 4000 of 300000 bytes \(tried 4 times\)"
    ):
        download(wanted(url), pins_cache, client, Moves())
    with pins_cache.partial(url) as partial:
        assert partial.size == 4000


def test_a_long_file_may_break_off_often(server: Server, pins_cache: Cache, client: Client) -> None:
    body = BODY * 30
    url = server.route("/x", body, cut=1_100_000, cuts=ALWAYS)
    got = download(wanted(url, body=body), pins_cache, client, Moves())
    assert got.digests.size == len(body)
    assert len(server.hits("/x")) > client.tries


def test_one_that_begins_anew_each_time_is_given_up_however_far_it_gets(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    body = BODY * 10
    url = server.route("/x", body, cut=2_000_000, cuts=ALWAYS, ranges="ignored")
    with pytest.raises(DownloadError, match="after 2000000 of 3000000 bytes"):
        download(wanted(url, body=body), pins_cache, client, Moves())


def test_a_read_only_partial_folder_is_no_traceback(
    server: Server, tmp_path: Path, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY)
    pins_cache.root.mkdir()
    (pins_cache.root / "partial").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Exception, match="RKNN_FLAKE_CACHE") as raised:
        download(replace(wanted(url), size=None), pins_cache, client, Moves())
    assert not isinstance(raised.value, OSError), raised


def test_a_server_that_sends_the_rest_in_parts_is_asked_for_each(
    server: Server, pins_cache: Cache, client: Client
) -> None:
    url = server.route("/x", BODY, cut=70_000, ranges="short")
    assert download(wanted(url), pins_cache, client, Moves()).path.read_bytes() == BODY
    starts = [70_000, 70_000 + SHORT, 70_000 + 2 * SHORT]
    asked = [None, *(f"bytes={start}-" for start in starts)]
    assert [hit.range for hit in server.hits("/x")] == asked


@pytest.mark.parametrize(("ranges", "came_with"), [("careless", '"an older tag"'), ("wrong", TAG)])
def test_an_answer_that_is_not_the_rest_is_not_taken_for_it(
    server: Server, pins_cache: Cache, client: Client, ranges: str, came_with: str
) -> None:
    url = server.route("/x", BODY, etag=TAG, ranges=ranges)
    leave(pins_cache, url, OTHER[:1000], came_with)
    assert download(unknown(url), pins_cache, client, Moves()).path.read_bytes() == BODY
