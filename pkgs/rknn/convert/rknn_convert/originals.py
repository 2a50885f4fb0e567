"""The model before its conversion, run where it was made for: onnxruntime, or PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rknn_convert.onnx_part import OnnxPart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rknn_convert.tensors import Tensor

# What onnxruntime calls types, where numpy calls them something else.
TYPES = {"float": "float32", "double": "float64"}
PROVIDERS = ["CPUExecutionProvider"]
ONLY_ERRORS = 3
LONGEST = 300


class ComparisonError(Exception):
    """The model can't be compared; the message says why, without its name."""


class SampleError(Exception):
    """A sample does not fit; the message begins with its file's name."""


@dataclass(frozen=True)
class Input:
    """An input: numpy's name of its type; `shape` is None where parts of it are open."""

    dtype: str
    shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Original:
    """A model that can be run: {input: array} to arrays, in the order of the converted graph's.

    `inputs` may be more than the converted graph has, where some are without effect; `left_out` are
    outputs that it has not.
    """

    inputs: dict[str, Input]
    left_out: tuple[str, ...]
    run: Callable[[dict[str, Any]], Sequence[Any]]


def load(method: str, path: str, tensors: Sequence[Tensor], outputs: Sequence[str]) -> Original:
    """Return the model from `tensors` to `outputs`, which are the converted graph's."""
    if method == "load_onnx":
        return _onnx(path, tensors, outputs)
    return _torch(path, [one.name for one in tensors], len(outputs))


def _onnx(path: str, tensors: Sequence[Tensor], outputs: Sequence[str]) -> Original:
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = ONLY_ERRORS
    try:
        part = OnnxPart(path, tensors, outputs)
        session = runtime.InferenceSession(part.source(), options, providers=PROVIDERS)
    except Exception as error:  # noqa: BLE001  # of many kinds, none of them exported
        raise ComparisonError(f"onnxruntime can't load the original: {_words(error)}") from None
    takes = {one.name: _input(one) for one in session.get_inputs()}

    def run(feed: dict[str, Any]) -> Sequence[Any]:
        try:
            found: Sequence[Any] = session.run(list(outputs), feed)
        except Exception as error:  # noqa: BLE001  # as above
            raise ComparisonError(f"onnxruntime can't run the original: {_words(error)}") from None
        return found

    return Original(takes, part.left_out, run)


def _input(value: Any) -> Input:  # noqa: ANN401
    """Return what onnxruntime says of an input, such as "tensor(float)" and [1, 3, "H", None]."""
    kind = value.type.removeprefix("tensor(").removesuffix(")")
    is_open = any(not isinstance(one, int) or one < 0 for one in value.shape)
    return Input(TYPES.get(kind, kind), None if is_open else tuple(value.shape))


def _torch(path: str, inputs: Sequence[str], outputs: int) -> Original:
    torch = import_module("torch")
    traced = torch.jit.load(path, map_location="cpu").eval()

    def run(feed: dict[str, Any]) -> Sequence[Any]:
        with torch.no_grad():
            found = traced(*(torch.from_numpy(feed[name]) for name in inputs))
        answers = found if isinstance(found, tuple | list) else [found]
        if len(answers) != outputs:
            raise ComparisonError(
                f"the original has {len(answers)} outputs, and the converted graph {outputs}"
            )
        return [answer.numpy() for answer in answers]

    # TorchScript does not tell of types and shapes.
    return Original({name: Input("float32", None) for name in inputs}, (), run)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:LONGEST]
