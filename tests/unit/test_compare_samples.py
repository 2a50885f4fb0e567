"""Both graphs get the same numbers: the converted one before mean and std, the original after."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from rknn_convert import feeds
from rknn_convert.originals import Input, SampleError
from rknn_convert.tensors import Tensor
from unit.convert_samples import npy

if TYPE_CHECKING:
    from pathlib import Path

numpy: Any = import_module("numpy")

SHAPE = (1, 3, 4, 5)
PLAIN = Tensor("x", SHAPE, "float16", mean=(0.0,) * 3, std=(1.0,) * 3)
PIXELS = Tensor("x", SHAPE, "float16", mean=(100.0, 110.0, 120.0), std=(50.0, 60.0, 70.0))
SMALL = Tensor("x", SHAPE, "float16", mean=(0.5, 0.5, 0.5), std=(0.5, 0.25, 0.5))
FLOATS = {"x": Input("float32", SHAPE)}


def test_plain_samples_are_small_numbers_and_the_same_each_time() -> None:
    first, second = (list(feeds.random([PLAIN], FLOATS, 3)) for _ in range(2))
    assert len(first) == 3
    for one, again in zip(first, second, strict=True):
        assert numpy.array_equal(one.converted[0], again.converted[0])
        assert numpy.array_equal(one.converted[0], one.original["x"])
        assert one.converted[0].shape == SHAPE
        assert numpy.abs(one.converted[0]).max() <= 1
    assert not numpy.array_equal(first[0].converted[0], first[1].converted[0])


@pytest.mark.parametrize(("tensor", "low", "high"), [(PIXELS, 0, 255), (SMALL, 0, 1)])
def test_mean_and_std_are_applied_for_the_original(tensor: Tensor, low: int, high: int) -> None:
    (one,) = feeds.random([tensor], FLOATS, 1)
    raw = one.converted[0]
    assert low <= raw.min() < raw.max() <= high
    for channel, (mean, std) in enumerate(zip(tensor.mean, tensor.std, strict=True)):
        expected = (raw[:, channel] - mean) / std
        assert numpy.allclose(one.original["x"][:, channel], expected, atol=1e-6)
    assert one.original["x"].dtype == "float32"


def test_pixels_are_whole() -> None:
    (one,) = feeds.random([PIXELS], FLOATS, 1)
    assert numpy.array_equal(one.converted[0], one.converted[0].round())
    (one,) = feeds.random([SMALL], FLOATS, 1)
    assert not numpy.array_equal(one.converted[0], one.converted[0].round())


def test_mean_is_of_pictures_only() -> None:
    tensor = Tensor("x", (1, 3), "float16", mean=(9.0,) * 3, std=(2.0,) * 3)
    (one,) = feeds.random([tensor], {"x": Input("float32", (1, 3))}, 1)
    assert numpy.array_equal(one.converted[0], one.original["x"])


@pytest.mark.parametrize("dtype", ["int64", "int32", "bool", "uint8"])
def test_integers_are_0_or_1(dtype: str) -> None:
    tensor = Tensor("ids", (1, 50), dtype)
    (one,) = feeds.random([tensor], {"ids": Input(dtype, None)}, 1)
    assert one.original["ids"].dtype == dtype
    assert set(one.original["ids"].ravel().astype(int).tolist()) == {0, 1}


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_original_has_its_own_type(dtype: str) -> None:
    (one,) = feeds.random([PLAIN], {"x": Input(dtype, SHAPE)}, 1)
    assert (one.original["x"].dtype, one.converted[0].dtype) == (dtype, "float32")


def test_dynamic_shapes_take_turns() -> None:
    shapes = ((1, 3, 4, 4), (1, 3, 8, 8))
    tensor = Tensor("x", shapes[1], "float16", shapes=shapes)
    found = [
        one.converted[0].shape for one in feeds.random([tensor], {"x": Input("float32", None)}, 3)
    ]
    assert found == [shapes[0], shapes[1], shapes[0]]


def test_input_without_effect_is_fed_to_the_original_alone() -> None:
    inputs = {**FLOATS, "unused": Input("int64", (2, 2))}
    (one,) = feeds.random([PLAIN], inputs, 1)
    assert len(one.converted) == 1
    assert (one.original["unused"].shape, one.original["unused"].dtype) == ((2, 2), "int64")


def test_vector_of_the_converted_graph_is_a_scalar_of_the_original() -> None:
    (one,) = feeds.random([Tensor("s", (1,), "float16")], {"s": Input("float32", ())}, 1)
    assert (one.converted[0].shape, one.original["s"].shape) == ((1,), ())


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "a.npy"
    numpy.save(file, numpy.full(SHAPE, 150.0))
    (one,) = feeds.from_files([[str(file)]], [PIXELS], FLOATS)
    assert one.converted[0].dtype == "float32"
    assert one.converted[0].max() == 150
    assert one.original["x"][0, 0, 0, 0] == 1


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (1, 4, 5, 3), (2, 3, 4, 5)])
def test_file_of_another_shape(tmp_path: Path, shape: tuple[int, ...]) -> None:
    file = tmp_path / "a.npy"
    file.write_bytes(npy(shape))
    words = ",".join(map(str, shape))
    with pytest.raises(SampleError, match=f"a.npy: its shape is {words}, and 'x' takes 1,3,4,5"):
        list(feeds.from_files([[str(file)]], [PIXELS], FLOATS))


def test_file_without_the_leading_1(tmp_path: Path) -> None:
    file = tmp_path / "a.npy"
    numpy.save(file, numpy.full(SHAPE[1:], 150.0))
    (one,) = feeds.from_files([[str(file)]], [PIXELS], FLOATS)
    assert (one.converted[0].shape, one.original["x"].shape) == (SHAPE, SHAPE)


def test_too_many_files(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="found 2 files in a sample, for 1 inputs"):
        list(feeds.from_files([[str(tmp_path / "a.npy")] * 2], [PIXELS], FLOATS))
