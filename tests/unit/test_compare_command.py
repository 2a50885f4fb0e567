"""`rknn-convert compare` measures each output and fails for those that are too different."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from unit.compare_fixtures import MADE, quantized
from unit.convert_samples import npy
from unit.rknn_file import Tensor

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair

pytest_plugins = ["unit.compare_fixtures"]

NAN = float("nan")


def test_alike(pair: Pair) -> None:
    outcome = pair.compare()
    assert (outcome.status, outcome.err) == (0, ""), outcome
    heading, first, second, last = outcome.out.splitlines()
    assert heading.split() == ["output", "cosine", "largest", "error", "of", "largest", "value"]
    assert first.split() == ["y", "1.000000", "0", "0"]
    assert second.split() == ["z", "1.000000", "0", "0"]
    assert "random samples, 4" in last, last
    assert list((pair.folder / "scratch").iterdir()) == []


def test_one_is_not(pair: Pair) -> None:
    pair.simulated([[1, 2]], [[4, 3]])
    outcome = pair.compare()
    assert outcome.status == 1, outcome
    assert outcome.out.splitlines()[2].split() == ["z", "0.960000", "1", "0.25"]
    assert "output 'z': cosine 0.960000 is below 0.999" in outcome.err, outcome
    assert "'y'" not in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome


def test_threshold_said(pair: Pair) -> None:
    pair.simulated([[1, 2]], [[4, 3]])
    assert pair.compare("--threshold", "0.95").status == 0
    assert pair.compare("--threshold", "0.97").status == 1


def test_threshold_of_quantized(pair: Pair) -> None:
    pair.converts(quantized())
    (pair.folder / "a.npy").write_bytes(npy((1, 4)))
    (pair.folder / "samples.txt").write_text("a.npy\n")
    samples = ("--quantize", pair.folder / "samples.txt")
    pair.simulated([[1, 2]], [[3.3, 3.7]])  # 0.9934
    outcome = pair.compare(*samples)
    assert outcome.status == 0, outcome
    assert "given samples, 1; a cosine of 0.98" in outcome.out, outcome
    pair.simulated([[1, 2]], [[4, 3]])
    assert pair.compare(*samples).status == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (([[1, NAN]], [[3, 4]]), "output 'y': NaN: 1 of 2 values, converted graph"),
        (([[1, 2]], [[float("inf"), 4]]), "output 'z': infinite: 1 of 2 values, converted graph"),
        (([[1, 2, 3]], [[3, 4]]), "output 'y': shape 1,3, not 1,2"),
        (([[1, 2]],), "the simulator gave 1 outputs, and the graph has 2"),
    ],
)
def test_what_can_not_be_measured(pair: Pair, answers: tuple[object, ...], said: str) -> None:
    pair.simulated(*answers)
    outcome = pair.compare("--json")
    assert outcome.status == 1, outcome
    assert said in outcome.err, outcome
    if outcome.out:
        assert [one["cosine"] for one in json.loads(outcome.out)["outputs"]].count(None) == 1


def test_original_gives_nan(pair: Pair) -> None:
    pair.original(y=[[NAN, NAN]], z=[[3, 4]])
    outcome = pair.compare()
    assert outcome.status == 1, outcome
    assert "NaN: 2 of 2 values, original graph; random samples may not suit it" in outcome.err


def test_zeros_are_alike(pair: Pair) -> None:
    pair.original(y=[[0, 0]], z=[[3, 4]])
    pair.simulated([[0, 0]], [[3, 4]])
    assert pair.compare().status == 0
    pair.simulated([[0, 1e-9]], [[3, 4]])
    assert pair.compare().status == 1


def test_outputs_are_matched_by_name(pair: Pair) -> None:
    pair.converts(replace(MADE, outputs=MADE.outputs[::-1]))
    pair.simulated([[3, 4]], [[1, 2]])
    outcome = pair.compare()
    assert outcome.status == 0, outcome
    assert [line.split()[0] for line in outcome.out.splitlines()[1:3]] == ["z", "y"]


def test_output_left_out_is_told(pair: Pair) -> None:
    pair.converts(replace(MADE, outputs=MADE.outputs[:1]))
    pair.simulated([[1, 2]])
    outcome = pair.compare()
    assert outcome.status == 0, outcome
    assert "not compared: the original's output z" in outcome.out, outcome


def test_simulator_or_onnxruntime_refuses(pair: Pair) -> None:
    pair.simulated()
    outcome = pair.compare()
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert "gave up in its simulator" in outcome.err, outcome
    pair.original(refusal="no kernel\nfor Frob", y=[], z=[])
    outcome = pair.compare()
    said = f"{pair.folder}/model.onnx: onnxruntime can't run the original: no kernel for Frob"
    assert outcome.err == f"rknn-convert: {said}\n", outcome


def test_sample_of_another_shape(pair: Pair) -> None:
    for name, shape in (("right", (1, 4)), ("wrong", (4, 1))):
        (pair.folder / f"{name}.npy").write_bytes(npy(shape))
        (pair.folder / f"{name}.txt").write_text(f"{name}.npy\n")
    assert pair.compare("--inputs", pair.folder / "right.txt").status == 0
    outcome = pair.compare("--inputs", pair.folder / "wrong.txt")
    assert outcome.status == 1, outcome
    assert f"{pair.folder}/wrong.npy: its shape is 4,1, and 'x' takes 1,4" in outcome.err, outcome


def test_sample_of_too_few_files(pair: Pair) -> None:
    inputs = (*MADE.inputs, Tensor("w", (1, 4)))
    pair.converts(replace(MADE, inputs=inputs))
    pair.original(inputs={"x": (1, 4), "w": (1, 4)}, y=[[1, 2]], z=[[3, 4]])
    (pair.folder / "a.npy").write_bytes(npy((1, 4)))
    (pair.folder / "one.txt").write_text("a.npy\n")
    outcome = pair.compare("--inputs", pair.folder / "one.txt")
    assert outcome.status == 1, outcome
    assert "a.npy: found 1 files in a sample, for 2 inputs" in outcome.err, outcome


def test_equal_outputs_pass_the_highest_threshold(pair: Pair) -> None:
    assert pair.compare("--threshold", "1").status == 0
    pair.simulated([[1, 2]], [[3, 4.0001]])
    outcome = pair.compare("--threshold", "1")
    assert outcome.status == 1, outcome
    # 1 less half the square of the angle, 3 * 0.0001 / 25.
    assert "output 'z': cosine 0.99999999992" in outcome.err, outcome
