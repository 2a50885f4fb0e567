"""An input or output of the model that the converted one has not is told in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit import onnx_bytes
from unit.rknn_file import Model, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

X, Y, Z, OTHER = (Tensor(name, (1, 4)) for name in ("x", "y", "z", "other"))
MODEL = onnx_bytes.model({"x": 2, "y": 2}, ["y", "z"])
INPUT = "the toolkit left out the model's input 'y'; it has no effect"
OUTPUT = "the toolkit left out the model's output 'z'; does it depend on an input?"


@pytest.mark.parametrize(
    ("made", "options", "notes"),
    [
        (Model((X, Y), (Y, Z)), (), []),
        (Model((X,), (Y, Z)), (), [INPUT]),
        (Model((X, Y), (Y,)), (), [OUTPUT]),
        (Model((X,), (Y,)), (), [INPUT, OUTPUT]),
        (Model((X,), (Y,)), ("--output-tensor", "y"), []),
        (Model((X,), (Y,)), ("--output-tensor", "y", "--output-tensor", "z"), [OUTPUT]),
        (Model((X,), (Y, Z)), ("--input", "x:1,4"), []),
        (Model((X,), (Y, Z)), ("--input", "x:1,4", "--input", "y:1,4"), [INPUT]),
        (Model((X,), (Y, Z)), ("--set", "load.input_initial_val=[[1]]"), []),
        (Model((X, Y), (OTHER,)), (), []),
    ],
)
def test_note(
    convert: Callable[..., Outcome],
    stand_in: Toolkit,
    made: Model,
    options: tuple[str, ...],
    notes: list[str],
) -> None:
    stand_in.makes(made)
    outcome = convert(MODEL, "--quiet", *options)
    assert (outcome.status, outcome.out) == (0, ""), outcome
    folder = stand_in.path.parent
    begin = f"rknn-convert: note: {folder}/model.onnx: "
    assert outcome.err == "".join(f"{begin}{note}\n" for note in notes)
    assert (folder / "out.rknn").exists()
