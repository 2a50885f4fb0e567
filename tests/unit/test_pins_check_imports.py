"""rknn-pins check imports nothing heavy that the work at hand does without."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rknn_flake.process import run

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]

HEAVY = {"rich", "tomlkit", "urllib3"}
CODE = """
import sys
from rknn_flake.pins.cli import main
status = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(status)
"""


def imported(shop: Shop) -> set[str]:
    """Return what of HEAVY one run in a pipe has imported."""
    words = [sys.executable, "-P", "-c", CODE, "check", "--file", str(shop.pins.path)]
    done = run(words, env=shop.pins.environment, check=False)
    assert "1 ok" in done.stdout, done
    assert "rknn_flake.pins.checking" in done.stderr.split(), done
    return HEAVY & set(done.stderr.split())


def test_what_is_cached_needs_none(shop: Shop) -> None:
    shop.pins.write(shop.file("lib"))
    shop.check()
    assert imported(shop) == set()


def test_what_is_fetched_needs_the_client_alone(shop: Shop) -> None:
    shop.pins.write(shop.file("lib"))
    assert imported(shop) == {"urllib3"}
