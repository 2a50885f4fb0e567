"""Runs of rknn-cdi on roots like those of boards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from rknn_cdi.cli import main
from unit.cdi_roots import board
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """A board below `root`, and where its spec and the copy of its SoC's name go."""

    root: Path
    output: Path
    soc_copy: Path
    run: Callable[..., Outcome]

    @property
    def places(self) -> list[str]:
        """The options that name the two files."""
        return [f"--output={self.output}", f"--soc-copy={self.soc_copy}"]

    def has(self, files: dict[str, str]) -> Machine:
        """Put `files` on the board."""
        board(self.root, files)
        return self

    def write(self, *options: str) -> Outcome:
        """Run `rknn-cdi write`."""
        return self.run("write", *self.places, f"--root={self.root}", *options)

    def spec(self, *options: str) -> dict[str, Any]:
        """Write the spec and return it."""
        outcome = self.write(*options)
        assert (outcome.status, outcome.err) == (0, ""), outcome
        return self.read()

    def read(self) -> dict[str, Any]:
        """Return the spec that is there."""
        made: dict[str, Any] = json.loads(self.output.read_text(encoding="utf-8"))
        return made


@pytest.fixture
def cdi(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return rknn-cdi as a function of its arguments."""
    return command(main, capsys)


@pytest.fixture
def machine(cdi: Callable[..., Outcome], tmp_path: Path) -> Machine:
    """Return a machine that has nothing yet."""
    (tmp_path / "run").mkdir()
    files = (tmp_path / "run/cdi/rockchip.com-npu.json", tmp_path / "run/rknn/compatible")
    return Machine(board(tmp_path / "root", {}), *files, cdi)
