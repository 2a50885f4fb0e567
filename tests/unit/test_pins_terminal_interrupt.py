"""Ctrl-C in the middle of a download: one line, status 130, and the next run goes on from there."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

from rknn_flake.pins import sources
from unit.pins_commands import body, ended

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]

SIZE = 8_000_000
TRACES = re.compile(r"Traceback|Exception|Error")


def slow(shop: Shop) -> None:
    """Have two files pinned, of which the second comes slowly."""
    big = body(SIZE)
    first, second = shop.file("first"), shop.file("second", body=big)
    shop.server.route("/second", big, rate=4_000_000, etag='"v1"')
    shop.pins.write(first, second)


def interrupted(shop: Shop, *argv: str) -> tuple[int, str, float]:
    """Press Ctrl-C once some of the second file is there; return status, text and seconds."""
    child = shop.pins.on_terminal("check", *argv)
    child.expect(r"[1-4]\.\d/8\.0 MB")
    child.sendintr()
    pressed = time.monotonic()
    status = ended(child)
    return status, str(child.before), time.monotonic() - pressed


def test_it_ends_at_once_in_one_line(shop: Shop) -> None:
    slow(shop)
    status, text, seconds = interrupted(shop)
    assert status == 130, text
    assert text.rstrip().endswith("rknn-pins: interrupted"), text
    assert text.count("interrupted") == 1
    assert seconds < 2
    assert not TRACES.search(text), text


def test_what_was_checked_until_then_is_told(shop: Shop) -> None:
    slow(shop)
    _, text, _ = interrupted(shop)
    rows = [line for line in text.splitlines() if "2.3.2" in line and "│" in line]
    assert len(rows) == 1, text
    assert "first" in rows[0]
    assert "stopped with 1 unchecked" in " ".join(text.split()), text


def test_json_is_whole_all_the_same(shop: Shop) -> None:
    slow(shop)
    status, text, _ = interrupted(shop, "--json")
    told = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert status == 130
    assert [row["state"] for row in told["files"]] == ["ok"]
    assert (told["summary"]["files"], told["summary"]["left"]) == (2, 1)


def test_next_run_fetches_only_the_rest(shop: Shop) -> None:
    slow(shop)
    interrupted(shop)
    shop.server.route("/second", body(SIZE), etag='"v1"')
    told = shop.told()
    assert [row["state"] for row in told["files"]] == ["ok", "ok"]
    asked = shop.server.hits("/second")[-1].range
    assert asked is not None, "it began again from the first byte"
    start = int(asked.removeprefix("bytes=").rstrip("-"))
    assert 0 < start < SIZE


def test_one_at_a_time_leaves_the_others_unasked(shop: Shop) -> None:
    slow(shop)
    shop.pins.write(*sources.read(shop.pins.path).entries, shop.file("third"))
    status, _, seconds = interrupted(shop, "--jobs", "1")
    assert (status, seconds < 2) == (130, True)
    assert shop.server.hits("/third") == []
