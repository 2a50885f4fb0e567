"""A file of the cache counts only with the sha256 noted when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake import sums

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a file that was just made and kept."""
    made = tmp_path / "made"
    made.write_bytes(b"content")
    sums.keep(made, tmp_path / "kept")
    return tmp_path / "kept"


def test_kept_file_is_intact_and_moved(kept: Path) -> None:
    assert sums.intact(kept)
    assert sorted(path.name for path in kept.parent.iterdir()) == ["kept", "kept.sha256"]


@pytest.mark.parametrize("damage", [b"", b"conten", b"Content"])
def test_changed_file_is_not_intact(kept: Path, damage: bytes) -> None:
    kept.write_bytes(damage)
    assert not sums.intact(kept)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00", b"no hash"])
def test_damaged_note_makes_the_file_count_as_corrupt(kept: Path, damage: bytes) -> None:
    kept.with_name("kept.sha256").write_bytes(damage)
    assert not sums.intact(kept)


@pytest.mark.parametrize("absent", ["kept", "kept.sha256"])
def test_file_without_its_note_is_not_intact(kept: Path, absent: str) -> None:
    kept.with_name(absent).unlink()
    assert not sums.intact(kept)


def test_only_stale_folders_are_removed(tmp_path: Path) -> None:
    for name in ("new-1", "new-2", "newer", "d37a"):
        (tmp_path / name / "inside").mkdir(parents=True)
    sums.remove_stale(tmp_path, "new-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d37a", "newer"]
