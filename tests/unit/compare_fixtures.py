"""Comparisons with stand-ins for the toolkit's simulator and for onnxruntime."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from rknn_convert.cli import main
from unit.commands import Outcome, command
from unit.compare_stand_ins import LIBRARY, SIMULATOR
from unit.convert_toolkit import Toolkit, toolkit
from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INPUTS = {"x": (1, 4)}
MADE = Model(inputs=(Tensor("x", (1, 4)),), outputs=(Tensor("y", (1, 2)), Tensor("z", (1, 2))))


@dataclass(frozen=True)
class Pair:
    """The two sides of a comparison, and the command that is to make it."""

    toolkit: Toolkit
    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def file(self) -> Path:
        """The .rknn file."""
        return self.folder / "file.rknn"

    def simulated(self, *outputs: object) -> None:
        """Have the simulator give these, or fail where there are none."""
        (self.toolkit.api / "answers.json").write_text(json.dumps(outputs))

    def original(
        self,
        refusal: str = "",
        inputs: Mapping[str, tuple[int, ...]] = INPUTS,
        **outputs: object,
    ) -> None:
        """Have the original give this, or be refused by onnxruntime."""
        said = {"inputs": dict(inputs), "outputs": outputs, "refusal": refusal}
        (self.toolkit.path / "original.json").write_text(json.dumps(said))

    def converts(self, model: Model) -> None:
        """Have MODEL convert to this, and the .rknn file be the same."""
        self.toolkit.makes(model)
        self.file.write_bytes(rknn_bytes(model))

    def compare(self, *options: str | Path, text: str | bytes = "fine") -> Outcome:
        """Compare them; `text` is the model's."""
        model = self.folder / "model.onnx"
        model.write_bytes(text.encode() if isinstance(text, str) else text)
        return command(main, self.capsys)("compare", model, self.file, *options)

    def verify(self, *options: str) -> Outcome:
        """Convert with --verify, to out.rknn."""
        model = self.folder / "model.onnx"
        model.write_text("fine")
        words = (model, "-o", self.folder / "out.rknn", "--target", "rk3588", "--verify", *options)
        return command(main, self.capsys)(*words)


@pytest.fixture
def pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Pair:
    """Return a model and an .rknn file of two outputs that are alike."""
    made = Pair(toolkit(tmp_path / "site"), tmp_path, capsys)
    api = made.toolkit.api / "__init__.py"
    api.write_text(api.read_text() + SIMULATOR)
    for name in ("onnx", "onnxruntime"):
        (made.toolkit.path / f"{name}.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(str(made.toolkit.path))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    made.converts(MADE)
    made.original(y=[[1, 2]], z=[[3, 4]])
    made.simulated([[1, 2]], [[3, 4]])
    return made


def quantized(model: Model = MADE) -> Model:
    """Return the model with int8 inputs and outputs."""
    return replace(
        model,
        inputs=tuple(replace(one, dtype="int8", span=(0.0, 1.0)) for one in model.inputs),
        outputs=tuple(replace(one, dtype="int8", span=(0.0, 1.0)) for one in model.outputs),
    )
