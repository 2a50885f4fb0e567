"""A file that can't be replaced gets one line that says why, and stays as it is."""

from __future__ import annotations

import errno
import os
import resource
from typing import TYPE_CHECKING

import pytest

from rknn_flake import atomic
from rknn_flake.atomic import check_writable, replace
from rknn_flake.errors import RknnError
from rknn_flake.process import run
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BIG = "x" * 3_000_000


@pytest.fixture
def file() -> Iterator[Path]:
    """Give a file in a folder, both of the user that `unprivileged` is."""
    with own_folder() as folder:
        path = folder / "sources.toml"
        with unprivileged():
            path.write_text("old\n")
        yield path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MB."""
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], check=False)
    if mounted.status != 0:
        pytest.skip(f"may not mount: {mounted.stderr.strip()}")
    yield tmp_path
    run(["umount", tmp_path])


def refusal(path: Path, text: str = "new\n") -> str:
    with pytest.raises(RknnError) as caught:
        replace(path, text)
    return str(caught.value)


def refusal_before(path: Path) -> str:
    with pytest.raises(RknnError) as caught:
        check_writable(path)
    return str(caught.value)


def untouched(path: Path) -> bool:
    return path.read_text() == "old\n" and [p.name for p in path.parent.iterdir()] == [path.name]


def test_read_only_file(file: Path) -> None:
    file.chmod(0o444)
    with unprivileged():
        said = refusal(file)
        assert refusal_before(file) == said
    assert said == f"{file}: Permission denied: {atomic.CURES[errno.EACCES]}"
    assert untouched(file)


def test_read_only_folder(file: Path) -> None:
    file.parent.chmod(0o555)
    with unprivileged():
        said = refusal(file)
        assert refusal_before(file) == said
    assert said.startswith(f"{file}: Permission denied: "), said
    assert untouched(file)


def test_own_file_in_own_folder_is_replaced(file: Path) -> None:
    with unprivileged():
        check_writable(file)
        assert untouched(file)
        replace(file, "new\n")
    assert file.read_text() == "new\n"


def test_full_disk(small_disk: Path) -> None:
    file = small_disk / "sources.toml"
    file.write_text("old\n")
    assert refusal(file, BIG) == f"{file}: No space left on device: {atomic.CURES[errno.ENOSPC]}"
    assert untouched(file)


def test_disk_with_room(small_disk: Path) -> None:
    replace(small_disk / "sources.toml", "new\n")
    assert (small_disk / "sources.toml").read_text() == "new\n"


def test_read_only_file_system(small_disk: Path) -> None:
    file = small_disk / "sources.toml"
    file.write_text("old\n")
    run(["mount", "-o", "remount,ro", small_disk])
    assert refusal(file) == f"{file}: Read-only file system: {atomic.CURES[errno.EROFS]}"
    assert refusal_before(file) == refusal(file)
    assert untouched(file)


def test_file_size_limit(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text("old\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        said = refusal(file, BIG)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said == f"{file}: File too large: the file is as it was"
    assert untouched(file)


@pytest.mark.parametrize("call", ["fsync", "fchmod", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_failure_of_a_late_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    file = tmp_path / "sources.toml"
    file.write_text("old\n")

    def fails(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    assert refusal(file).startswith(f"{file}: {os.strerror(number)}: "), call
    assert untouched(file)


def test_folder_in_its_place(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"{tmp_path}: Is a directory: ")


def test_missing_folder(tmp_path: Path) -> None:
    file = tmp_path / "none" / "sources.toml"
    assert refusal(file).startswith(f"{file}: No such file or directory: ")
