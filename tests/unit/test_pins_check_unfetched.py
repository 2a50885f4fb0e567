"""rknn-pins check: files that can't be held against anything, and what their rows say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]


def test_missing_hash_is_counted_and_says_what_fills_it_in(shop: Shop) -> None:
    shop.pins.write(shop.file("one"), shop.file("two", hash=None))
    told = shop.told()
    row = told["files"][1]
    assert (row["state"], row["from"]) == ("missing", None)
    assert "rknn-pins prefetch" in row["why"]
    assert (told["summary"]["missing"], told["summary"]["ok"]) == (1, 1)
    assert [hit.path for hit in shop.server.hits()] == ["/one"]


def test_disputed_file_fails_and_is_not_fetched(shop: Shop) -> None:
    shop.pins.write(shop.file("one", disputes=("Somebody at v2 says c5c5",)))
    told = shop.told()
    (row,) = told["files"]
    assert (told["status"], row["state"]) == (1, "disputed")
    assert "Somebody at v2 says c5c5" in row["why"]
    assert shop.server.hits() == []


def test_hash_of_another_algorithm_fails_and_is_not_fetched(shop: Shop) -> None:
    shop.pins.write(shop.file("one", hash="md5-1B2M2Y8AsgTpgAmY7PhCfg=="))
    told = shop.told()
    (row,) = told["files"]
    assert (told["status"], row["state"]) == (1, "malformed")
    assert "sha256" in row["why"]
    assert shop.server.hits() == []


def test_file_that_no_mirror_has_is_unreachable(shop: Shop) -> None:
    made = shop.file("one")
    shop.pins.write(made, shop.file("two"))
    shop.server.route("/one", fails=99, status=404)
    told = shop.told()
    bad, good = told["files"]
    assert (told["status"], bad["state"], good["state"]) == (1, "unreachable", "ok")
    assert "404" in bad["why"], bad
    assert made.urls[0] in bad["why"], bad


def test_server_that_is_not_there_is_unreachable(shop: Shop) -> None:
    shop.pins.write(shop.file("one", urls=("https://127.0.0.1:1/one",)))
    done = shop.check()
    assert done.status == 1
    assert "unreachable" in done.stdout
    assert done.stderr == "", "the row says it"
    assert "Traceback" not in done.stdout
