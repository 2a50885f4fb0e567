"""rknn-pins check: files that are what they should be, fetched the first time and cached after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.pins_commands import body

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]


def test_a_row_each_in_the_order_of_the_file(shop: Shop) -> None:
    files = [shop.file(f"file{number}") for number in range(5)]
    # The first comes last.
    shop.server.route("/file0", body() + b"file0", latency=0.5)
    shop.pins.write(*files)
    done = shop.check()
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("2.3.2")]
    assert [row[1] for row in rows] == [f"file{number}" for number in range(5)], done
    assert {tuple(row[5:]) for row in rows} == {("127.0.0.1", "ok")}


def test_second_time_nothing_is_fetched(shop: Shop) -> None:
    shop.pins.write(shop.file("one"), shop.file("two"))
    first, second = shop.told(), shop.told()
    assert [row["state"] for row in first["files"] + second["files"]] == ["ok"] * 4
    assert (first["summary"]["fetched"], first["summary"]["cached"]) == (2, 0)
    assert (second["summary"]["fetched"], second["summary"]["cached"]) == (0, 2)
    assert first["summary"]["bytes"] == second["summary"]["bytes"] == 6006
    assert [row["from"] for row in second["files"]] == ["cache", "cache"]
    assert len(shop.server.hits()) == 2, shop.server.hits()


def test_spoilt_cache_is_noticed_and_fetched_again(shop: Shop) -> None:
    shop.pins.write(shop.file("one"))
    assert shop.told()["summary"]["fetched"] == 1
    (kept,) = [
        path
        for path in (shop.pins.cache / "pins").rglob("*")
        if path.stat().st_size > 999 and path.is_file()
    ]
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    done = shop.check()
    assert " 1 fetched" in done.stdout, done
    assert str(kept) in done.stderr, done


def test_selection_fetches_nothing_else(shop: Shop) -> None:
    shop.pins.write(shop.file("one"), shop.file("two"))
    told = shop.told("component=two")
    assert [row["component"] for row in told["files"]] == ["two"]
    assert [hit.path for hit in shop.server.hits()] == ["/two"]


def test_nothing_that_fits_is_wrong_usage_and_no_success(shop: Shop) -> None:
    shop.pins.write(shop.file("one"))
    done = shop.check("component=three")
    assert (done.status, done.stdout) == (2, ""), done


def test_summary_counts(shop: Shop) -> None:
    shop.pins.write(shop.file("one"), shop.file("two"))
    told = shop.told()
    seconds = told["summary"].pop("seconds")
    assert 0 < seconds < 30
    figures = {"ok": 2, "fetched": 2, "bytes": 6006, "files": 2}
    findings = {"findings": told["summary"]["findings"]}
    rest = ("disagrees", "unreachable", "malformed", "disputed", "missing", "cached", "left")
    assert told["summary"] == {**figures, **findings, **dict.fromkeys(rest, 0)}
