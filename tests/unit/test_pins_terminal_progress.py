"""A slow download shows bars with bytes on a terminal, which are gone afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pexpect

from unit.pins_commands import ended

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]

SLOW = {"rate": 3_000_000}
ERASE_LINE = "\x1b[2K"


def test_bytes_and_rate_are_shown_and_taken_away(shop: Shop) -> None:
    content = b"x" * 3_000_000
    made = shop.file("lib", body=content)
    shop.server.route("/lib", content, **SLOW)
    shop.pins.write(made)
    child = shop.pins.on_terminal("check")
    child.expect(r"lib 2\.3\.2")
    child.expect(r"\d\.\d/3\.0 MB")
    child.expect(r"[MkB]B?/s")
    # The table comes after the bars.
    child.expect("┏")
    drawn = child.before
    assert ended(child) in {0, 1}
    assert ERASE_LINE in drawn.rpartition("MB/s")[2], "the last bar was left standing"
    assert "MB/s" not in child.before, child.before


def test_a_pipe_sees_no_bars(shop: Shop) -> None:
    content = b"x" * 500_000
    made = shop.file("lib", body=content)
    shop.server.route("/lib", content, **SLOW)
    shop.pins.write(made)
    done = shop.check()
    assert done.stderr == ""
    assert not re.search(r"\r|\x1b|B/s", done.stdout), done


def test_offline_draws_nothing(shop: Shop) -> None:
    shop.pins.write(shop.file("lib"))
    child = shop.pins.on_terminal("check", "--offline")
    assert child.expect([r"B/s", "┏", pexpect.EOF]) == 2, child.before
    assert "1 file: " in child.before
