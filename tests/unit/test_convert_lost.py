"""An input or output of the model that the converted one has not is told in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_convert.cli import main
from unit.commands import Outcome, command
from unit.rknn_file import Model, Tensor

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair

pytest_plugins = ["unit.compare_fixtures"]

X, Y, Z, OTHER = (Tensor(name, (1, 4)) for name in ("x", "y", "z", "other"))
SHAPES = {"x": (1, 4), "y": (1, 4)}
INPUT = "the toolkit left out the model's input 'y'; it has no effect"
OUTPUT = "the toolkit left out the model's output 'z'; does it depend on an input?"


def converted(pair: Pair, *options: str) -> Outcome:
    model = pair.folder / "model.onnx"
    model.write_text("fine")
    words = (model, "-o", pair.folder / "out.rknn", "--target", "rk3588", "--quiet", *options)
    return command(main, pair.capsys)(*words)


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
def test_note(pair: Pair, made: Model, options: tuple[str, ...], notes: list[str]) -> None:
    pair.original(inputs=SHAPES, y=[[1]], z=[[1]])
    pair.toolkit.makes(made)
    outcome = converted(pair, *options)
    assert (outcome.status, outcome.out) == (0, ""), outcome
    begin = f"rknn-convert: note: {pair.folder}/model.onnx: "
    assert outcome.err == "".join(f"{begin}{note}\n" for note in notes)
    assert (pair.folder / "out.rknn").exists()
