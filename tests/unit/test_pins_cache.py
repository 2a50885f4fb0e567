"""The cache of downloads: by content, read-only, verified at each use."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import RknnError
from rknn_flake.pins import digests
from rknn_flake.pins.cache import Cache
from unit.downloads import BODY, OTHER, PAGE, sha256

if TYPE_CHECKING:
    from pathlib import Path


def put(cache: Cache, tmp_path: Path, body: bytes) -> Path:
    made = tmp_path / "made"
    made.write_bytes(body)
    return cache.put(made, sha256(body))


def test_what_was_put_in_is_found(pins_cache: Cache, tmp_path: Path) -> None:
    path = put(pins_cache, tmp_path, BODY)
    assert pins_cache.get(sha256(BODY)) == path
    assert path.read_bytes() == BODY
    assert not (tmp_path / "made").exists()


def test_the_look_up_gives_the_digests(pins_cache: Cache, tmp_path: Path) -> None:
    path = put(pins_cache, tmp_path, BODY)
    assert pins_cache.lookup(sha256(BODY)) == (path, digests.read(path))


def test_a_file_that_was_never_put_in_is_not_found(pins_cache: Cache) -> None:
    assert pins_cache.get(sha256(BODY)) is None


def test_nobody_may_write_an_entry(pins_cache: Cache, tmp_path: Path) -> None:
    path = put(pins_cache, tmp_path, BODY)
    assert oct(path.stat().st_mode & 0o777) == "0o444"


@pytest.mark.parametrize("damaged", [BODY[:-1], BODY[:-1] + b"?", b"", PAGE])
def test_a_damaged_entry_is_said_and_removed(
    pins_cache: Cache, tmp_path: Path, damaged: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(pins_cache, tmp_path, BODY)
    path.chmod(0o644)
    path.write_bytes(damaged)
    assert pins_cache.get(sha256(BODY)) is None
    assert not path.exists()
    said = capsys.readouterr().err
    assert said.startswith(f"{path}: damaged in the cache (found {len(damaged)} bytes"), said
    assert said.count("\n") == 1, said


def test_an_intact_entry_is_not_spoken_of(
    pins_cache: Cache, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(pins_cache, tmp_path, BODY)
    pins_cache.get(sha256(BODY))
    assert capsys.readouterr().err == ""


def test_one_file_may_be_put_in_twice(pins_cache: Cache, tmp_path: Path) -> None:
    assert put(pins_cache, tmp_path, BODY) == put(pins_cache, tmp_path, BODY)
    assert put(pins_cache, tmp_path, OTHER) != put(pins_cache, tmp_path, BODY)


def test_a_file_on_another_disk_is_brought_in(
    pins_cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"

    def replace(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        if source == made:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        os.rename(source, target)  # noqa: PTH104

    monkeypatch.setattr(os, "replace", replace)
    path = put(pins_cache, tmp_path, BODY)
    assert path.read_bytes() == BODY
    assert not made.exists()
    assert os.listdir(path.parent) == [sha256(BODY)]  # noqa: PTH208


def test_a_cache_that_cannot_be_written_is_one_line_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "pins")
    with pytest.raises(RknnError, match=r"file/pins: Not a directory.*RKNN_FLAKE_CACHE"):
        put(cache, tmp_path, BODY)


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path))
    assert Cache().root == tmp_path / "pins"
