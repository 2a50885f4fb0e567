"""Cosine similarity and errors of two arrays, and the worst of several samples."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.measure import Found, Measure, failing, threshold
from rknn_convert.measures import measure, worst

numpy: Any = import_module("numpy")

VECTORS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=20)


def exact(left: list[float], right: list[float]) -> float:
    """Return the cosine, reckoned without numpy."""
    norms = math.hypot(*left) * math.hypot(*right)
    return math.fsum(a * b for a, b in zip(left, right, strict=True)) / norms


@given(VECTORS, st.data())
def test_cosine_and_errors(left: list[float], data: st.DataObject) -> None:
    size = len(left)
    right = data.draw(st.lists(st.floats(-1e6, 1e6, width=32), min_size=size, max_size=size))
    found = measure("y", numpy.array(left, "float32"), numpy.array(right, "float32"))
    assert found.error == max(abs(a - b) for a, b in zip(left, right, strict=True))
    if any(left) and math.hypot(*left) * math.hypot(*right) > 1e-200:
        assert found.cosine == pytest.approx(exact(left, right), abs=1e-9)
        assert found.relative == pytest.approx(found.error / max(map(abs, left)))


@given(VECTORS.filter(any), st.sampled_from([1e-30, 0.5, 3.0, 1e30]))
def test_scale_does_not_matter_to_cosine(values: list[float], scale: float) -> None:
    array = numpy.array(values)
    assert measure("y", array, array * scale).cosine == pytest.approx(1)
    assert measure("y", array, array * -scale).cosine == pytest.approx(-1)


@pytest.mark.parametrize("values", [[1e200, 1e200], [1e-200, 1e-200], [5e-324, 0]])
def test_squares_beyond_the_range(values: list[float]) -> None:
    assert measure("y", numpy.array(values), numpy.array(values)).cosine == pytest.approx(1)


def test_zeros() -> None:
    zeros, ones = numpy.zeros(3), numpy.ones(3)
    assert measure("y", zeros, zeros) == Measure("y", 1.0, 0.0, 0.0)
    assert measure("y", zeros, ones) == Measure("y", 0.0, 1.0, 1.0)
    assert measure("y", ones, zeros) == Measure("y", 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("original", "converted", "same"),
    [
        ((), (1,), True),
        ((1, 8, 1, 1), (1, 8), True),
        ((1, 2, 4), (1, 4, 2), False),
        ((8,), (4,), False),
    ],
)
def test_shapes(original: tuple[int, ...], converted: tuple[int, ...], *, same: bool) -> None:
    found = measure("y", numpy.ones(original), numpy.ones(converted))
    assert (found.wrong == "") is same, found


@pytest.mark.parametrize("dtype", ["bool", "int64", "uint8", "float16"])
def test_other_types(dtype: str) -> None:
    array = numpy.array([1, 0, 1], dtype)
    assert measure("y", array, array) == Measure("y", 1.0, 0.0, 0.0)
    assert measure("y", array, numpy.array([0, 0, 1], dtype)).error == 1.0


@pytest.mark.parametrize(("bad", "kind"), [(math.nan, "NaN"), (-math.inf, "infinite")])
def test_no_numbers(bad: float, kind: str) -> None:
    array, broken = numpy.ones(3), numpy.array([1, bad, bad])
    assert measure("y", array, broken).wrong == f"{kind}: 2 of 3 values, converted graph"
    assert measure("y", broken, array).wrong == f"{kind}: 2 of 3 values, original graph"
    # Equal to each other or not: nothing is known of how far apart they are.
    assert measure("y", broken, broken).wrong


def test_worst_of_samples() -> None:
    rows = [Measure("y", 0.9, 3.0, 0.1), Measure("y", 0.8, 2.0, 0.3)]
    assert worst(rows) == Measure("y", 0.8, 3.0, 0.3)
    wrong = Measure("y", wrong="NaN")
    assert worst([*rows, wrong]) == wrong


def test_what_fails() -> None:
    good, low, wrong = Measure("a", 0.99), Measure("b", 0.97), Measure("c", 1.0, wrong="NaN")
    assert failing([good, low, wrong], 0.98) == (low, wrong)
    assert failing([good], 0.99) == ()


def test_thresholds() -> None:
    assert threshold(None, is_quantized=False) == 0.999
    assert threshold(None, is_quantized=True) == 0.98
    assert threshold(0.5, is_quantized=True) == 0.5


def test_what_was_found_goes_through_json() -> None:
    found = Found(
        (Measure("y", 0.5, 1.0, 2.0), Measure("z", wrong="NaN")),
        samples=3,
        is_random=True,
        left_out=("w",),
    )
    assert Found.read(found.text()) == found
