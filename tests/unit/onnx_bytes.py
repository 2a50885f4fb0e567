"""ONNX files' bytes, made by hand: the tests have no onnx to write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def varint(value: int) -> bytes:
    """Return a number as protocol buffers write it."""
    low = bytearray()
    while value > 0x7F:
        low.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*low, value))


def number(field: int, value: int) -> bytes:
    """Return a field that is a number."""
    return varint(field << 3) + varint(value)


def part(field: int, content: bytes) -> bytes:
    """Return a field that is bytes."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(name: str, rank: int | None) -> bytes:
    """Return a float tensor as ValueInfoProto, each of its sizes 8; None leaves its shape out."""
    dims = b"".join(part(1, number(1, 8)) for _ in range(rank or 0))
    shape = b"" if rank is None else part(2, dims)
    return part(1, name.encode()) + part(2, part(1, number(1, 1) + shape))


def constant(name: str, weights: bytes = bytes(1000)) -> bytes:
    """Return a TensorProto with raw data."""
    return number(1, len(weights)) + number(2, 2) + part(8, name.encode()) + part(9, weights)


def model(
    inputs: Mapping[str, int | None], outputs: Sequence[str] = (), constants: Sequence[str] = ()
) -> bytes:
    """Return a ModelProto of one node, whose inputs have these ranks."""
    graph = part(1, part(4, b"Relu"))
    graph += b"".join(part(5, constant(name)) for name in constants)
    graph += b"".join(part(11, value(name, rank)) for name, rank in inputs.items())
    graph += b"".join(part(12, value(name, 1)) for name in outputs)
    return number(1, 8) + part(2, b"by hand") + part(7, graph) + part(8, number(2, 13))
