"""onnx.mapping is there for the toolkit, and onnx's own where it has one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from toolkit_patches import onnx_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["unit.toolkit_fixtures"]

TYPES = {1: "float32", 7: "int64", 8: "object", 16: "bfloat16", 17: "float8_e4m3fn", 22: "int4"}


def type_of(number: int) -> str:
    """Return what onnx.helper does, with UNDEFINED refused as it is there."""
    if number == 0:
        raise KeyError(number)
    return TYPES[number]


@pytest.fixture
def onnx(module: Callable[..., Any]) -> Any:  # noqa: ANN401
    """Return onnx as from 1.19 on."""
    module("numpy", dtype=_Dtype)
    helper = module(
        "onnx.helper",
        get_all_tensor_dtypes=lambda: [0, *TYPES],
        tensor_dtype_to_np_dtype=type_of,
    )
    return module("onnx", helper=helper)


class _Dtype(str):
    """A dtype that is known by its name."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self)


def test_both_tables_are_there(onnx: Any) -> None:  # noqa: ANN401
    assert onnx_mapping.apply() is True
    mapping = import_module("onnx.mapping")
    assert mapping is onnx.mapping
    assert mapping.NP_TYPE_TO_TENSOR_TYPE == {"float32": 1, "int64": 7, "object": 8}
    assert {
        mapping.NP_TYPE_TO_TENSOR_TYPE[kind]: kind for kind in ("float32", "int64")
    }.items() <= (mapping.TENSOR_TYPE_TO_NP_TYPE.items())


def test_types_that_numpy_has_not_are_those_that_hold_them(onnx: Any) -> None:  # noqa: ANN401
    onnx_mapping.apply()
    table = onnx.mapping.TENSOR_TYPE_TO_NP_TYPE
    assert (table[16], table[17], table[22]) == ("float32", "float32", "int8")
    assert 0 not in table


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("bfloat16", "float32"),
        ("float8_e5m2fnuz", "float32"),
        ("float4_e2m1fn", "float32"),
        ("int4", "int8"),
        ("uint4", "uint8"),
        ("float16", None),
        ("float64", None),
        ("int8", None),
        ("uint16", None),
        ("complex64", None),
        ("object", None),
    ],
)
def test_only_types_that_numpy_has_not_are_stood_in_for(name: str, other: str | None) -> None:
    assert onnx_mapping.stand_in(name) == other


def test_onnx_that_has_it_is_left_alone(module: Callable[..., Any]) -> None:
    mapping = module("onnx.mapping")
    onnx = module("onnx", mapping=mapping)
    assert onnx_mapping.apply() is False
    assert onnx.mapping is mapping
    assert vars(mapping).keys() == vars(module("empty")).keys()
