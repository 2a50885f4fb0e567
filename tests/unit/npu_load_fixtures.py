"""Runs of rknn-npu-load on roots like those of boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from rknn_npu_load.cli import main
from unit.npu_load_roots import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What one run of rknn-npu-load ended with and printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Outcome]:
    """Return rknn-npu-load as a function of a root's files and its options."""

    def call(files: dict[str, str], *options: str) -> Outcome:
        fill(tmp_path, files)
        try:
            status = main(["--root", str(tmp_path), *options])
        except SystemExit as end:
            status = int(str(end.code))
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return call
