"""rknn-pins check: mirrors that refuse are named, and --all-mirrors holds each to the pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.pins_commands import body

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]


def mirrors(shop: Shop, first: bytes, second: bytes) -> tuple[str, str]:
    return shop.server.route("/first", first), shop.server.route("/second", second)


def test_refusing_mirror_is_named_and_does_not_fail_the_file(shop: Shop) -> None:
    urls = mirrors(shop, b"", body())
    shop.server.route("/first", fails=99, status=404)
    shop.pins.write(shop.file("lib", body=body(), urls=urls))
    (row,) = shop.told()["files"]
    assert (row["state"], row["from"]) == ("ok", urls[1])
    (refused,) = row["refused"]
    assert urls[0] in refused
    assert "404" in refused


def test_one_mirror_is_enough_unless_all_are_asked_for(shop: Shop) -> None:
    urls = mirrors(shop, body(), b"something else")
    shop.pins.write(shop.file("lib", body=body(), urls=urls))
    assert [row["state"] for row in shop.told()["files"]] == ["ok"]
    assert shop.server.hits("/second") == []


def test_all_mirrors_are_held_each_by_itself(shop: Shop) -> None:
    urls = mirrors(shop, body(), b"something else")
    shop.pins.write(shop.file("lib", body=body(), urls=urls))
    told = shop.told("--all-mirrors")
    assert [(row["mirror"], row["state"]) for row in told["files"]] == [
        (urls[0], "ok"),
        (urls[1], "disagrees"),
    ]
    assert told["status"] == 1


def test_all_mirrors_are_fetched_though_the_file_is_cached(shop: Shop) -> None:
    urls = mirrors(shop, body(), body())
    shop.pins.write(shop.file("lib", body=body(), urls=urls))
    assert shop.told()["summary"]["fetched"] == 1
    told = shop.told("--all-mirrors")
    assert [(row["from"], row["state"]) for row in told["files"]] == [(url, "ok") for url in urls]
    assert len(shop.server.hits("/second")) == 1


def test_a_mirror_that_is_gone_fails_with_all_mirrors(shop: Shop) -> None:
    urls = mirrors(shop, body(), b"")
    shop.server.route("/second", fails=99, status=404)
    shop.pins.write(shop.file("lib", body=body(), urls=urls))
    told = shop.told("--all-mirrors")
    assert [row["state"] for row in told["files"]] == ["ok", "unreachable"]
    assert told["status"] == 1
    assert {row["mirror"] for row in told["files"]} == set(urls)
