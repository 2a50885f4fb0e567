"""diffoscope is asked where it is installed, and its answer is cut to a screenful."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.reproduce import trees

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_without_it_nothing_is_said(programs: Path) -> None:
    assert trees.diffoscope(programs, programs) == []


def test_its_answer_is_cut(programs: Path) -> None:
    program = programs / "diffoscope"
    lines = trees.DIFFOSCOPE_LINES + 5
    program.write_text(
        f"#!/usr/bin/python3\nfor i in range({lines}): print(i)\nraise SystemExit(1)\n"
    )
    program.chmod(0o755)
    said = trees.diffoscope(programs, programs)
    assert said[-2:] == [str(trees.DIFFOSCOPE_LINES - 1), "… 5 more lines of diffoscope"]
