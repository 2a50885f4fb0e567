"""Partial files: kept for the next run, never written by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import RknnError
from rknn_flake.pins.partial import VALIDATOR, Partial
from unit.downloads import sha256

if TYPE_CHECKING:
    from rknn_flake.pins.cache import Cache

URL = "http://somewhere/body"


def left(cache: Cache) -> list[str]:
    return sorted(path.name for path in (cache.root / "partial").iterdir())


def test_what_was_written_is_there_the_next_time(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as partial:
        partial.restart('"tag"')
        partial.write(b"half")
    with pins_cache.partial(URL) as partial:
        assert (partial.size, partial.validator) == (4, '"tag"')
        partial.write(b" more")
        assert partial.path.read_bytes() == b"half more"


def test_another_url_has_another(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as partial:
        partial.write(b"half")
    with pins_cache.partial(URL + "2") as partial:
        assert partial.size == 0


def test_a_restart_forgets_the_bytes_and_what_they_came_with(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as partial:
        partial.restart('"tag"')
        partial.write(b"half")
        partial.restart(None)
        partial.write(b"x")
    with pins_cache.partial(URL) as partial:
        assert (partial.size, partial.validator) == (1, None)


def test_a_second_writer_has_one_of_its_own_that_does_not_stay(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as first, pins_cache.partial(URL) as second:
        first.write(b"first")
        second.restart('"tag"')
        second.write(b"second")
        assert first.path != second.path
        assert first.path.read_bytes() == b"first"
        assert second.path.read_bytes() == b"second"
    assert left(pins_cache) == [sha256(URL.encode())]


def test_nothing_stays_of_an_entry_that_was_put_in(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as partial:
        partial.restart('"tag"')
        partial.write(b"all")
        pins_cache.put(partial.path, sha256(b"all"))
    assert left(pins_cache) == []


def test_a_writer_that_waited_for_the_lock_does_not_touch_the_entry(pins_cache: Cache) -> None:
    with pins_cache.partial(URL) as partial:
        partial.write(b"all")
        path = pins_cache.put(partial.path, sha256(b"all"))
        with pins_cache.partial(URL) as second:
            second.write(b"other")
    assert path.read_bytes() == b"all"


def test_what_a_killed_second_writer_left_is_removed(pins_cache: Cache) -> None:
    with pins_cache.partial(URL):
        pass
    folder = pins_cache.root / "partial"
    stale = folder / f"{sha256(URL.encode())}-0123"
    stale.touch()
    stale.with_name(stale.name + VALIDATOR).touch()
    writer = Partial.take(folder, URL)
    other = Partial.take(folder, URL)
    writer.close()
    with pins_cache.partial(URL):
        names = left(pins_cache)
    other.close()
    assert stale.name not in names, names
    assert stale.name + VALIDATOR not in names, names
    assert other.path.name in names, names


def test_a_full_disk_is_one_line_with_the_cure(pins_cache: Cache) -> None:
    folder = pins_cache.root / "partial"
    folder.mkdir(parents=True)
    (folder / sha256(URL.encode())).symlink_to("/dev/full")
    with (
        pytest.raises(RknnError, match=r"pins: No space left.*free some space.*RKNN_FLAKE_CACHE"),
        pins_cache.partial(URL) as partial,
    ):
        partial.write(b"x")
