"""MODEL is converted again with what the .rknn file records, and flags win over that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rknn_convert import container, formats, recorded
from rknn_convert.tensors import Tensor as ReadTensor
from unit.compare_fixtures import MADE

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair

pytest_plugins = ["unit.compare_fixtures"]

ONNX, TORCH = formats.FORMATS[0], formats.FORMATS[2]
PICTURE = ReadTensor("p", (1, 3, 8, 8), "float16", mean=(0.0,) * 3, std=(1.0,) * 3)
PLAIN = container.Model(1, 6, ("rk3588",), "2.3.2", (PICTURE,), (ReadTensor("y", (1, 2), None),))


def test_plain_model() -> None:
    assert recorded.tables(PLAIN, ONNX) == {
        "config": {"target_platform": "rk3588"},
        "load": {"inputs": ["p"], "input_size_list": [[1, 3, 8, 8]], "outputs": ["y"]},
    }


def test_loader_that_takes_shapes_only() -> None:
    assert recorded.tables(PLAIN, TORCH)["load"] == {"input_size_list": [[1, 3, 8, 8]]}


def test_means_and_divisors() -> None:
    tensor = replace(PICTURE, mean=(1.0, 2.0, 3.0))
    config = recorded.tables(replace(PLAIN, inputs=(tensor,)), ONNX)["config"]
    assert config == {"target_platform": "rk3588", "mean_values": [[1.0, 2.0, 3.0]]}
    tensor = replace(PICTURE, std=(2.0, 2.0, 2.0))
    config = recorded.tables(replace(PLAIN, inputs=(tensor,)), ONNX)["config"]
    assert config == {"target_platform": "rk3588", "std_values": [[2.0, 2.0, 2.0]]}


def test_dynamic_model() -> None:
    inputs = (
        replace(PICTURE, shapes=((1, 3, 8, 8), (1, 3, 16, 16))),
        ReadTensor("v", (1, 4), "float16", shapes=((1, 4), (2, 4))),
    )
    found = recorded.tables(replace(PLAIN, inputs=inputs, is_dynamic=True), ONNX)
    assert found["config"]["dynamic_input"] == [[[1, 3, 8, 8], [1, 4]], [[1, 3, 16, 16], [2, 4]]]
    assert found["load"] == {"outputs": ["y"]}


def test_toolkit_gets_it(pair: Pair) -> None:
    pair.converts(replace(MADE, platform="rk3566", custom_string="mine"))
    assert pair.compare().status == 0
    calls = pair.toolkit.calls
    assert calls["config"]["target_platform"] == "rk3566", calls
    assert calls["config"]["custom_string"] == "mine", calls
    load = calls["load"]
    assert (load["inputs"], load["input_size_list"]) == (["x"], [[1, 4]]), calls
    assert load["outputs"] == ["y", "z"], calls
    assert calls["build"]["do_quantization"] is False, calls


def test_flags_win(pair: Pair) -> None:
    options = ("--target", "rk3566", "--set", "custom_string=mine", "--output-tensor", "y")
    pair.compare(*options, "--allow-different")
    calls = pair.toolkit.calls
    assert calls["config"]["target_platform"] == "rk3566", calls
    assert calls["config"]["custom_string"] == "mine", calls
    assert calls["load"]["outputs"] == ["y"], calls
