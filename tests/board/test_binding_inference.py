"""Real models run through rknnlite of every release, out of closures that Nix built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import NHWC, RELEASES, Attempt
from rknn_flake import models
from rknn_flake.rknn_file import describe

if TYPE_CHECKING:
    from board.binding_board import BindingBoard
    from rknn_convert.tensors import Tensor

pytestmark = pytest.mark.board

RUN = ("conv-rk3588", "quantized-rk3588", "add-two-inputs-rk3588")
# What rknn_init returns, how rknnlite calls that, and the reason that is printed.
REFUSED = {
    "conv-rk3566": (
        -13,
        "RKNN_ERR_TARGET_PLATFORM_UNMATCH",
        "This rknn model is for rk3566, but current platform is rk3588",
    ),
    "cut-short": (
        -6,
        "RKNN_ERR_MODEL_INVALID",
        "parseRKNN: exportDataSize large then model size",
    ),
    "no-model": (-6, "RKNN_ERR_MODEL_INVALID", "parseRKNN: invalid RKNN_MAGIC!"),
}
# rknn_tensor_type of what a model calls so.
TYPES: dict[str | None, int] = {"float16": 1, "int8": 2}
# conv-rk3588 takes one image, 16 by 16.
WRONG_INPUTS = {
    "too small": Attempt(shapes=((1, 8, 16, 3),)),
    "one too many": Attempt(shapes=((1, 16, 16, 3), (1, 16, 16, 3))),
}


def declared(tensors: tuple[Tensor, ...], *, channels_last: bool) -> list[list[object]]:
    """Return what the binding should tell of a model's own tensors."""
    return [
        [
            tensor.name,
            [tensor.shape[axis] for axis in NHWC] if channels_last else list(tensor.shape),
            TYPES[tensor.dtype],
        ]
        for tensor in tensors
    ]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", RUN)
def test_outputs_are_as_the_model_describes_them(
    binding_board: BindingBoard, name: str, release: str
) -> None:
    model = describe(models.get(name))
    outcome = binding_board.attempt(Attempt(name, release=release))
    assert (outcome.load, outcome.init) == (0, 0), outcome.said
    assert outcome.tensors == [
        declared(model.inputs, channels_last=True),
        declared(model.outputs, channels_last=False),
    ]
    # rknnlite has everything converted to float32, quantized outputs too.
    assert outcome.outputs == [[list(tensor.shape), "float32"] for tensor in model.outputs]
    versions = outcome.versions or ""
    assert "2.3.2 (simulator@" in versions, versions
    assert "0.9.8" in versions, versions


def test_the_models_differ_in_what_is_compared() -> None:
    described = [describe(models.get(name)) for name in RUN]
    assert {tensor.dtype for model in described for tensor in model.outputs} == set(TYPES)
    assert {len(model.inputs) for model in described} == {1, 2}


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_inputs_that_are_not_the_models_are_refused(binding_board: BindingBoard, name: str) -> None:
    outcome = binding_board.attempt(WRONG_INPUTS[name])
    assert outcome.init == 0, outcome.said
    assert outcome.outputs is None, outcome.outputs
    assert "RKNN_ERR_PARAM_INVALID" in outcome.said


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_that_cannot_run_is_refused(binding_board: BindingBoard, name: str) -> None:
    _, error, reason = REFUSED[name]
    outcome = binding_board.attempt(Attempt(name))
    assert (outcome.init, outcome.outputs) == (-1, None), outcome.said
    assert f"RKNN init failed. error code: {error}" in outcome.said
    assert reason in outcome.said


@pytest.mark.parametrize("name", REFUSED)
def test_the_library_refuses_it_by_number(binding_board: BindingBoard, name: str) -> None:
    status, said = binding_board.rknn_init(name)
    assert status == REFUSED[name][0], said
