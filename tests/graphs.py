"""Small ONNX graphs that between them hold what networks for an NPU are made of.

GRAPHS holds them as plain data, which needs neither onnx nor numpy; build() makes a model, and
samples() arrays to run it on. Weights come from a fixed seed, so that a graph is always the same.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import graph_images
import graph_joints
import graph_vectors
from graph_parts import Graph

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SEED = 3588
OPSET = 13
# onnxruntime 1.16 reads up to 9.
IR_VERSION = 8

GRAPHS: dict[str, Graph] = {
    **graph_images.GRAPHS,
    **graph_joints.GRAPHS,
    **graph_vectors.GRAPHS,
}

__all__ = ["GRAPHS", "Graph", "build", "input_of", "samples", "write", "write_samples"]


def _array(value: object, random: Any) -> Any:  # noqa: ANN401
    """Return a weight: a tuple is the shape of a random one, anything else its values."""
    numpy = import_module("numpy")
    if not isinstance(value, tuple):
        array = numpy.asarray(value)
        return array.astype(numpy.int64 if array.dtype.kind == "i" else numpy.float32)
    # What a layer adds up has the spread of what it was given; a bias is small beside it.
    spread = 0.1 if len(value) == 1 else numpy.prod(value[1:]) ** -0.5
    return (random.standard_normal(value) * spread).astype(numpy.float32)


def build(graph: Graph) -> Any:  # noqa: ANN401
    """Return the graph as onnx.ModelProto, its declared shapes checked against the inferred."""
    numpy, onnx = import_module("numpy"), import_module("onnx")
    helper, random = onnx.helper, numpy.random.default_rng(SEED)

    def value(name: str, shape: Iterable[int]) -> object:
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape))

    made = helper.make_model(
        helper.make_graph(
            [helper.make_node(one.kind, one.takes, one.gives, **one.told) for one in graph.nodes],
            "network",
            [value(name, shape) for name, shape in graph.inputs.items()],
            [value(name, shape) for name, shape in graph.outputs.items()],
            [
                onnx.numpy_helper.from_array(_array(given, random), name)
                for name, given in graph.weights.items()
            ],
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    made.ir_version = IR_VERSION
    onnx.checker.check_model(made, full_check=True)
    return made


def write(graph: Graph, file: Path) -> Path:
    """Write the graph as an ONNX file."""
    import_module("onnx").save(build(graph), str(file))
    return file


def samples(graph: Graph, seed: int) -> dict[str, Any]:
    """Return an array for each input; those of a picture are whole numbers from 0 to 255."""
    numpy = import_module("numpy")
    random = numpy.random.default_rng([SEED, seed])
    if graph.is_picture:
        return {
            name: random.integers(0, 256, shape).astype(numpy.float32)
            for name, shape in graph.inputs.items()
        }
    return {
        name: random.standard_normal(shape).astype(numpy.float32)
        for name, shape in graph.inputs.items()
    }


def input_of(graph: Graph, sample: dict[str, Any]) -> dict[str, Any]:
    """Return what the graph itself gets for a sample: of a picture, what mean and std leave."""
    if not graph.is_picture:
        return sample
    numpy = import_module("numpy")
    mean, std = (numpy.float32(one).reshape(1, -1, 1, 1) for one in (graph.mean, graph.std))
    return {name: (array - mean) / std for name, array in sample.items()}


def write_samples(graph: Graph, listed: Path, seeds: Iterable[int]) -> Path:
    """Write a dataset, .png files of a picture and else .npy, and the text that lists them."""
    numpy = import_module("numpy")
    lines = []
    for seed in seeds:
        files = []
        for name, array in samples(graph, seed).items():
            file = listed.parent / f"{name}-{seed}.{'png' if graph.is_picture else 'npy'}"
            files.append(file.name)
            if graph.is_picture:
                # Channels last, and in the order that OpenCV keeps them in.
                import_module("cv2").imwrite(str(file), array[0].transpose(1, 2, 0)[..., ::-1])
            else:
                numpy.save(file, array)
        lines.append(" ".join(files))
    listed.write_text("\n".join(lines) + "\n")
    return listed
