"""rknn-pins check: a cache that can't be used ends it with one line that names the cache."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rknn_flake.process import run

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]


def test_cache_that_is_no_folder(shop: Shop) -> None:
    shop.pins.write(shop.file("one"), shop.file("two", hash=None))
    shop.pins.cache.write_text("not a folder")
    done = shop.check()
    assert done.status == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"rknn-pins: {shop.pins.cache}/pins: Not a directory"), line
    assert "RKNN_FLAKE_CACHE" in line
    assert "missing" in done.stdout, "what was known before it is told"
    assert "stopped with 1 unchecked" in done.stdout


def test_file_too_large_for_the_disk(shop: Shop) -> None:
    shop.pins.write(shop.file("one", body=b"x" * 3_000_000))
    # A limit on the size of a file is a full disk to whoever writes.
    limited = ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$@"', "bash"]
    done = run([*limited, *shop.pins.words("check")], env=shop.pins.environment, check=False)
    assert done.status == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"rknn-pins: {shop.pins.cache}/pins: File too large"), line


def test_another_cache_in_its_place_works(shop: Shop) -> None:
    shop.pins.write(shop.file("one"))
    shop.pins.cache.write_text("not a folder")
    elsewhere = replace(shop.pins, cache=shop.pins.cache.with_name("elsewhere"))
    done = elsewhere("check")
    assert done.stderr == ""
    assert "1 ok" in done.stdout, done
