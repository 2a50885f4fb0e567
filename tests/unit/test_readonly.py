"""What runs sealed cannot write to the machine's own folders, and can everywhere else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake import readonly
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.process import Completed

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's builds are sealed")


def sealed(folder: Path, *command: str) -> Completed:
    return run([sys.executable, readonly.__file__, folder, "--", *command], check=False)


def test_a_sealed_folder_cannot_be_written(tmp_path: Path) -> None:
    done = sealed(tmp_path, "touch", str(tmp_path / "new"))
    assert done.status != 0
    assert "Read-only file system" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_other_folders_can_and_the_status_is_the_commands(tmp_path: Path) -> None:
    (tmp_path / "sealed").mkdir()
    done = sealed(tmp_path / "sealed", "touch", str(tmp_path / "new"))
    assert (done.status, done.stderr) == (0, "")
    assert (tmp_path / "new").exists()


def test_the_machine_is_as_before_afterwards(tmp_path: Path) -> None:
    sealed(tmp_path, "true")
    (tmp_path / "new").write_text("x")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = sealed(tmp_path / "nowhere", "true")
    assert done.status == 1
    assert f"mount {tmp_path}/nowhere: No such file" in done.stderr
