"""Scale and zero point follow from the range that the file names."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.tensors import INTEGERS, Quantization


def affine(dtype: str, low: float, high: float, kind: str = "asym") -> tuple[float, int] | None:
    return Quantization(dtype, "layer", kind, (low,), (high,)).affine


# The first is what the runtime prints for mean 127.5 and std 127.5: "zp=0, scale=0.007843".
@pytest.mark.parametrize(
    ("dtype", "low", "high", "scale", "zero_point"),
    [
        ("int8", -1.0, 1.0, 0.007843, 0),
        ("int8", 0.0, 1.0, 1 / 255, -128),
        ("int8", 0.25, 1.0, 1 / 255, -128),
        ("int8", -2.0, -1.0, 2 / 255, 127),
        ("uint8", 0.0, 255.0, 1.0, 0),
        ("int16", -1.0, 1.0, 2 / 65535, 0),
    ],
)
def test_range_is_spread_over_the_type(
    dtype: str, low: float, high: float, scale: float, zero_point: int
) -> None:
    found = affine(dtype, low, high)
    assert found is not None
    assert found[0] == pytest.approx(scale, rel=1e-4)
    assert found[1] == zero_point


@given(st.sampled_from(sorted(INTEGERS)), st.floats(-1e20, 1e20), st.floats(-1e20, 1e20))
def test_zero_has_a_place_in_the_type(dtype: str, low: float, high: float) -> None:
    found = affine(dtype, low, high)
    if found is None:
        return
    lowest, steps = INTEGERS[dtype]
    assert lowest <= found[1] <= lowest + steps
    assert math.isfinite(found[0])
    assert found[0] >= 0


@pytest.mark.parametrize(
    "quantization",
    [
        Quantization("int8", "layer", "asym", (), ()),
        Quantization("int8", "channel", "asym", (-1.0, -2.0), (1.0, 2.0)),
        Quantization("int8", "layer", "sym", (-1.0,), (1.0,)),
        Quantization("int8", "layer", "asym", (0.0,), (0.0,)),
        Quantization("int8", "layer", "asym", (-1e300,), (1e300,)),
        Quantization("float16", "layer", "asym", (-1.0,), (1.0,)),
    ],
    ids=["no range", "by channel", "symmetric", "nothing", "everything", "a float"],
)
def test_nothing_is_guessed(quantization: Quantization) -> None:
    assert quantization.affine is None
