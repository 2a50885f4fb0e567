"""What a person at a terminal sees of rknn-pins list and check, and what a pipe gets instead."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from unit.pins_commands import ended
from unit.pins_fixtures import sri

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
BOX = "│"


def seen(shop: Shop, *argv: str, columns: int = 120) -> tuple[int, str]:
    """Return exit status and all that was written to the terminal."""
    child = shop.pins.on_terminal(*argv, columns=columns)
    status = ended(child)
    return status, str(child.before)


@pytest.mark.parametrize("command", ["list", "check"])
def test_terminal_has_a_coloured_box(shop: Shop, command: str) -> None:
    shop.pins.write(shop.file("lib", body=b"x" * 7_700_000))
    status, text = seen(shop, command)
    assert BOX in text, text
    assert "\x1b[32m" in text, "no green"
    assert "7.7 MB" in text
    assert status in {0, 1}


@pytest.mark.parametrize("command", ["list", "check"])
def test_pipe_has_neither(shop: Shop, command: str) -> None:
    shop.pins.write(shop.file("lib", body=b"x" * 7_700_000))
    done = shop.pins(command)
    assert done.stdout.isascii(), done
    assert "\x1b" not in done.stdout
    assert " 7700000 " in done.stdout
    assert done.stderr == ""


def test_narrow_terminal_loses_nothing(shop: Shop) -> None:
    made = shop.file("a-component-with-a-long-name", body=b"x" * 2000, served=b"y" * 2000)
    shop.pins.write(made)
    _, text = seen(shop, "check", columns=60)
    table, _, below = ESCAPE.sub("", text).partition("┏")[2].rpartition("┘")
    lines = table.split("\r\n")
    assert max(map(len, lines[1:])) <= 60, lines
    names = "".join(line.split(BOX)[2].strip() for line in lines if line.count(BOX) > 2)
    assert names == made.component, table
    # The terminal itself wraps this, so that a hash can be copied from it.
    assert f"  hash: found {sri(b'y' * 2000)}, expected {made.hash}\r\n" in below, text


@pytest.mark.parametrize("command", ["list", "check"])
def test_json_is_json_on_both(shop: Shop, command: str) -> None:
    shop.pins.write(shop.file("lib"))
    shop.check()
    piped = json.loads(shop.pins(command, "--json").stdout)
    # The bars of `check` are on the terminal too, and gone before the document comes.
    _, text = seen(shop, command, "--json")
    drawn = json.loads(text[text.index("[" if command == "list" else "{") :])
    if command == "check":
        for told in (piped, drawn):
            assert 0 < told["summary"].pop("seconds") < 30
    assert piped == drawn


def test_no_colour_when_asked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.pins.write(shop.file("lib"))
    monkeypatch.setattr(type(shop.pins), "environment", shop.pins.environment | {"NO_COLOR": "1"})
    _, text = seen(shop, "list")
    assert BOX in text
    assert "\x1b[32m" not in text
