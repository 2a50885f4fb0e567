"""What onnxruntime and the toolkit's simulator make of a graph; both are called plainly.

    python3 simulate_graphs.py FOLDER GRAPH,GRAPH...

writes FOLDER/report.json: a Conversion (conversions.py) of each graph, float and int8, and which of
the package's compatibility patches had something to do.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import graphs

TARGET = "rk3588"
KINDS = ("float", "int8")
# An image, rows, outputs and inputs that are several: rknn-convert compares these as well.
JUDGED = ("picture", "attention", "two-inputs-ranks", "two-outputs")
CALIBRATING = range(16)
# No sample that the ranges were taken from.
COMPARED, ANOTHER = 100, 101


def similar(left: Any, right: Any) -> float:  # noqa: ANN401
    """Return the cosine between two arrays."""
    numpy = import_module("numpy")
    one, other = (array.astype(numpy.float64).ravel() for array in (left, right))
    return float(one @ other / (numpy.linalg.norm(one) * numpy.linalg.norm(other)))


def original(name: str, seed: int, model: Path) -> list[Any]:
    """Return what onnxruntime makes of a sample."""
    graph = graphs.GRAPHS[name]
    runtime = import_module("onnxruntime")
    session = runtime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    sample = graphs.input_of(graph, graphs.samples(graph, seed))
    return list(session.run(None, sample))


def simulated(name: str, kind: str, model: Path) -> list[Any]:
    """Return what the toolkit's simulator makes of the sample; the toolkit is called plainly."""
    graph = graphs.GRAPHS[name]
    rknn = import_module("rknn.api").RKNN(verbose=False)
    scaling = (
        {"mean_values": [list(graph.mean)], "std_values": [list(graph.std)]}
        if graph.is_picture
        else {}
    )
    dataset = str(model.parent / "samples.txt") if kind == "int8" else None
    steps = {
        "config": lambda: rknn.config(
            target_platform=TARGET, **scaling if graph.is_picture else {}
        ),
        "load_onnx": lambda: rknn.load_onnx(model=str(model)),
        "build": lambda: rknn.build(do_quantization=kind == "int8", dataset=dataset),
        "init_runtime": rknn.init_runtime,
    }
    for step, work in steps.items():
        if work():
            raise RuntimeError(f"the toolkit's {step} failed")
    arrays = list(graphs.samples(graph, COMPARED).values())
    answers = rknn.inference(inputs=arrays, data_format=["nchw"] * len(arrays))
    rknn.release()
    if answers is None:
        raise RuntimeError("the toolkit's inference failed")
    return list(answers)


def compare(name: str, kind: str, model: Path) -> dict[str, Any]:
    """Return how alike the outputs are, and how alike those of two samples are."""
    expected, another = (original(name, seed, model) for seed in (COMPARED, ANOTHER))
    found = simulated(name, kind, model)
    pairs = list(zip(expected, found, strict=True))
    return {
        "shapes": [list(array.shape) for array in found],
        "cosines": [similar(*pair) for pair in pairs],
        "errors": [float(abs(left - right.reshape(left.shape)).max()) for left, right in pairs],
        "others": [similar(*pair) for pair in zip(another, found, strict=True)],
    }


def sources(name: str, folder: Path) -> Path:
    """Write GRAPH.onnx and what it is quantized with and run on; return the model's file."""
    folder.mkdir(parents=True)
    graphs.write_samples(graphs.GRAPHS[name], folder / "samples.txt", CALIBRATING)
    graphs.write_samples(graphs.GRAPHS[name], folder / "compared.txt", [COMPARED])
    return graphs.write(graphs.GRAPHS[name], folder / f"{name}.onnx")


def patches() -> list[str]:
    """Return the patches that were at work; none of a package without them."""
    try:
        return list(import_module("rknn.api.compatibility.applied").APPLIED)
    except ModuleNotFoundError:
        return []


def main(argv: list[str]) -> int:
    """Compare each graph; what fails is noted, and the rest goes on."""
    folder, names = Path(argv[0]).absolute(), argv[1].split(",")
    report = []
    with contextlib.redirect_stdout(io.StringIO()):
        for name in names:
            model = sources(name, folder / name)
            for kind in KINDS:
                found: dict[str, Any] = {"graph": name, "kind": kind}
                try:
                    found |= compare(name, kind, model)
                except BaseException as error:  # noqa: BLE001
                    found["problem"] = f"{type(error).__name__}: {error}"
                report.append(found)
        told = {"patches": patches(), "graphs": report}
    (folder / "report.json").write_text(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
