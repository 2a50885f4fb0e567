"""What is compared has to be the .rknn file: else one line says in what it differs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from unit import onnx_bytes
from unit.compare_fixtures import MADE, quantized
from unit.rknn_file import Tensor, rknn_bytes

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair
    from unit.rknn_file import Model

pytest_plugins = ["unit.compare_fixtures"]

OTHERS = [
    (replace(MADE, custom_string="other"), "the network: another model, settings"),
    (quantized(), "quantized no, here yes; types of inputs; types of outputs"),
    (replace(MADE, inputs=(Tensor("x", (1, 5)),)), "shapes of inputs"),
    (replace(MADE, outputs=(*MADE.outputs, Tensor("w", (1,)))), "names of outputs"),
    (replace(MADE, platform="rk3566"), "SoC rk3588, here rk3566"),
]


@pytest.mark.parametrize(("made", "differs"), OTHERS)
def test_different_is_refused(pair: Pair, made: Model, differs: str) -> None:
    pair.toolkit.makes(made)
    pair.simulated(*[[[1, 2]], [[3, 4]], [[5]]][: len(made.outputs)])
    shapes = {one.name: one.shape for one in made.inputs}
    pair.original(inputs=shapes, y=[[1, 2]], z=[[3, 4]], w=[[5]])
    outcome = pair.compare()
    assert (outcome.status, outcome.out) == (1, ""), outcome
    said = (
        f"{pair.file} is not what {pair.folder}/model.onnx becomes here; they differ in {differs}"
    )
    assert said in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome


@pytest.mark.parametrize("made", [made for made, _ in OTHERS[:2]])
def test_different_is_compared_when_allowed(pair: Pair, made: Model) -> None:
    pair.toolkit.makes(made)
    outcome = pair.compare("--allow-different", "--json")
    assert outcome.status == 0, outcome
    assert outcome.err.startswith("rknn-convert: note: "), outcome
    told = json.loads(outcome.out)
    assert (told["same_file"], told["passed"], len(told["outputs"])) == (False, True, 2), told


def test_format_with_unknown_bytes(pair: Pair) -> None:
    older = replace(MADE, version=4)
    pair.converts(older)
    assert pair.compare().status == 0, "equal to the last byte"
    pair.toolkit.makes(replace(older, extra_slots={14: "1"}))
    outcome = pair.compare()
    assert outcome.status == 1, outcome
    assert "bytes of which it is not known whether they matter (it is not of" in outcome.err, (
        outcome
    )


def test_same_is_said_to_be(pair: Pair) -> None:
    told = json.loads(pair.compare("--json").out)
    assert told["same_file"] is True, told
    assert told["file"] == str(pair.file), told


def test_file_of_another_model(pair: Pair) -> None:
    lacks = "raises load_onnx The 'x' in inputs=['x'] is invalid!"
    outcome = pair.compare(text=lacks)
    assert outcome.status == 1, outcome
    model = f"{pair.folder}/model.onnx"
    said = f"{pair.file} was not made from {model}, which has other inputs and outputs"
    assert outcome.err == f"rknn-convert: {said}\n"
    outcome = pair.compare("--input", "x:1,4", text=lacks)
    assert "it has no tensor 'x'" in outcome.err, outcome


def test_file_of_a_model_of_another_rank(pair: Pair) -> None:
    outcome = pair.compare(text=onnx_bytes.model({"x": 9}, ["y", "z"]))
    model = f"{pair.folder}/model.onnx"
    said = f"{pair.file} was not made from {model}, which has other inputs and outputs"
    assert (outcome.status, outcome.err) == (1, f"rknn-convert: {said}\n"), outcome


def test_shape_of_another_rank_that_was_said(pair: Pair) -> None:
    other = onnx_bytes.model({"x": 9}, ["y", "z"])
    outcome = pair.compare("--input", "x:1,4", text=other)
    assert outcome.status == 1, outcome
    assert "its input 'x' has 9 dimensions, and --input says [1, 4]" in outcome.err, outcome


def test_file_of_another_release(pair: Pair) -> None:
    older = rknn_bytes(MADE).replace(b"2.3.2", b"2.3.0")
    pair.file.write_bytes(older)
    outcome = pair.compare()
    assert outcome.status == 1, outcome
    assert f"{pair.file}: made by rknn-toolkit2 2.3.0, and here is 2.3.2" in outcome.err, outcome
    assert not pair.toolkit.was_used, "it was converted for nothing"
    assert pair.compare("--allow-different").status == 0
