"""Real models run through rknnlite of every release, out of closures that Nix built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import NHWC, RELEASES, Attempt, Outcome
from rknn_flake import models
from rknn_flake.rknn_file import Tensor, describe

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

RUN = {name: Attempt(name) for name in ("conv-rk3588", "quantized-rk3588", "add-two-inputs-rk3588")}
REFUSED = {
    "conv-rk3566": (-13, "RKNN_ERR_TARGET_PLATFORM_UNMATCH"),
    "cut-short": (-6, "RKNN_ERR_MODEL_INVALID"),
    "no-model": (-6, "RKNN_ERR_MODEL_INVALID"),
}
# rknn_tensor_type of what a model calls float is float16: the NPU has no wider one.
TYPES = {"float": 1, "int8": 2}
# conv-rk3588 takes one image, 16 by 16.
WRONG_INPUTS = {
    "too small": Attempt(shapes=((1, 8, 16, 3),)),
    "one too many": Attempt(shapes=((1, 16, 16, 3), (1, 16, 16, 3))),
}


@pytest.fixture(scope="module", params=RELEASES)
def ran(request: pytest.FixtureRequest, binding_board: BindingBoard) -> dict[str, Outcome]:
    """Return what a release makes of the board's models, in one process."""
    done = binding_board.attempt(*RUN.values(), release=request.param)
    return dict(zip(RUN, done, strict=True))


@pytest.fixture(scope="module")
def refused(binding_board: BindingBoard) -> dict[str, Outcome]:
    """Return what the default release makes of models and inputs that do not fit."""
    attempts = {name: Attempt(name) for name in REFUSED} | WRONG_INPUTS
    return dict(zip(attempts, binding_board.attempt(*attempts.values()), strict=True))


def declared(tensors: tuple[Tensor, ...], *, channels_last: bool) -> list[list[object]]:
    """Return what the binding should tell of a model's own tensors."""
    return [
        [
            tensor.name,
            [tensor.shape[axis] for axis in NHWC] if channels_last else list(tensor.shape),
            TYPES[tensor.kind],
        ]
        for tensor in tensors
    ]


@pytest.mark.parametrize("name", RUN)
def test_outputs_are_as_the_model_describes_them(ran: dict[str, Outcome], name: str) -> None:
    outcome, model = ran[name], describe(models.get(name))
    assert (outcome.load, outcome.init) == (0, 0), outcome.said
    assert outcome.tensors == [
        declared(model.inputs, channels_last=True),
        declared(model.outputs, channels_last=False),
    ]
    # rknnlite has everything converted to float32, quantized outputs too.
    assert outcome.outputs == [[list(tensor.shape), "float32"] for tensor in model.outputs]


def test_the_models_differ_in_what_is_compared() -> None:
    described = [describe(models.get(name)) for name in RUN]
    assert {tensor.kind for model in described for tensor in model.outputs} == set(TYPES)
    assert {len(model.inputs) for model in described} == {1, 2}


def test_versions_of_library_and_driver_are_told(ran: dict[str, Outcome]) -> None:
    versions = ran["conv-rk3588"].versions or ""
    assert "2.3.2 (simulator@" in versions, versions
    assert "0.9.8" in versions, versions


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_inputs_that_are_not_the_models_are_refused(refused: dict[str, Outcome], name: str) -> None:
    outcome = refused[name]
    assert outcome.init == 0, outcome.said
    assert outcome.outputs is None, outcome.outputs
    assert "RKNN_ERR_PARAM_INVALID" in outcome.said, outcome.said


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_that_cannot_run_is_refused(refused: dict[str, Outcome], name: str) -> None:
    outcome = refused[name]
    assert (outcome.init, outcome.outputs) == (-1, None), outcome.said
    assert f"RKNN init failed. error code: {REFUSED[name][1]}" in outcome.said


@pytest.mark.parametrize("name", REFUSED)
def test_the_library_refuses_it_by_number(binding_board: BindingBoard, name: str) -> None:
    status, said = binding_board.rknn_init(name)
    assert status == REFUSED[name][0], said


def test_the_reason_is_printed(refused: dict[str, Outcome]) -> None:
    foreign = "This rknn model is for rk3566, but current platform is rk3588"
    assert foreign in refused["conv-rk3566"].said
    assert "parseRKNN: invalid RKNN_MAGIC!" in refused["no-model"].said
    assert "parseRKNN: exportDataSize large then model size" in refused["cut-short"].said
