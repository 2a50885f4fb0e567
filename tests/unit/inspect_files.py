"""Files for the tests of `rknn-convert inspect`, and the command in a process of its own."""

from __future__ import annotations

import json
import struct
import sys
from typing import TYPE_CHECKING, Any

from rknn_flake import models
from rknn_flake.process import run
from unit.rknn_file import Model, Tensor, _flatbuffer, container, json_text, rknn_bytes

if TYPE_CHECKING:
    from rknn_flake.process import Completed

VERSIONS = "2.3.2(compiler version: 2.3.2 (e045de294f@2025-04-07T19:48:25))"
QUANTIZED = Model(
    inputs=(Tensor("a", (1, 3, 4, 4), "int8", span=(-1.0, 1.0)), Tensor("b", (1, 2), "int64")),
    custom_string="mine",
    extra_slots={7: VERSIONS},
)
DYNAMIC = Model(
    inputs=(Tensor("a", (1, 3, 8, 8), dynamic=((1, 3, 8, 8), (1, 3, 4, 4))),),
    outputs=(Tensor("y", (1, 2, 8, 8), dynamic=((1, 2, 8, 8), (1, 2, 4, 4))),),
)


def cut_apart(whole: bytes) -> tuple[bytes, bytes]:
    """Return the body and the text at the end of a file with a header of 64 bytes."""
    end = 64 + int(struct.unpack_from("<Q", whole, 16)[0])
    return whole[64:end], whole[end + 8 :]


def small_bytes(network: bytes = b"network.") -> bytes:
    """Return a file for an RV1106: its flatbuffer is at the end of the body, told of by a u32."""
    table = {"quant_tab": {"data": {"qmethod": "layer", "qtype": "asym", "min": [-1], "max": [1]}}}
    flatbuffer = _flatbuffer(
        {1: "RKNPU t3", 3: repr(table), 5: VERSIONS, 6: "rv1106", 7: "ONNX", 8: "mine"}
    )
    body = struct.pack("<I", len(flatbuffer)) + network + flatbuffer
    told = json_text(Model(platform="rv1106"))
    kinds = {"qnt_method": "layer", "qnt_type": "int8", "vx_type": "int8"}
    entries: Any = told["norm_tensor"]
    text = {**told, "norm_tensor": [{**entry, "dtype": kinds} for entry in entries]}
    return container(0x1004, body, json.dumps(text).encode())


def old_bytes() -> bytes:
    """Return a file as toolkit 1.1 wrote it: a shorter header, a remark in place of the tables."""
    remark = "Generated from compiler version: 1.1.0 (8ba543bd@2021-08-19T10:53:11)"
    whole = rknn_bytes(Model(platform="rk3566", extra_slots={1: "RKNPU lite", 3: remark}))
    return container(1, *cut_apart(whole), header_bytes=24)


def seeds() -> list[bytes]:
    """Return a file of each kind, and the real models that are on this machine."""
    real = sorted(models.folder().glob("*.rknn"))
    return [
        *(rknn_bytes(model) for model in (Model(), QUANTIZED, DYNAMIC)),
        small_bytes(),
        old_bytes(),
        *(path.read_bytes() for path in real),
    ]


def command(*arguments: object, **environment: str) -> Completed:
    """Run the command in a process of its own, for at most a minute."""
    words = [sys.executable, "-m", "rknn_convert.inspect", *map(str, arguments)]
    variables = {"PYTHONPATH": ":".join(sys.path), **environment}
    return run(words, env=variables, check=False, timeout=60)
