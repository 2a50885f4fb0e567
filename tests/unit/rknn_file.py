"""Write files of the .rknn shape: header, flatbuffer body, JSON text. No network inside.

python3 rknn_file.py FILE.rknn
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

HEADER_BYTES = 64


@dataclass(frozen=True)
class Tensor:
    """An input or output; `shape` is NCHW as in the file, `span` the (min, max) it quantises."""

    name: str
    shape: tuple[int, ...]
    dtype: str = "float16"
    layout: str | None = None
    span: tuple[float, float] | None = None
    dynamic: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Model:
    """What a .rknn file says of itself."""

    inputs: tuple[Tensor, ...] = (Tensor("data", (1, 3, 16, 24)),)
    outputs: tuple[Tensor, ...] = (Tensor("result", (1, 8, 16, 24)),)
    platform: str = "rk3588"
    custom_string: str = ""
    version: int = 6
    extra_json: dict[str, object] = field(default_factory=dict)
    extra_slots: dict[int, str] = field(default_factory=dict)


def _layout(tensor: Tensor, *, is_input: bool) -> str:
    if tensor.layout is not None:
        return tensor.layout
    if not is_input:
        return "NCHW"
    return "NHWC" if len(tensor.shape) == 4 else "UNDEFINED"


def _edges(tensors: tuple[Tensor, ...], *, is_input: bool) -> str:
    return json.dumps(
        {t.name: {"dtype": t.dtype, "layout": _layout(t, is_input=is_input)} for t in tensors}
    )


def _quantisation(model: Model) -> str:
    """Return the table of ranges as the converter writes it: a Python dictionary, not JSON."""
    tensors = model.inputs + model.outputs
    table = {
        t.name: {
            "qmethod": "layer" if t.span else "",
            "min": [t.span[0]] if t.span else [],
            "max": [t.span[1]] if t.span else [],
            "scale": [],
            "rgb2bgr": False,
            "note": None,
        }
        for t in tensors
    }
    dynamic = {t.name: [list(row) for row in t.dynamic] for t in tensors if t.dynamic}
    return repr({"quant_tab": table, "dynamic_shapes": dynamic})


def _flatbuffer(strings: dict[int, str]) -> bytes:
    """Return a flatbuffer whose root table holds `strings` by slot, identifier RKNN."""
    slots = max(strings) + 1
    vtable_at = 8
    vtable_bytes = 4 + 2 * slots
    table_at = (vtable_at + vtable_bytes + 3) // 4 * 4
    table_bytes = 4 + 4 * len(strings)
    vtable = [vtable_bytes, table_bytes] + [0] * slots
    fields: list[int] = []
    heap = b""
    for place, slot in enumerate(sorted(strings)):
        vtable[2 + slot] = 4 + 4 * place
        text = strings[slot].encode()
        fields.append(table_bytes - 4 - 4 * place + len(heap))
        heap += struct.pack("<I", len(text)) + text + b"\0" * (4 - len(text) % 4)
    head = struct.pack("<I4s", table_at, b"RKNN") + struct.pack(f"<{len(vtable)}H", *vtable)
    table = struct.pack("<i", table_at - vtable_at) + struct.pack(f"<{len(fields)}I", *fields)
    return head.ljust(table_at, b"\0") + table + heap


def json_text(model: Model) -> dict[str, object]:
    """Return the description at the end of the file."""
    tensors = model.inputs + model.outputs
    sides = [("input", i) for i in range(len(model.inputs))]
    sides += [("output", i) for i in range(len(model.outputs))]
    return {
        "graph": [
            {"left": side, "left_tensor_id": i, "right": "norm_tensor", "right_tensor_id": n}
            for n, (side, i) in enumerate(sides)
        ],
        "input_num": len(model.inputs),
        "norm_tensor": [
            {
                "dim_num": len(t.shape),
                "dtype": {"qnt_method": "", "qnt_type": "", "vx_type": ""},
                "size": list(t.shape),
                "tensor_id": n,
                "url": t.name,
            }
            for n, t in enumerate(tensors)
        ],
        "output_num": len(model.outputs),
        "target_platform": [model.platform],
        "version": "2.3.2",
        **model.extra_json,
    }


def container(version: int, body: bytes, text: bytes, header_bytes: int = HEADER_BYTES) -> bytes:
    """Return the outer frame around `body` and `text`."""
    header = struct.pack("<8sQQ", b"RKNN", version, len(body)).ljust(header_bytes, b"\0")
    return header + body + struct.pack("<Q", len(text)) + text


def rknn_bytes(model: Model) -> bytes:
    """Return the file for `model`."""
    dynamic = any(t.dynamic for t in model.inputs)
    body = _flatbuffer(
        {
            1: "RKNPU v2",
            3: _quantisation(model),
            7: "2.3.2(compiler version: 2.3.2)",
            8: model.platform,
            9: "ONNX",
            11: model.custom_string,
            12: _edges(model.inputs, is_input=True),
            13: _edges(model.outputs, is_input=False),
            16: "dynamic_shape" if dynamic else "static_shape",
            **model.extra_slots,
        }
    )
    return container(model.version, body, json.dumps(json_text(model)).encode())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(rknn_bytes(Model()))
