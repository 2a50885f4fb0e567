"""update: a file that is not what was published is not written, nor is anything beside it."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rknn_flake.atomic import CURES
from rknn_flake.process import run
from unit.upstream import PATHS, PROJECT, Upstream, sdk_files, wheel_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unit.loopback import Server

pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("nix")]


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


@contextmanager
def read_only(file: Path) -> Iterator[None]:
    """Have the file on a mount of its own that nobody may write, root included."""
    if run(["mount", "--bind", file, file], check=False).status != 0:
        pytest.skip("may not mount")
    try:
        run(["mount", "-o", "remount,ro,bind", file])
        yield
    finally:
        run(["umount", file])


def test_a_wheel_that_does_not_match_the_index(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", "cp311")
    url = upstream.wheel("2.6.0", "cp312", body=b"something else!!")
    done = upstream.update("--write")
    assert done.status == 1, done
    assert upstream.file.read_bytes() == upstream.before
    assert "refused:\n  rknn-toolkit-lite2 2.6.0 (aarch64, cp312): " in done.stdout
    assert url in done.stdout
    assert "pypi-sha256: found " in done.stdout
    assert "is as it was" in done.stdout


def test_a_web_page_in_place_of_a_file_of_the_sdk(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    path = upstream.raw_path(commit, PATHS["librknnrt", "aarch64"])
    upstream.server.route(path, b"<!DOCTYPE html><title>Log in</title>")
    done = upstream.update("--write")
    assert done.status == 1, done
    assert upstream.file.read_bytes() == upstream.before
    assert "an HTML page" in done.stdout


def test_a_file_that_does_not_come_stays_without_hash(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    path = upstream.raw_path(commit, PATHS["librknnrt", "aarch64"])
    upstream.server.route(path, fails=99, status=404)
    done = upstream.update("--write")
    assert done.status == 0, done
    assert "no hash yet" in done.stdout
    assert upstream.entries["2.6.0", "librknnrt", "aarch64"].hash is None
    assert upstream.entries["2.6.0", "librknnrt", "armhf"].hash is not None


def test_a_password_for_a_mirror_is_not_written(upstream: Upstream) -> None:
    done = upstream.update("--write", "--raw-base", "https://me:secret@host")
    assert done.status == 2, done
    assert "a user name for host is in a URL" in done.stderr
    assert "secret" not in done.stderr


def test_a_mirror_that_is_wrong_is_said_where_another_is_right(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", body=b"something else!!")
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    done = upstream.update("--write")
    assert done.status == 0, done
    assert "a mirror was of no use:\n" in done.stdout
    assert f"/files/{wheel_name('2.6.0')}" in done.stdout
    assert upstream.entries["2.6.0", PROJECT, "cp312"].hash is not None


@pytest.mark.parametrize("command", ["update", "add"])
def test_a_file_that_may_not_be_written_is_said_before_anything_is_asked(
    upstream: Upstream, command: str
) -> None:
    url = upstream.wheel("2.6.0")
    words = ("--write",) if command == "update" else (url,)
    with read_only(upstream.file):
        done = upstream.pins(command, *words)
    assert (done.status, done.stdout) == (1, ""), done
    what = f"{upstream.file}: {os.strerror(errno.EROFS)}: {CURES[errno.EROFS]}"
    assert done.stderr == f"rknn-pins: {what}\n"
    assert not upstream.server.hits(f"/simple/{PROJECT}/")
    assert not upstream.server.hits(f"/files/{wheel_name('2.6.0')}")
