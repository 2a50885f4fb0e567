"""What both graphs are run on: samples from files, or random ones from a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rknn_convert.measures import shape_words
from rknn_convert.originals import SampleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rknn_convert.originals import Input
    from rknn_convert.tensors import Tensor

SEED = 3588
# Above this, a mean or a divisor is one of pixels.
LARGEST_OF_NO_PICTURE = 2.0
LARGEST_PIXEL = 255


@dataclass(frozen=True)
class Feed:
    """One sample: arrays as the converted graph takes them, and by name as the original does.

    The former are in the order of its inputs, NCHW, before mean and std, which are part of it; to
    the latter they are applied.
    """

    converted: tuple[Any, ...]
    original: dict[str, Any]


def random(tensors: Sequence[Tensor], inputs: Mapping[str, Input], count: int) -> Iterator[Feed]:
    """Give `count` samples: pixels where mean or std speak of them, -1 to 1 for other numbers.

    Integers and booleans are 0 or 1: what they count or choose from is not known. A dynamic graph
    gets each of its shapes in turn.
    """
    numpy = import_module("numpy")
    generator = numpy.random.default_rng(SEED)
    for number in range(count):
        arrays = []
        for tensor in tensors:
            shapes = tensor.shapes or (tensor.shape,)
            shape = shapes[number % len(shapes)]
            arrays.append(_drawn(generator, tensor, shape, inputs[tensor.name].dtype))
        yield _feed(arrays, tensors, inputs)


def from_files(
    rows: Sequence[Sequence[str]],
    tensors: Sequence[Tensor],
    inputs: Mapping[str, Input],
    *,
    is_bgr: bool = False,
) -> Iterator[Feed]:
    """Give the samples of the files, one for each input in a row; images as the toolkit's."""
    numpy = import_module("numpy")
    for row in rows:
        if len(row) != len(tensors):
            raise SampleError(
                f"{row[0]}: found {len(row)} files in a sample, for {len(tensors)} inputs"
            )
        arrays = []
        for file, tensor in zip(row, tensors, strict=True):
            if not file.lower().endswith(".npy"):
                arrays.append(_picture(file, tensor, is_bgr=is_bgr))
                continue
            array = numpy.load(file, allow_pickle=False)
            said = array.shape
            if array.ndim == len(tensor.shape) - 1:
                array = array[numpy.newaxis]  # as the toolkit does
            if tuple(array.shape) not in (tensor.shapes or (tensor.shape,)):
                raise SampleError(
                    f"{file}: its shape is {shape_words(said)}, and {tensor.name!r} takes "
                    f"{shape_words(tensor.shape)}"
                )
            arrays.append(array)
        yield _feed(arrays, tensors, inputs)


def _drawn(generator: Any, tensor: Tensor, shape: tuple[int, ...], dtype: str) -> Any:  # noqa: ANN401
    if not dtype.startswith("float"):
        return generator.integers(0, 2, shape).astype(dtype)
    mean, std = _channels(tensor, len(shape))
    if max(abs(mean).max(), abs(std).max()) > LARGEST_OF_NO_PICTURE:
        return generator.integers(0, LARGEST_PIXEL + 1, shape).astype("float32")
    return (mean + std * generator.uniform(-1, 1, shape)).astype("float32")


def _picture(file: str, tensor: Tensor, *, is_bgr: bool) -> Any:  # noqa: ANN401
    """Return an image as 1, channels, height, width, of the graph's size."""
    cv2, numpy = import_module("cv2"), import_module("numpy")
    if len(tensor.shape) != 4 or tensor.shape[0] != 1 or tensor.shape[1] not in {1, 3}:
        raise SampleError(
            f"{file}: an image does not fit {tensor.name!r} of shape {shape_words(tensor.shape)}; "
            "give a .npy file"
        )
    _, channels, height, width = tensor.shape
    pixels = cv2.imread(file, cv2.IMREAD_COLOR if channels == 3 else cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise SampleError(f"{file}: no image that can be decoded; is all of it there?")
    pixels = cv2.resize(pixels, (width, height)).reshape(height, width, channels)
    if not is_bgr:
        pixels = pixels[..., ::-1]
    return numpy.ascontiguousarray(pixels.transpose(2, 0, 1)[numpy.newaxis])


def _feed(arrays: list[Any], tensors: Sequence[Tensor], inputs: Mapping[str, Input]) -> Feed:
    numpy = import_module("numpy")
    converted, original = [], {}
    for array, tensor in zip(arrays, tensors, strict=True):
        takes = inputs[tensor.name]
        if takes.dtype.startswith("float") and array.dtype.kind == "f":
            array = array.astype("float32")  # noqa: PLW2901
        converted.append(array)
        mean, std = _channels(tensor, array.ndim)
        values = (array - mean) / std if takes.dtype.startswith("float") else array
        values = values.astype(takes.dtype)
        is_whole = takes.shape is not None and numpy.prod(takes.shape) == values.size
        original[tensor.name] = values.reshape(takes.shape) if is_whole else values
    for name, takes in inputs.items():
        if name not in original:  # without effect, or the converted graph would have it
            original[name] = numpy.zeros(takes.shape or (1,), takes.dtype)
    return Feed(tuple(converted), original)


def _channels(tensor: Tensor, rank: int) -> tuple[Any, Any]:
    """Return mean and std, to be broadcast; the simulator applies them to four dimensions only."""
    numpy = import_module("numpy")
    if rank != 4 or not tensor.mean or not tensor.std:
        return numpy.zeros(1), numpy.ones(1)
    mean, std = (numpy.array(one).reshape(1, -1, 1, 1) for one in (tensor.mean, tensor.std))
    return mean, std
