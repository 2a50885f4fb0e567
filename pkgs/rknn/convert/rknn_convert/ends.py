"""An ONNX graph's own inputs and outputs, and which of them are lost in a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rknn_convert.errors import ConvertError
from rknn_convert.protobuf import Message
from rknn_convert.span import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rknn_convert.container import Model
    from rknn_convert.settings import Settings

# Fields of onnx.proto: ModelProto.graph; GraphProto's; TensorProto.name; ValueInfoProto's;
# TypeProto.tensor_type, its shape, and TensorShapeProto.dim.
GRAPH = 7
INITIALIZER, INPUT, OUTPUT = 5, 11, 12
TENSOR_NAME = 8
VALUE_NAME, VALUE_TYPE = 1, 2
TENSOR_TYPE, SHAPE, DIM = 1, 2, 1


class RankError(ConvertError):
    """A shape of another rank than the model's input."""


@dataclass(frozen=True)
class Ends:
    """The inputs' ranks by their names, None where the graph has none, and the outputs' names."""

    inputs: dict[str, int | None]
    outputs: list[str]


def of_file(path: Path) -> Ends | None:
    """Return those of an ONNX file; None where it can't be read: the toolkit says why."""
    # ValueError: a name that is no UTF-8.
    try:
        with opened(path) as span:
            graph = Message(span).only(GRAPH)
            return _of_graph(graph) if graph else None
    except (ConvertError, ValueError):
        return None


def _of_graph(graph: Message) -> Ends:
    inputs: dict[str, int | None] = {}
    outputs, constants = [], set()
    for number, part in graph.parts(INITIALIZER, INPUT, OUTPUT):
        name = part.only(TENSOR_NAME if number == INITIALIZER else VALUE_NAME)
        called = name.text() if name else ""
        if number == INITIALIZER:
            constants.add(called)
        elif number == INPUT:
            inputs[called] = _rank(part)
        else:
            outputs.append(called)
    # Before IR version 4, constants were inputs too.
    return Ends({name: inputs[name] for name in inputs if name not in constants}, outputs)


def _rank(value: Message) -> int | None:
    part: Message | None = value
    for number in (VALUE_TYPE, TENSOR_TYPE, SHAPE):
        part = part.only(number) if part else None
    return sum(1 for _ in part.parts(DIM)) if part else None


def checked(settings: Settings) -> Ends | None:
    """Return those of the model, as of_file; RankError where --input says another rank.

    The toolkit goes on with it, to "Assertion '__n < this->size()' failed" in its compiler.
    """
    if settings.kind.method != "load_onnx":
        return None
    ends = of_file(settings.model)
    ranks = ends.inputs if ends else {}
    said = settings.load.get("inputs")
    names = said if isinstance(said, list) else []
    for name, shape in zip(names, settings.shapes, strict=False):
        rank = ranks.get(name)
        if rank is not None and rank != len(shape):
            raise RankError(
                f"{settings.model}: its input {name!r} has {rank} dimensions, and --input says "
                f"{list(shape)}"
            )
    return ends


def lost(ends: Ends | None, load: Mapping[str, Any], made: Model) -> Iterator[str]:
    """Say what `made` lacks of them, or of those that were asked for."""
    if ends is None:
        return
    outputs = load.get("outputs") or ends.outputs
    # Those are without effect on purpose.
    is_part = load.get("outputs") or load.get("input_initial_val")
    inputs = () if is_part else load.get("inputs") or ends.inputs
    for side, names, tensors, why in (
        ("input", inputs, made.inputs, "it has no effect"),
        ("output", outputs, made.outputs, "does it depend on an input?"),
    ):
        has = {one.name for one in tensors}
        # Where one has another name, which is lost is not known.
        if has < set(names):
            missing = ", ".join(repr(name) for name in names if name not in has)
            yield f"the toolkit left out the model's {side} {missing}; {why}"
