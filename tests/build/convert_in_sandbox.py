"""Converts graphs of graphs.py with the toolkit alone: python3 convert_in_sandbox.py GRAPH...

Each is converted and run in the toolkit's simulator, and held against onnxruntime. Prints, as JSON
on the last line, the patches that had something to do and the cosine similarity of each graph.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import graphs


def similarity(name: str, folder: Path) -> float:
    """Return the least cosine similarity of a graph's outputs to onnxruntime's."""
    numpy, onnxruntime = import_module("numpy"), import_module("onnxruntime")
    model = graphs.write(graphs.GRAPHS[name], folder / f"{name}.onnx")
    sample = graphs.samples(graphs.GRAPHS[name], 0)
    toolkit = import_module("rknn.api").RKNN(verbose=False)
    layouts = ["nchw"] * len(sample)
    steps: list[Any] = [
        lambda: toolkit.config(target_platform="rk3588"),
        lambda: toolkit.load_onnx(model=str(model)),
        lambda: toolkit.build(do_quantization=False),
        lambda: toolkit.export_rknn(str(folder / f"{name}.rknn")),
        toolkit.init_runtime,
    ]
    for number, step in enumerate(steps):
        if status := step():
            raise RuntimeError(f"{name}: step {number} returned {status}")
    made = toolkit.inference(inputs=list(sample.values()), data_format=layouts)
    toolkit.release()
    wanted = onnxruntime.InferenceSession(str(model)).run(None, sample)
    return min(
        float(one.ravel() @ other.ravel() / numpy.linalg.norm(one) / numpy.linalg.norm(other))
        for one, other in zip(made, wanted, strict=True)
    )


def main(names: list[str]) -> int:
    """Convert the graphs."""
    with tempfile.TemporaryDirectory() as folder:
        found = {name: similarity(name, Path(folder)) for name in names}
    applied = import_module("rknn.api.compatibility.applied").APPLIED
    sys.stdout.write("\n" + json.dumps({"applied": applied, "cosine": found}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
