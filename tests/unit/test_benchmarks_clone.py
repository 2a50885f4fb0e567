"""How large a clone is: what git has, what it lacks, and when the record stands in."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from benchmarks.sdk_clone import RECORDED, Clone, best, clone_of, folder_size

from rknn_flake.errors import CommandError, UsageError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path


def test_the_record_stands_in_for_a_smaller_part() -> None:
    small = Clone(1000, complete=False, origin="mirror")
    assert best(small).size == RECORDED.size
    assert "1000 in mirror" in best(small).origin
    assert best(replace(small, complete=True)) == replace(small, complete=True)


@pytest.fixture(autouse=True)
def _git() -> None:
    if shutil.which("git") is None:
        pytest.skip("no git on PATH; scripts/test installs it")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one pack that holds one random file."""
    folder = tmp_path / "sdk"
    folder.mkdir()
    noise = b"".join(hashlib.sha256(bytes([i, j])).digest() for i in range(8) for j in range(250))
    (folder / "library").write_bytes(noise)
    git = ("git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org")
    run(["git", "init", "-q", folder])
    run([*git, "add", "."])
    run([*git, "commit", "-qm", "x"])
    run([*git, "repack", "-adq"])
    return folder


def test_a_repository_is_as_large_as_its_packs(repository: Path) -> None:
    (pack,) = repository.glob(".git/objects/pack/*.pack")
    measured = folder_size(repository, "here")
    assert measured == Clone(pack.stat().st_size, complete=True, origin="here")
    assert measured.size > 64_000


def test_a_url_is_cloned(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path / "cache"))
    measured = clone_of(f"file://{repository}")
    assert (measured.complete, measured.size) == (True, folder_size(repository, "").size)
    assert not list((tmp_path / "cache/benchmark").iterdir())


def test_missing_objects_are_noticed(repository: Path) -> None:
    git = ("git", "-C", str(repository))
    run([*git, "config", "remote.origin.promisor", "true"])
    blob = run([*git, "rev-parse", "HEAD:library"]).stdout.strip()
    listed = run([*git, "rev-list", "--objects", "--all"]).stdout.split()
    kept = [word for word in listed if len(word) == 40 and word != blob]
    pack = repository / ".git/objects/pack"
    old = list(pack.iterdir())
    packs = run([*git, "pack-objects", "-q", pack / "pack"], stdin="\n".join(kept)).stdout.split()
    (pack / f"pack-{packs[0]}.promisor").touch()
    for file in old:
        file.unlink()
    measured = folder_size(repository, "mirror")
    assert not measured.complete
    assert measured.origin == "mirror, which lacks 1 of its objects"


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no git repository"):
        folder_size(tmp_path, "here")


def test_a_url_that_cannot_be_cloned_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path))
    with pytest.raises(CommandError, match=r"RKNN_SDK_GIT=.*/nowhere: git could not clone it"):
        clone_of(f"file://{tmp_path}/nowhere")
    assert not list((tmp_path / "benchmark").iterdir())
