"""A model as the JSON of `rknn-convert inspect --json`; its keys are told in inspect.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rknn_convert.loading import LEAST_DRIVER, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_convert.container import Model
    from rknn_convert.tensors import Quantization, Tensor


def as_json(path: Path, model: Model) -> dict[str, Any]:
    """Return what `model`, read from `path`, says of itself, in JSON's types."""
    compiler = {
        "version": model.compiler,
        "commit": model.compiler_commit,
        "date": model.compiler_date,
    }
    return {
        "file": str(path),
        "size": model.size,
        "format": model.format,
        "targets": list(model.targets),
        "hardware": model.hardware or None,
        "toolkit": model.toolkit,
        "compiler": compiler if model.compiler else None,
        "framework": model.framework or None,
        "quantized": model.is_quantized,
        "dynamic": model.is_dynamic,
        "custom_string": model.custom_string or None,
        "custom_ops": model.custom_ops or None,
        "inputs": [_tensor(tensor) for tensor in model.inputs],
        "outputs": [_tensor(tensor) for tensor in model.outputs],
        "runtimes": [
            {"version": verdict.runtime, "loads": verdict.loads, "why": verdict.why}
            for verdict in verdicts(model)
        ],
        "least_driver": LEAST_DRIVER,
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "dtype": tensor.dtype,
        "layout": tensor.layout,
        "runtime_shape": list(tensor.runtime_shape),
        "shapes": [list(shape) for shape in tensor.shapes],
        "mean": list(tensor.mean) or None,
        "std": list(tensor.std) or None,
        "quantization": _quantization(tensor.quantization) if tensor.quantization else None,
    }


def _quantization(quantization: Quantization) -> dict[str, Any]:
    scale, zero_point = quantization.affine or (None, None)
    return {
        "method": quantization.method,
        "kind": quantization.kind or None,
        "min": list(quantization.low),
        "max": list(quantization.high),
        "scale": scale,
        "zero_point": zero_point,
    }
