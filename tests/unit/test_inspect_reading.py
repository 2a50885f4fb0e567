"""What the toolkit wrote into an .rknn file is what is read from it, in each of its formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rknn_convert.container import read
from rknn_convert.tensors import Quantization, Tensor
from unit import rknn_file
from unit.inspect_files import DYNAMIC, QUANTIZED, VERSIONS, cut_apart, old_bytes, small_bytes
from unit.rknn_file import container, rknn_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_convert.container import Model


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a test may write its model."""
    return tmp_path / "some.rknn"


def reading(path: Path, content: bytes) -> Model:
    path.write_bytes(content)
    return read(path)


def test_versions_and_origin(path: Path) -> None:
    content = rknn_bytes(QUANTIZED)
    model = reading(path, content)
    assert (model.size, model.format) == (len(content), 6)
    assert (model.targets, model.hardware) == (("rk3588",), "RKNPU v2")
    assert (model.toolkit, model.framework, model.custom_string) == ("2.3.2", "ONNX", "mine")
    assert (model.compiler, model.compiler_commit) == ("2.3.2", "e045de294f")
    assert model.compiler_date == "2025-04-07T19:48:25"


def test_toolkit_without_its_compiler_is_told_by_the_description(path: Path) -> None:
    model = reading(path, rknn_bytes(replace(QUANTIZED, extra_slots={7: "of today"})))
    assert (model.toolkit, model.compiler, model.compiler_commit) == ("2.3.2", "", "")


def test_tensors_in_their_order(path: Path) -> None:
    model = reading(path, rknn_bytes(QUANTIZED))
    quantization = Quantization("int8", "layer", "", (-1.0,), (1.0,))
    assert model.inputs == (
        Tensor("a", (1, 3, 4, 4), "int8", "NHWC", quantization),
        Tensor("b", (1, 2), "int64", "UNDEFINED"),
    )
    assert model.outputs == (Tensor("result", (1, 8, 16, 24), "float16", "NCHW"),)
    assert [tensor.runtime_shape for tensor in model.inputs] == [(1, 4, 4, 3), (1, 2)]


def test_order_is_that_of_the_links_not_of_the_list(path: Path) -> None:
    links = [("output", 0, 2), ("input", 1, 0), ("input", 0, 1)]
    graph = [{"left": s, "left_tensor_id": n, "right_tensor_id": to} for s, n, to in links]
    model = reading(path, rknn_bytes(replace(QUANTIZED, extra_json={"graph": graph})))
    assert [tensor.name for tensor in model.inputs] == ["b", "a"]


def test_quantized_is_told_from_float(path: Path) -> None:
    assert reading(path, rknn_bytes(QUANTIZED)).is_quantized
    assert not reading(path, rknn_bytes(rknn_file.Model())).is_quantized


def test_mean_and_std_are_read(path: Path) -> None:
    table = {"attrs": {"a": {"mean": [1, 2.5, 3], "std": (4, 5, 6), "rgb2bgr": True}}}
    model = reading(path, rknn_bytes(replace(QUANTIZED, extra_slots={3: repr(table)})))
    assert (model.inputs[0].mean, model.inputs[0].std) == ((1.0, 2.5, 3.0), (4.0, 5.0, 6.0))
    assert (model.inputs[1].mean, model.inputs[1].std) == ((), ())


def test_dynamic_shapes_are_listed(path: Path) -> None:
    model = reading(path, rknn_bytes(DYNAMIC))
    assert model.is_dynamic
    assert model.inputs[0].shapes == ((1, 3, 8, 8), (1, 3, 4, 4))
    assert model.outputs[0].shapes == ((1, 2, 8, 8), (1, 2, 4, 4))


def test_a_static_model_has_none(path: Path) -> None:
    model = reading(path, rknn_bytes(QUANTIZED))
    assert (model.is_dynamic, model.inputs[0].shapes) == (False, ())


@pytest.mark.parametrize("number", range(2, 7))
def test_formats_2_to_6_are_alike(path: Path, number: int) -> None:
    model = reading(path, container(number, *cut_apart(rknn_bytes(QUANTIZED))))
    assert (model.format, model.targets, len(model.inputs)) == (number, ("rk3588",), 2)


def test_format_1_has_a_shorter_header_and_a_remark(path: Path) -> None:
    model = reading(path, old_bytes())
    assert (model.format, model.targets, model.hardware) == (1, ("rk3566",), "RKNPU lite")
    assert model.inputs[0].shape == (1, 3, 16, 24)


def test_format_of_the_rv1106_is_read_behind_its_network(path: Path) -> None:
    model = reading(path, small_bytes())
    assert (model.format, model.targets, model.hardware) == (0x1004, ("rv1106",), "RKNPU t3")
    assert (model.toolkit, model.compiler_commit) == ("2.3.2", "e045de294f")
    assert (model.framework, model.custom_string) == ("ONNX", "mine")
    assert (model.inputs[0].dtype, model.inputs[0].layout) == ("int8", None)
    assert model.is_quantized


def test_custom_operations_are_named(path: Path) -> None:
    slots = {7: VERSIONS, 21: "cstSigmoid"}
    model = reading(path, rknn_bytes(replace(QUANTIZED, extra_slots=slots)))
    assert model.custom_ops == "cstSigmoid"
