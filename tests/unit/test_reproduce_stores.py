"""Stores of rounds go away, and one that does not is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_flake.reproduce import stores

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_read_only_folders_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = tmp_path / "store" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    for folder in (inner, inner.parent):
        folder.chmod(0o555)
    stores.remove(tmp_path / "store")
    stores.remove(tmp_path / "never made")
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""


def test_what_stays_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stays = tmp_path / "run"
    # rmtree refuses what is no folder, root's calls too.
    stays.touch()
    stores.remove(stays)
    said = capsys.readouterr().err
    assert said.startswith(f"{stays}: could not be removed; ")
    assert said.count("\n") == 1
