"""Runs of rknn-convert with the stand-in for the toolkit."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from rknn_convert.cli import main
from unit.commands import Outcome, command
from unit.convert_toolkit import Toolkit, toolkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toolkit:
    """Put the stand-in where the converter's process finds it."""
    made = toolkit(tmp_path / "site")
    monkeypatch.syspath_prepend(str(made.path))
    return made


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which scratch folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def convert(
    stand_in: Toolkit,  # noqa: ARG001
    scratch: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Outcome]:
    """Return a conversion of a model of this content to out.rknn, as a function of options."""
    run = command(main, capsys)

    def call(content: str | bytes, *options: str | Path, name: str = "model.onnx") -> Outcome:
        model = tmp_path / name
        model.write_bytes(content.encode() if isinstance(content, str) else content)
        output = () if "-o" in options else ("-o", tmp_path / "out.rknn")
        target = () if "--target" in options else ("--target", "rk3588")
        outcome = run(model, *output, *target, *options)
        assert list(scratch.iterdir()) == [], "a scratch folder was left"
        return outcome

    return call
