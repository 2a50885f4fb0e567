"""An ONNX graph's own inputs and outputs, and which of them are lost in a conversion."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rknn_convert.container import Model


@dataclass(frozen=True)
class Ends:
    """The inputs' ranks by their names, and the outputs' names."""

    inputs: dict[str, int]
    outputs: list[str]

    def text(self) -> str:
        """Return this as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Ends:
        """Return those of that JSON."""
        return cls(**json.loads(text))


def of_file(path: str) -> Ends | None:
    """Return those of an ONNX file; None where it can't be read: the toolkit says why."""
    try:
        graph = import_module("onnx").load(path, load_external_data=False).graph
        # Before IR version 4, constants were inputs too.
        constants = {one.name for one in graph.initializer}
    except Exception:  # noqa: BLE001  # of many kinds, none of them exported
        return None
    ranks = {one.name: len(one.type.tensor_type.shape.dim) for one in graph.input}
    inputs = {name: rank for name, rank in ranks.items() if name not in constants}
    return Ends(inputs, [one.name for one in graph.output])


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
