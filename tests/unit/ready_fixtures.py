"""Runs of rknn-ready on roots like those of boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_ready.cli import main
from unit.commands import Outcome, command
from unit.ready_roots import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def ready(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Outcome]:
    """Return rknn-ready as a function of a root's files and its options."""
    run_on = command(main, capsys)

    def call(files: dict[str, str], *options: str) -> Outcome:
        fill(tmp_path, files)
        return run_on("--root", str(tmp_path), *options)

    return call
