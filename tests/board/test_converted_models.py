"""Models that this flake's converter made, run by the real rknnlite on the emulated board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import (
    DEFAULT,
    GUEST,
    MODELS,
    NHWC,
    Attempt,
    BindingBoard,
    closures,
    closures_expression,
)
from conversions import EVERY, converted, is_quantized
from graphs import GRAPHS
from rknn_flake.board import Board, BoardSpec, PretendDriver
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.nix import Nix

pytestmark = [pytest.mark.board, pytest.mark.nix]

NEEDED = (DEFAULT, "simulator")
# rknn_tensor_type.
FLOAT16, INT8 = 1, 2


@pytest.fixture(scope="module")
def board(nix: Nix) -> Iterator[BindingBoard]:
    """Boot an Orange Pi 5 Plus with the binding and every converted graph."""
    made = converted(nix)
    links = {name: package for name, package in closures().items() if name in NEEDED}
    root = nix.build_expression(closures_expression(links))["out"]
    spec = BoardSpec(
        store=nix.store,
        closure=nix.closure(root),
        files={MODELS: made.folder, GUEST: PROJECT / "tests/board/guest"},
        driver=PretendDriver(),
    )
    with Board(spec) as booted:
        yield BindingBoard(booted, root)


def as_given(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return how rknnlite takes an input: of an image the channels last."""
    return tuple(shape[axis] for axis in NHWC) if len(shape) == len(NHWC) else shape


def declared(graph: str, kind: str, tensors: dict[str, tuple[int, ...]]) -> list[list[object]]:
    """Return what the binding should tell of tensors of these shapes."""
    return [
        [name, list(shape), INT8 if is_quantized(graph, kind, name) else FLOAT16]
        for name, shape in tensors.items()
    ]


@pytest.mark.parametrize(("graph", "kind"), EVERY)
def test_rknnlite_loads_and_runs_it(board: BindingBoard, graph: str, kind: str) -> None:
    outputs = GRAPHS[graph].outputs
    inputs = {name: as_given(shape) for name, shape in GRAPHS[graph].inputs.items()}
    outcome = board.attempt(Attempt(f"{graph}-{kind}", shapes=tuple(inputs.values())))
    assert (outcome.load, outcome.init) == (0, 0), outcome.said
    expected = [declared(graph, kind, inputs), declared(graph, kind, outputs)]
    assert outcome.tensors == expected, outcome.said
    arrays = [[list(shape), "float32"] for shape in outputs.values()]
    assert outcome.outputs == arrays, outcome.said


def test_an_input_of_another_shape_is_refused(board: BindingBoard) -> None:
    outcome = board.attempt(Attempt("conv-float", shapes=((1, 8, 16, 3),)))
    assert (outcome.init, outcome.outputs) == (0, None), outcome.said
