"""How far the converted graph's output is from the original's; in the worker, where numpy is."""

from __future__ import annotations

import math
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rknn_convert.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def measure(name: str, original: Any, converted: Any) -> Measure:  # noqa: ANN401
    """Compare two arrays of numbers, the same but for dimensions of 1."""
    numpy = import_module("numpy")
    original, converted = numpy.asarray(original), numpy.asarray(converted)
    if _dimensions(original) != _dimensions(converted):
        return Measure(
            name, wrong=f"shape {shape_words(converted.shape)}, not {shape_words(original.shape)}"
        )
    # Squares of float32, and int64, in something wider.
    left = original.astype(numpy.float64).ravel()
    right = converted.astype(numpy.float64).ravel()
    for array, whose in ((left, "original"), (right, "converted")):
        if bad := array.size - int(numpy.isfinite(array).sum()):
            kind = "NaN" if numpy.isnan(array).any() else "infinite"
            return Measure(name, wrong=f"{kind}: {bad} of {array.size} values, {whose} graph")
    if not left.size:
        return Measure(name, 1.0, 0.0, 0.0)
    error = float(numpy.abs(left - right).max())
    largest = float(numpy.abs(left).max())
    relative = error / largest if largest else float(error > 0)
    return Measure(name, _cosine(left, right), error, relative)


def worst(measures: Iterable[Measure]) -> Measure:
    """Return what is to be said of an output after several samples: the worst of each number."""
    every = tuple(measures)
    for one in every:
        if one.wrong:
            return one
    return Measure(
        every[0].name,
        min(one.cosine for one in every),
        max(one.error for one in every),
        max(one.relative for one in every),
    )


def _cosine(left: Any, right: Any) -> float:  # noqa: ANN401
    """Return the cosine of the angle; 1 for two zero vectors, 0 where one is zero."""
    numpy = import_module("numpy")
    scales = [float(numpy.abs(one).max()) for one in (left, right)]
    if not all(scales):
        return float(scales[0] == scales[1])
    # Squares of 1e-200 are 0, and those of 1e200 infinite.
    left, right = left / scales[0], right / scales[1]
    # Two norms multiplied give 0.9999999999999998 for equal vectors.
    cosine = float(left @ right) / math.sqrt(float(left @ left) * float(right @ right))
    return min(max(cosine, -1.0), 1.0)


def _dimensions(array: Any) -> list[int]:  # noqa: ANN401
    """Return the dimensions above 1: the toolkit makes a vector of a scalar."""
    return [one for one in array.shape if one != 1]


def shape_words(shape: Sequence[int]) -> str:
    """Return the shape as it is written in options."""
    return ",".join(map(str, shape)) or "of one number"
