"""Graphs converted by rknn-convert in Nix's sandbox, and what the simulator makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conversions import EVERY, KINDS, Conversion, Converted, converted, is_quantized
from graphs import GRAPHS
from simulate_graphs import JUDGED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

LEAST = {"float": 0.999, "int8": 0.98}
# What at least one of the graphs has to hold.
OPERATIONS = {"Conv", "MatMul", "Gemm", "Softmax", "Resize", "Concat", "Transpose", "MaxPool"}


@pytest.fixture(scope="module")
def graphs(nix: Nix) -> Converted:
    """All graphs, converted."""
    return converted(nix)


@pytest.fixture
def conversion(graphs: Converted, graph: str, kind: str) -> Conversion:
    """One of them, of which nothing failed."""
    found = graphs.reports[graph, kind]
    assert found.problem == ""
    return found


def tensors(told: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(one["name"], tuple(one["shape"]), one["dtype"]) for one in told]


every = pytest.mark.parametrize(("graph", "kind"), EVERY)


@every
def test_the_simulator_agrees_with_onnxruntime(conversion: Conversion) -> None:
    assert len(conversion.cosines) == len(GRAPHS[conversion.graph].outputs)
    assert min(conversion.cosines) >= LEAST[conversion.kind], conversion


@every
def test_outputs_have_the_graphs_shapes(conversion: Conversion) -> None:
    expected = [list(shape) for shape in GRAPHS[conversion.graph].outputs.values()]
    assert conversion.shapes == expected


@every
def test_another_folder_and_environment_give_the_same_bytes(conversion: Conversion) -> None:
    first, second = conversion.digests
    assert first == second, conversion


@every
def test_inspect_tells_of_the_graphs_inputs_and_outputs(conversion: Conversion) -> None:
    graph, told = GRAPHS[conversion.graph], conversion.inspected
    for side, declared in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        expected = []
        for name, shape in declared.items():
            quantized = is_quantized(conversion.graph, conversion.kind, name)
            expected.append((name, shape, "int8" if quantized else "float16"))
        assert tensors(told[side]) == expected, side
    assert told["quantized"] is (conversion.kind == "int8")
    assert (told["targets"], told["toolkit"]) == (["rk3588"], "2.3.2")
    if graph.is_picture:
        assert told["inputs"][0]["mean"] == pytest.approx(graph.mean)
        assert told["inputs"][0]["std"] == pytest.approx(graph.std)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("graph", JUDGED)
def test_compare_says_the_same_of_the_same_file(conversion: Conversion) -> None:
    told = conversion.judged
    assert (told["same_file"], told["passed"]) == (True, True), told
    cosines = [one["cosine"] for one in told["outputs"]]
    assert cosines == pytest.approx(conversion.cosines, abs=1e-5), told
    assert [one["name"] for one in told["outputs"]] == list(GRAPHS[conversion.graph].outputs)


def test_another_samples_outputs_would_not_pass(graphs: Converted) -> None:
    mistaken = [
        key for key, found in graphs.reports.items() if min(found.others, default=0.0) >= 0.98
    ]
    # A mean over random images is much the same for each.
    assert mistaken == [("conv", "float"), ("conv", "int8")]


def test_every_file_is_another(graphs: Converted) -> None:
    digests = {tuple(found.digests[:1]) for found in graphs.reports.values()}
    assert len(digests) == len(EVERY)


def test_the_graphs_hold_what_networks_are_made_of() -> None:
    kinds = {node.kind for graph in GRAPHS.values() for node in graph.nodes}
    assert kinds >= OPERATIONS, OPERATIONS - kinds
    groups = {node.told.get("group", 1) for graph in GRAPHS.values() for node in graph.nodes}
    assert max(groups) > 1, "no depthwise convolution"
    modes = {node.told.get("mode") for graph in GRAPHS.values() for node in graph.nodes}
    assert modes >= {"nearest", "linear"}
    ranks = {
        frozenset(map(len, graph.inputs.values()))
        for graph in GRAPHS.values()
        if len(graph.inputs) > 1
    }
    assert ranks == {frozenset({4}), frozenset({4, 2})}
    assert any(len(graph.outputs) > 1 for graph in GRAPHS.values())
