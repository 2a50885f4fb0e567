"""A replaced file has the new text, and all else as it was."""

from __future__ import annotations

import errno
import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from rknn_flake.atomic import replace
from unit.unprivileged import NOBODY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text("old\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_new_text_and_no_other_file(file: Path) -> None:
    replace(file, "new: ü\r\n")
    assert file.read_bytes() == "new: ü\r\n".encode()
    assert names(file.parent) == ["sources.toml"]


@pytest.mark.parametrize("bits", [0o644, 0o600, 0o664, 0o755])
def test_permissions_stay(file: Path, bits: int) -> None:
    file.chmod(bits)
    replace(file, "new\n")
    assert mode(file) == oct(bits)


def test_new_file_gets_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace(tmp_path / "new.toml", "new\n")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new.toml") == oct(0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_owner_stays_when_root_replaces_it(file: Path) -> None:
    os.chown(file, NOBODY, NOBODY)
    replace(file, "new\n")
    assert (file.stat().st_uid, file.stat().st_gid) == (NOBODY, NOBODY)


def test_link_stays_and_what_it_names_is_replaced(file: Path) -> None:
    link = file.parent / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to("../sources.toml")
    replace(link, "new\n")
    assert link.is_symlink()
    assert (link.read_text(), file.read_text()) == ("new\n", "new\n")
    assert names(link.parent) == ["link.toml"]


def test_stale_files_of_killed_runs_go(file: Path) -> None:
    for left in (".rknn-sources.toml.abc", ".rknn-sources.toml.x_1"):
        (file.parent / left).write_text("half")
    others = [".rknn-other.toml.abc", "rknn-sources.toml.abc", "sources.toml.bak"]
    for other in others:
        (file.parent / other).write_text("mine")
    replace(file, "new\n")
    assert names(file.parent) == sorted([*others, "sources.toml"])


def test_stale_files_of_a_name_with_brackets_go(tmp_path: Path) -> None:
    left, other = tmp_path / ".rknn-[a].toml.abc", tmp_path / ".rknn-a.toml.abc"
    for path in (left, other):
        path.write_text("half")
    replace(tmp_path / "[a].toml", "new\n")
    assert (left.exists(), other.exists()) == (False, True)


def test_reader_sees_whole_texts_only(file: Path) -> None:
    texts = [f"{number}\n" * 20_000 for number in range(2)]
    file.write_text(texts[0])
    stop = threading.Event()

    def write() -> None:
        for number in range(120):
            replace(file, texts[number % 2])
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen, readings = set(), 0
    while not stop.is_set():
        seen.add(file.read_text())
        readings += 1
    writer.join()
    assert seen <= set(texts), [len(text) for text in seen]
    assert readings > 20, f"only {readings} readings"


def test_text_that_cannot_be_encoded_changes_nothing(file: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        replace(file, "\udc80")
    assert (file.read_text(), names(file.parent)) == ("old\n", ["sources.toml"])


def test_folder_that_cannot_be_synced_is_no_failure(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    replace(file, "new\n")
    assert file.read_text() == "new\n"
