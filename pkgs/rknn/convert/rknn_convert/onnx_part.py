"""The ONNX model as the converted graph has it: between its tensors, and open to its shapes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_convert.tensors import Tensor


class OnnxPart:
    """The ONNX model of a file, from the inputs `tensors` to `outputs`.

    `left_out` are outputs of the model that are not among `outputs`, where no other tensor is.
    """

    def __init__(self, path: str, tensors: Sequence[Tensor], outputs: Sequence[str]) -> None:
        self._onnx = import_module("onnx")
        self._path = path
        self._tensors = tensors
        self._outputs = outputs
        graph = self._onnx.load(path, load_external_data=False).graph
        # Before IR version 4, constants were inputs too.
        constants = {one.name for one in graph.initializer}
        self._begins = [one.name for one in graph.input if one.name not in constants]
        ends = [one.name for one in graph.output]
        self._is_inside = {one.name for one in tensors} <= set(self._begins)
        self._is_cut = not self._is_inside or not set(outputs) <= set(ends)
        self._is_fixed = _is_fixed(graph, tensors)
        self.left_out = () if self._is_cut else tuple(one for one in ends if one not in outputs)

    def source(self) -> str | bytes:
        """Return the file's path where the model is as it should be, or else a changed model."""
        if not self._is_cut and not self._is_fixed:
            # Other files with its weights are found by onnxruntime, of any size.
            return self._path
        model = self._onnx.load(self._path)
        if self._is_cut:
            inputs = self._begins if self._is_inside else [one.name for one in self._tensors]
            whole = self._onnx.shape_inference.infer_shapes(model)
            model = self._onnx.utils.Extractor(whole).extract_model(inputs, list(self._outputs))
        if _is_fixed(model.graph, self._tensors):
            _free(model.graph)
        content: bytes = model.SerializeToString()
        return content


def _is_fixed(graph: Any, tensors: Sequence[Tensor]) -> bool:  # noqa: ANN401
    """Say whether an input of the graph is of another shape than the converted one's."""
    dims = {one.name: one.type.tensor_type.shape.dim for one in graph.input}
    return any(
        dim.HasField("dim_value") and dim.dim_value != size
        for tensor in tensors
        for shape in tensor.shapes or (tensor.shape,)
        for dim, size in zip(dims.get(tensor.name, ()), shape, strict=False)
    )


def _free(graph: Any) -> None:  # noqa: ANN401
    """Take all sizes out of the graph but for its constants'."""
    for one in graph.input:
        for dim in one.type.tensor_type.shape.dim:
            dim.ClearField("dim_value")
    for one in graph.output:
        one.type.tensor_type.ClearField("shape")
    del graph.value_info[:]
