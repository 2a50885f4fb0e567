"""Device trees made by dtc, and runs of check_device_tree."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from check_device_tree import cli
from rknn_flake.process import run
from unit.commands import Outcome, command
from unit.device_tree_texts import BOARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Trees:
    """Makes device trees in this test's folder."""

    folder: Path

    def compiled(self, text: str, name: str = "board.dtb", *flags: str) -> Path:
        """Return `text` as a device tree, with labels unless `flags` say otherwise."""
        made = self.folder / name
        options = flags or ("-@",)
        run(["dtc", "-q", *options, "-I", "dts", "-O", "dtb", "-o", made, "-"], stdin=text)
        return made

    def changed(self, old: str, new: str) -> Path:
        """Return the board's tree with the one `old` in its text replaced."""
        if BOARD.count(old) != 1:
            pytest.fail(f"{old!r} stands {BOARD.count(old)} times in the tree's text")
        return self.compiled(BOARD.replace(old, new))


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    """Return the maker of device trees."""
    if shutil.which("dtc") is None:
        pytest.skip("no dtc on PATH; scripts/test installs it")
    return Trees(tmp_path)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return check_device_tree as a function of its arguments; usage errors are outcomes too."""
    return command(cli.main, capsys)
