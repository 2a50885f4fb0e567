"""Two trees that differ: what differs, where, and at most a screenful of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from rknn_flake.reproduce import trees

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with the same files."""
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "lib").mkdir(parents=True)
    (first / "lib" / "data").write_text("0123456789")
    (first / "lib" / "link").symlink_to("data")
    (first / "run").write_text("#!/bin/sh\n")
    (first / "run").chmod(0o755)
    shutil.copytree(first, second, symlinks=True)
    return first, second


def found(pair: tuple[Path, Path]) -> list[tuple[str, str, str]]:
    return [(one.path, one.kind, one.what) for one in trees.differences(*pair)]


def test_equal_trees_have_no_difference(pair: tuple[Path, Path]) -> None:
    assert found(pair) == []


def test_times_and_write_permissions_are_none(pair: tuple[Path, Path]) -> None:
    (pair[1] / "lib" / "data").chmod(0o444)
    (pair[1] / "lib" / "data").touch()
    assert found(pair) == []


def test_mode(pair: tuple[Path, Path]) -> None:
    (pair[1] / "run").chmod(0o644)
    assert found(pair) == [("run", "mode", "executable | not executable")]


def test_link_target(pair: tuple[Path, Path]) -> None:
    (pair[1] / "lib" / "link").unlink()
    (pair[1] / "lib" / "link").symlink_to("elsewhere")
    assert found(pair) == [("lib/link", "link", "links to 'data' | 'elsewhere'")]


def test_type(pair: tuple[Path, Path]) -> None:
    (pair[1] / "lib" / "data").unlink()
    (pair[1] / "lib" / "data").mkdir()
    assert found(pair) == [("lib/data", "type", "a file | a folder")]


def test_a_link_to_the_same_content_is_another_type(pair: tuple[Path, Path]) -> None:
    (pair[1] / "run").rename(pair[1] / "real")
    (pair[1] / "run").symlink_to("real")
    assert found(pair) == [
        ("real", "new", "nothing | a file"),
        ("run", "type", "a file | a link"),
    ]


def test_file_in_one_only(pair: tuple[Path, Path]) -> None:
    (pair[0] / "lib" / "more").mkdir()
    (pair[1] / "run2").touch()
    assert found(pair) == [
        ("lib/more", "missing", "a folder | nothing"),
        ("run2", "new", "nothing | a file"),
    ]


def test_content(pair: tuple[Path, Path]) -> None:
    (pair[1] / "lib" / "data").write_text("0123x56789")
    ((path, kind, what),) = found(pair)
    assert (path, kind) == ("lib/data", "content")
    assert what == "from byte 4 (0x4): 34 35 36 37 38 39 | 78 35 36 37 38 39"


def test_shorter_content(pair: tuple[Path, Path]) -> None:
    (pair[1] / "lib" / "data").write_text("01234567")
    ((_, _, what),) = found(pair)
    assert what == "10 and 8 bytes, from byte 8 (0x8): 38 39 | the end"


def test_files_themselves_are_compared(pair: tuple[Path, Path]) -> None:
    (pair[1] / "run").write_text("#!/bin/zsh\n")
    one = next(trees.differences(pair[0] / "run", pair[1] / "run"))
    assert (one.path, one.kind) == (".", "content"), one


def test_at_most_a_screenful_is_shown_and_all_are_counted(pair: tuple[Path, Path]) -> None:
    for number in range(trees.SHOWN + 7):
        (pair[1] / f"extra{number:03}").touch()
    shown, count = trees.screenful(*pair)
    assert (len(shown), count) == (trees.SHOWN, trees.SHOWN + 7)


def test_a_difference_beyond_the_first_megabyte(pair: tuple[Path, Path]) -> None:
    for folder, last in zip(pair, b"ab", strict=True):
        (folder / "large").write_bytes(bytes(3 * 2**20) + bytes([last]))
    ((_, _, what),) = found(pair)
    assert what == f"from byte {3 * 2**20} (0x300000): 61 | 62"
