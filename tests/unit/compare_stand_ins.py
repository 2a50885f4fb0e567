"""Texts of modules that the converter's process imports in the place of the real ones."""

from __future__ import annotations

# Both onnx and onnxruntime; what the model has and gives is in original.json beside it.
LIBRARY = """
import json
from pathlib import Path
from types import SimpleNamespace

SAID = json.loads(Path(__file__).with_name("original.json").read_text())


class Dim(int):
    dim_value = property(int)

    def HasField(self, name):
        return True


def load(path, load_external_data=True):
    def value(name, shape=()):
        kind = SimpleNamespace(shape=SimpleNamespace(dim=[Dim(size) for size in shape]))
        return SimpleNamespace(name=name, type=SimpleNamespace(tensor_type=kind))

    inputs = [value(name, shape) for name, shape in SAID["inputs"].items()]
    outputs = [value(name) for name in SAID["outputs"]]
    return SimpleNamespace(graph=SimpleNamespace(input=inputs, output=outputs, initializer=[]))


class InferenceSession:
    def __init__(self, source, options, providers):
        pass

    def get_inputs(self):
        return [
            SimpleNamespace(name=name, type="tensor(float)", shape=shape)
            for name, shape in SAID["inputs"].items()
        ]

    def run(self, outputs, feed):
        import numpy

        if SAID["refusal"]:
            raise RuntimeError(SAID["refusal"])
        return [numpy.array(SAID["outputs"][name], "float32") for name in outputs]


class SessionOptions:
    pass
"""
# Beside what the conversion's stand-in does.
SIMULATOR = """

class RKNN(RKNN):
    def init_runtime(self, target=None):
        return self._step("init_runtime")

    def inference(self, inputs, data_format=None):
        import numpy

        answers = json.loads((HERE / "answers.json").read_text())
        return [numpy.array(one, "float32") for one in answers] or None
"""
