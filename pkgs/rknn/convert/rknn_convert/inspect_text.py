"""A model as the lines that `rknn-convert inspect` prints for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_convert.loading import LEAST_DRIVER, verdicts
from rknn_convert.printing import cut, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rknn_convert.container import Model
    from rknn_convert.tensors import Quantization, Tensor

KINDS = {"asym": "asymmetric", "asymmetric_quantized": "asymmetric", "sym": "symmetric"}
LOADS = {True: "loads it", False: "does not load it", None: "may or may not load it"}
# Of a dynamic model's shapes, and of a tensor's means.
MOST_SHOWN = 8


def as_text(path: Path, model: Model) -> str:
    """Return lines that tell what `model`, read from `path`, says of itself."""
    lines = [printable(str(path))]
    width = 11
    lines += [f"  {label:<{width}} {text}" for label, text in _rows(model)]
    return "\n".join(lines)


def _rows(model: Model) -> Iterator[tuple[str, str]]:
    kind = f" ({cut(model.hardware)})" if model.hardware else ""
    yield "target", cut(", ".join(model.targets)) + kind
    yield "toolkit", cut(model.toolkit)
    if model.compiler:
        made = f"{model.compiler}, commit {model.compiler_commit}, {model.compiler_date}"
        yield "compiler", cut(made)
    if model.framework:
        yield "framework", cut(model.framework)
    yield "file", f"{model.size} bytes, .rknn format {model.format}"
    yield "quantized", _quantized(model)
    yield "shapes", "dynamic: one of those listed is chosen" if model.is_dynamic else "static"
    for label, tensors in (("input", model.inputs), ("output", model.outputs)):
        for tensor in tensors:
            yield label, _tensor(tensor)
            yield from (("", row) for row in _more(tensor))
    if model.custom_ops:
        yield "custom ops", f"{cut(model.custom_ops)}: the loading program must bring them"
    if model.custom_string:
        yield "custom text", cut(model.custom_string)
    for verdict in verdicts(model):
        yield "runtime", f"{verdict.runtime} {LOADS[verdict.loads]}: {cut(verdict.why)}"
    yield "driver", f"at least {LEAST_DRIVER}" if LEAST_DRIVER else "least version unknown"


def _quantized(model: Model) -> str:
    found = [tensor.quantization for tensor in (*model.inputs, *model.outputs)]
    kinds = sorted({_kind(quantization) for quantization in found if quantization})
    if not kinds:
        return "no input or output is (inside, it may be: the file does not tell)"
    return cut("; ".join(kinds)) + (" (not all inputs and outputs)" if None in found else "")


def _kind(quantization: Quantization) -> str:
    kind = KINDS.get(quantization.kind, quantization.kind)
    return ", ".join(filter(None, (quantization.dtype, kind, f"per {quantization.method}")))


def _tensor(tensor: Tensor) -> str:
    layout = f"{tensor.layout} {_shape(tensor.runtime_shape)}" if tensor.layout else ""
    parts = (cut(tensor.name), _shape(tensor.shape), cut(tensor.dtype or "type unknown"))
    return "  ".join((*parts, cut(layout))).rstrip()


def _more(tensor: Tensor) -> Iterator[str]:
    if tensor.shapes:
        yield f"shapes {_some([_shape(shape) for shape in tensor.shapes])}"
    if any(tensor.mean) or set(tensor.std) - {1.0}:
        yield f"mean {_some(list(map(_figure, tensor.mean)))}"
        yield f"std {_some(list(map(_figure, tensor.std)))}"
    quantization = tensor.quantization
    if quantization and quantization.affine:
        scale, zero_point = quantization.affine
        low, high = quantization.low[0], quantization.high[0]
        yield f"scale {scale:.6g}  zero point {zero_point}  range {low:.6g} to {high:.6g}"


def _shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or "scalar"


def _figure(number: float) -> str:
    return f"{number:g}"


def _some(words: list[str]) -> str:
    left = len(words) - MOST_SHOWN
    return ", ".join(words[:MOST_SHOWN]) + (f" and {left} more" if left > 0 else "")
