"""onnx 1.19 and later: "AttributeError: module 'onnx' has no attribute 'mapping'"."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

# numpy has none of these, so the mapping had what a value of them fits in.
STAND_INS = {"bfloat16": "float32", "float8": "float32", "float4": "float32"}
STAND_INS |= {"int4": "int8", "uint4": "uint8", "int2": "int8", "uint2": "uint8"}


def stand_in(name: str) -> str | None:
    """Return the numpy type that stands in for one of ml_dtypes' types; None for numpy's own."""
    return next((STAND_INS[kind] for kind in STAND_INS if name.startswith(kind)), None)


def apply() -> bool:
    """Bring back onnx.mapping's two tables, from onnx.helper; False where onnx has them."""
    onnx = import_module("onnx")
    if hasattr(onnx, "mapping"):
        return False
    numpy, helper = import_module("numpy"), import_module("onnx.helper")
    to_numpy, to_tensor = {}, {}
    for number in helper.get_all_tensor_dtypes():
        try:
            found = numpy.dtype(helper.tensor_dtype_to_np_dtype(number))
        except (KeyError, TypeError, ValueError):
            continue  # UNDEFINED
        other = stand_in(found.name)
        to_numpy[int(number)] = numpy.dtype(other) if other else found
        if other is None:
            to_tensor[found] = int(number)
    mapping = ModuleType("onnx.mapping", __doc__)
    mapping.__dict__.update(TENSOR_TYPE_TO_NP_TYPE=to_numpy, NP_TYPE_TO_TENSOR_TYPE=to_tensor)
    onnx.__dict__["mapping"] = sys.modules["onnx.mapping"] = mapping
    return True
