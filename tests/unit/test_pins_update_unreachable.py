"""update: one place out of reach: what the other has is shown and written, and the status is 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.upstream import PROJECT, Upstream, sdk_files, wheel_body, wheel_name

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

NOWHERE = "file:///nowhere/at/all"


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


@pytest.mark.nix
@pytest.mark.usefixtures("nix")
def test_wheels_are_written_without_the_sdk(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    done = upstream.update("--write", "--repository", NOWHERE)
    assert done.status == 1, done
    assert "the SDK is out of reach: file:///nowhere/at/all: git: fatal:" in done.stdout
    made = upstream.entries["2.6.0", PROJECT, "cp312"]
    assert made.size == len(wheel_body("2.6.0"))
    assert made.hash is not None


def test_a_git_program_that_is_missing_is_said(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = upstream.update("--no-prefetch", PATH=str(tmp_path / "empty"))
    assert done.status == 1, done
    assert "git: not found" in done.stdout


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (b"<!DOCTYPE html><title>Log in</title>", "an HTML page in place of the index"),
        (b"nonsense", "'nonsense' in place of the index"),
        (b'{"meta": {}}', "JSON without a list of files"),
        (b'["files"]', "JSON without a list of files"),
    ],
)
def test_what_is_no_index_is_said_and_the_sdk_still_shown(
    upstream: Upstream, page: bytes, told: str
) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    upstream.server.route(f"/simple/{PROJECT}/", page)
    done = upstream.update("--no-prefetch")
    assert done.status == 1, done
    assert f"/simple/{PROJECT}/: {told}" in done.stdout
    assert '+tag = "v2.6.0"' in done.stdout


def test_a_project_that_the_index_lacks_is_said(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    upstream.server.route(f"/simple/{PROJECT}/", fails=9, status=404)
    done = upstream.update("--no-prefetch")
    assert done.status == 1, done
    assert f"/simple/{PROJECT}/" in done.stdout
    assert "404" in done.stdout
    assert wheel_name("2.6.0") not in done.stdout


def test_nobody_can_be_asked(upstream: Upstream) -> None:
    done = upstream.update("--write", "--index", f"{upstream.index}/x", "--repository", NOWHERE)
    assert done.status == 1, done
    assert "as far as could be asked" in done.stdout
    assert upstream.file.read_bytes() == upstream.before
