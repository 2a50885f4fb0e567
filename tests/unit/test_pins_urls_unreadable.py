"""A URL that no host can be read from is a line in each command, and the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit import pins_fixtures
from unit.pins_fixtures import entry
from unit.prefetch_files import answering, body, first, missing

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop
    from unit.prefetch_fixtures import Fetching

pytest_plugins = ["unit.pins_check_fixtures", "unit.prefetch_fixtures"]

BAD = "https://["


def test_list_leaves_the_source_open(shop: Shop) -> None:
    shop.pins.write(entry(urls=(BAD,)))
    done = shop.pins("list")
    assert (done.status, done.stderr) == (0, ""), done
    assert "librknnrt" in done.stdout


@pytest.mark.parametrize("options", [(), ("--all-mirrors",)])
def test_check_says_it_and_checks_the_others(shop: Shop, options: tuple[str, ...]) -> None:
    shop.pins.write(entry(urls=(BAD,)), shop.file("good"))
    told = shop.told(*options)
    bad, good = told["files"]
    assert (told["status"], bad["state"], good["state"]) == (1, "unreachable", "ok")
    assert bad["why"] == f"{BAD}: '{BAD}' is no URL to fetch: Invalid IPv6 URL"
    assert BAD in shop.check(*options).stdout


def test_prefetch_says_it_and_fetches_from_the_next_mirror(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = answering(fetching.folder / "answers", {"part0.so": body(0)})
    first(monkeypatch, fetching.folder / "programs", nix=script)
    two = missing(0, BAD, urls=(BAD, "https://example.org/part0.so"))
    pins_fixtures.write(fetching.path, [two])
    done = fetching.call("prefetch", "--file", fetching.path, "--store", "default")
    assert (done.status, done.err) == (0, ""), done
    assert f"  {BAD}: " in done.out
    assert fetching.hashes() == [pins_fixtures.sri(body(0))]
