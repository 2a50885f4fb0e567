"""The kinds of model that the toolkit loads: their suffixes, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Format:
    """A kind of model: `method` of the toolkit loads it, `model` is its first parameter.

    `weights` is the parameter that names a second file; `names`, `shapes` and `outputs` those for
    the inputs' names, their shapes and the outputs' names, None where it takes none.
    """

    name: str
    suffixes: tuple[str, ...]
    method: str
    model: str = "model"
    weights: str | None = None
    names: str | None = None
    shapes: str | None = None
    outputs: str | None = None
    needed: tuple[str, ...] = ()
    has_layout: bool = False


FORMATS = (
    Format(
        "onnx",
        (".onnx",),
        "load_onnx",
        names="inputs",
        shapes="input_size_list",
        outputs="outputs",
    ),
    Format("tflite", (".tflite",), "load_tflite", has_layout=True),
    Format(
        "pytorch",
        (".pt", ".pth", ".torchscript"),
        "load_pytorch",
        shapes="input_size_list",
        needed=("input_size_list",),
    ),
    Format(
        "tensorflow",
        (".pb",),
        "load_tensorflow",
        model="tf_pb",
        names="inputs",
        shapes="input_size_list",
        outputs="outputs",
        needed=("inputs", "input_size_list", "outputs"),
        has_layout=True,
    ),
    # Without blobs the toolkit takes random weights and says nothing.
    Format(
        "caffe",
        (".prototxt",),
        "load_caffe",
        weights="blobs",
        names="input_name",
        needed=("blobs",),
    ),
    Format("darknet", (".cfg",), "load_darknet", weights="weight", needed=("weight",)),
)
NAMES = tuple(one.name for one in FORMATS)
FLAGS = {
    "blobs": "WEIGHTS, the .caffemodel, after the model",
    "weight": "WEIGHTS, the .weights file, after the model",
    "inputs": "--input NAME:SHAPE",
    "input_size_list": "--input SHAPE, such as --input 1,3,224,224",
    "outputs": "--output-tensor NAME",
}


def find(model: Path, name: str | None) -> Format:
    """Return the format called `name`, or else the one of the model's suffix."""
    if name is not None:
        return next(one for one in FORMATS if one.name == name)
    for one in FORMATS:
        if model.suffix.lower() in one.suffixes:
            return one
    known = ", ".join(suffix for one in FORMATS for suffix in one.suffixes)
    raise UsageError(f"{model}: its suffix is none of {known}; say --format {{{','.join(NAMES)}}}")


def check_unsaid(kind: Format, load: Mapping[str, object]) -> None:
    """Raise UsageError where the settings name a file that is a word of its own."""
    for key, words in (
        (kind.model, "model is the first word"),
        (kind.weights, "weights are WEIGHTS"),
    ):
        if key in load:
            raise UsageError(f"load.{key}: the {words}; take it out")


def check_needed(kind: Format, model: Path, load: Mapping[str, object]) -> None:
    """Raise UsageError where the settings leave out what this format can't do without."""
    missing = next((key for key in kind.needed if key not in load), None)
    if missing:
        raise UsageError(f"{model}: a model of format {kind.name} needs {FLAGS[missing]}")
