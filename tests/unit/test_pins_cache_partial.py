"""Partial files: kept for the next run, never written by two."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import RknnError
from rknn_flake.pins.partial import VALIDATOR, Partial
from unit.downloads import sha256

if TYPE_CHECKING:
    from pathlib import Path

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


def test_what_nobody_went_on_with_for_weeks_is_removed(pins_cache: Cache) -> None:
    for url in ("old", "held", "young"):
        with pins_cache.partial(url) as partial:
            partial.restart('"tag"')
            partial.write(b"half")
    for path in (pins_cache.root / "partial").iterdir():
        # Its validator is older: written once, as the first bytes came.
        days = 20 if path.name == sha256(b"young") else 30
        os.utime(path, (time.time() - days * 24 * 3600,) * 2)
    with pins_cache.partial("held"), pins_cache.partial(URL) as partial:
        partial.write(b"new")
    names = [sha256(url) for url in (b"held", b"young")]
    names += [name + VALIDATOR for name in names]
    assert left(pins_cache) == sorted([*names, sha256(URL.encode())])


def test_an_old_validator_without_its_bytes_is_removed(pins_cache: Cache) -> None:
    with pins_cache.partial("old") as partial:
        partial.restart('"tag"')
        partial.write(b"half")
        note = partial.path.with_name(partial.path.name + VALIDATOR)
    partial.path.unlink()
    os.utime(note, (0, 0))
    with pins_cache.partial(URL) as partial:
        partial.write(b"new")
    assert left(pins_cache) == [sha256(URL.encode())]


def test_what_another_user_left_is_no_failure(
    pins_cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pins_cache.partial("old") as partial:
        partial.write(b"half")
    os.utime(partial.path, (0, 0))
    opened = os.open

    def refuse(path: Path, *arguments: int) -> int:
        if path == partial.path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    with pins_cache.partial(URL) as mine:
        mine.write(b"new")
    assert left(pins_cache) == sorted([partial.path.name, mine.path.name])


def test_what_is_moved_away_before_it_is_locked_is_not_written(
    pins_cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pins_cache.partial(URL) as partial:
        partial.write(b"all")
    really, moved = fcntl.flock, tmp_path / "moved"

    def flock(descriptor: int, how: int) -> None:
        if not moved.exists():
            partial.path.rename(moved)
        really(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    with pins_cache.partial(URL) as later:
        later.write(b"other")
    assert moved.read_bytes() == b"all"
    assert later.path.read_bytes() == b"other"
