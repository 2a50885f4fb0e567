"""Make .rknn files with Rockchip's converter; runs in the converter's own environment.

    python make_model.py FOLDER NAME TARGET [NAME TARGET ...]

writes FOLDER/NAME.rknn for each; NAME begins with a key of NETWORKS.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import tempfile
import types
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 3588
# The converter imports these at its start ("ModuleNotFoundError: No module named 'torch'") for
# networks in other formats, image datasets and graph rules that ours do not touch. From PyPI they
# are 3 GB (torch brings CUDA along), 150 MB and 140 MB; the stand-ins below fail when called.
ABSENT = ("torch", "cv2", "scipy")


class _Absent(type):
    def __call__(cls, *_args: object, **_keywords: object) -> object:
        raise NotImplementedError(f"the converter called {cls.__name__}, which is a stand-in here")


class _StandIn(types.ModuleType):
    """A module with every attribute: `torch.nn.Module` can be inherited from, not made."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "no_grad":  # used as a decorator at import: @torch.no_grad()
            return lambda: lambda function: function
        return _Absent(f"{self.__name__}.{name}", (), {})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        del module


def _network(
    nodes: list[Any], inputs: dict[str, list[int]], output: list[int], weights: dict[str, Any]
) -> Any:  # noqa: ANN401
    """Return an ONNX model of float tensors with the one output `y`; shapes are NCHW."""
    onnx = import_module("onnx")
    helper = onnx.helper

    def value(name: str, shape: list[int]) -> object:
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes,
        "network",
        [value(name, shape) for name, shape in inputs.items()],
        [value("y", output)],
        [onnx.numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8  # onnxruntime 1.19 reads up to 10
    return model


def convolution() -> Any:  # noqa: ANN401
    """Return conv 3x3, relu, global average pool: x [1, 3, 16, 16] to y [1, 8, 1, 1]."""
    np, node = import_module("numpy"), import_module("onnx").helper.make_node
    random = np.random.default_rng(SEED)
    weights = {
        "w": random.standard_normal((8, 3, 3, 3)).astype(np.float32),
        "b": random.standard_normal(8).astype(np.float32),
    }
    nodes = [
        node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["r"]),
        node("GlobalAveragePool", ["r"], ["y"]),
    ]
    return _network(nodes, {"x": [1, 3, 16, 16]}, [1, 8, 1, 1], weights)


def addition() -> Any:  # noqa: ANN401
    """Return y = left + right, all [1, 4, 8, 8]."""
    node = import_module("onnx").helper.make_node
    shape = [1, 4, 8, 8]
    return _network(
        [node("Add", ["left", "right"], ["y"])],
        {"left": shape, "right": shape},
        shape,
        {},
    )


NETWORKS: dict[str, Callable[[], Any]] = {
    "conv": convolution,
    "add-two-inputs": addition,
    "quantized": convolution,
}


def convert(name: str, target: str, folder: Path, scratch: Path) -> None:
    """Write folder/NAME.rknn for the SoC `target`; RuntimeError where the converter refuses."""
    np, onnx = import_module("numpy"), import_module("onnx")
    kind = name.removesuffix(f"-{target}")
    source, samples, listed = (scratch / f"{name}.{ext}" for ext in ("onnx", "npy", "txt"))
    onnx.save(NETWORKS[kind](), str(source))
    np.save(samples, np.random.default_rng(SEED).standard_normal((1, 3, 16, 16)).astype(np.float32))
    listed.write_text(f"{samples}\n")
    quantize = kind == "quantized"
    converter = import_module("rknn.api").RKNN(verbose=False)
    made = folder / f"{name}.rknn"
    steps: tuple[tuple[str, Callable[[], int | None]], ...] = (
        ("config", lambda: converter.config(target_platform=target)),
        ("load_onnx", lambda: converter.load_onnx(model=str(source))),
        (
            "build",
            lambda: converter.build(
                do_quantization=quantize, dataset=str(listed) if quantize else None
            ),
        ),
        ("export_rknn", lambda: converter.export_rknn(str(made))),
    )
    for step, work in steps:
        status = work()
        if status:
            raise RuntimeError(f"{name}: the converter's {step} returned {status}")
    converter.release()


def main(argv: list[str]) -> int:
    """Convert the named networks; the arguments are the module's own."""
    folder, pairs = Path(argv[0]), argv[1:]
    sys.meta_path.insert(0, _Finder())
    with tempfile.TemporaryDirectory() as scratch:
        for name, target in zip(pairs[::2], pairs[1::2], strict=True):
            convert(name, target, folder, Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
