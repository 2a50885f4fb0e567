"""A model's inputs and outputs, put together from the texts in the file that speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rknn_convert import told
from rknn_convert.printing import cut
from rknn_convert.span import AGAIN, DamagedError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Lowest value and count of steps of the types that an affine quantization maps to.
INTEGERS = {"int8": (-128, 255), "uint8": (0, 255), "int16": (-32768, 65535), "uint16": (0, 65535)}
HUGE = 1e30


@dataclass(frozen=True)
class Quantization:
    """How a tensor's integers stand for numbers; `method` is "layer" or "channel".

    `kind` is "asym" and the like; `low` and `high` are the ranges that calibration found, one for
    the tensor or one for each channel.
    """

    dtype: str
    method: str
    kind: str
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def affine(self) -> tuple[float, int] | None:
        """Scale and zero point, None where the file does not tell enough for them.

        The range is widened to hold 0 and spread over the type, as the toolkit's compiler does it.
        """
        known = self.kind.startswith("asym") and self.dtype in INTEGERS
        if not known or len(self.low) != 1 or len(self.high) != 1:
            return None
        low, high = min(self.low[0], 0.0), max(self.high[0], 0.0)
        if not 0 < high - low < HUGE:
            return None
        lowest, steps = INTEGERS[self.dtype]
        return (high - low) / steps, lowest + int(-low * steps / (high - low) + 0.5)


@dataclass(frozen=True)
class Tensor:
    """An input or an output.

    `shape` is the network's; `layout` is the one in which the runtime takes it or hands it out.
    `dtype` is None where the file names no type. `shapes` are all that a dynamic model may be set
    to, () for a static one. `mean` and `std` are applied to what is handed in, () where the file
    names none.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str | None
    layout: str | None = None
    quantization: Quantization | None = None
    shapes: tuple[tuple[int, ...], ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()

    @property
    def runtime_shape(self) -> tuple[int, ...]:
        """The shape in the order of `layout`."""
        if self.layout != "NHWC" or len(self.shape) != 4:
            return self.shape
        return (self.shape[0], *self.shape[2:], self.shape[1])


@dataclass(frozen=True)
class Texts:
    """What a file says, parsed: the description, the types, and the tables of ranges."""

    description: Any
    edges: Mapping[str, Any]
    tables: Any
    is_dynamic: bool = False


def side(texts: Texts, which: str) -> tuple[Tensor, ...]:
    """Return the tensors of the side `which`, "input" or "output", in their order."""
    links: dict[int, int] = {}
    for link in told.member(texts.description, "graph", list):
        if told.member(link, "left", str) == which:
            links[told.member(link, "left_tensor_id", int)] = told.member(
                link, "right_tensor_id", int
            )
    count = told.member(texts.description, f"{which}_num", int)
    if sorted(links) != list(range(len(links))) or len(links) != count:
        raise DamagedError(f"damaged: {len(links)} of {count} {which}s are described; {AGAIN}")
    entries = {
        told.member(entry, "tensor_id", int): entry
        for entry in told.member(texts.description, "norm_tensor", list)
    }
    missing = next((number for number in links.values() if number not in entries), None)
    if missing is not None:
        raise DamagedError(f"damaged: it has no tensor {missing}; {AGAIN}")
    return tuple(_tensor(entries[links[place]], texts) for place in range(count))


def _tensor(entry: object, texts: Texts) -> Tensor:
    name = told.member(entry, "url", str)
    edge = texts.edges.get(name, {})
    # Toolkit 1.1 calls quantised tensors float32 in the one place, and int8 in the other.
    dtype = told.optional(told.member(entry, "dtype", dict), "vx_type", str)
    dtype = dtype or told.optional(edge, "dtype", str)
    attributes = _entry(texts.tables, "attrs", name)
    return Tensor(
        name,
        told.shape(told.member(entry, "size", list), name),
        dtype or None,
        told.optional(edge, "layout", str) or None,
        _quantization(_entry(texts.tables, "quant_tab", name), entry, dtype or ""),
        _shapes(texts, name),
        told.numbers(attributes, "mean"),
        told.numbers(attributes, "std"),
    )


def _entry(tables: object, table: str, name: str) -> dict[str, Any]:
    return told.optional(told.optional(tables, table, dict) or {}, name, dict) or {}


def _quantization(ranges: object, entry: object, dtype: str) -> Quantization | None:
    kinds = told.member(entry, "dtype", dict)
    method = told.optional(ranges, "qmethod", str) or told.optional(kinds, "qnt_method", str)
    if not method:
        return None
    return Quantization(
        dtype,
        method,
        told.optional(ranges, "qtype", str) or "",
        told.numbers(ranges, "min"),
        told.numbers(ranges, "max"),
    )


def _shapes(texts: Texts, name: str) -> tuple[tuple[int, ...], ...]:
    if not texts.is_dynamic:
        return ()
    rows = told.optional(told.optional(texts.tables, "dynamic_shapes", dict) or {}, name, list)
    if not rows:
        raise DamagedError(f"damaged: no dynamic shapes of {cut(name, 80)!r}; {AGAIN}")
    return tuple(told.shape(row, name) for row in rows)
