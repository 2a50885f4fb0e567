"""Runs on the emulated board: tries of rknnlite, one after the other in one process.

python3 attempt.py '[{"model": "/a.rknn", "shapes": [[1, 16, 16, 3]], "environment": {}}, ...]'

prints a JSON list: for each try what came of it, and all it printed. A try that fails is no
failure of this program.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def printed_to(file: IO[bytes]) -> Iterator[None]:
    """Let stdout and stderr, the C library's too, go to `file`."""
    kept = [os.dup(1), os.dup(2)]
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)


def tensors(runtime: Any) -> list[list[tuple[str, list[int], int]]]:  # noqa: ANN401
    """Return name, shape and rknn_tensor_type of all inputs, and of all outputs."""
    inputs, outputs = runtime.get_in_out_num()
    found = [
        [runtime.get_tensor_attr(index, is_output) for index in range(count)]
        for is_output, count in ((False, inputs), (True, outputs))
    ]
    return [
        [(one.name.decode(), list(one.dims[: one.n_dims]), one.type) for one in side]
        for side in found
    ]


def attempt(model: str, shapes: list[list[int]], environment: dict[str, str]) -> dict[str, Any]:
    """Load a model, run it once on zeros of `shapes` and tell how far that went."""
    numpy, binding = import_module("numpy"), import_module("rknnlite.api").RKNNLite()
    told: dict[str, Any] = {"outputs": None, "tensors": None, "versions": None}
    os.environ.update(environment)
    told["load"] = binding.load_rknn(model)
    told["init"] = binding.init_runtime()
    if told["init"] == 0:
        told["tensors"] = tensors(binding.rknn_runtime)
        told["versions"] = binding.get_sdk_version()
        zeros = [numpy.zeros(shape, dtype=numpy.float32) for shape in shapes]
        outputs = binding.inference(inputs=zeros)
        if outputs is not None:
            told["outputs"] = [[list(array.shape), str(array.dtype)] for array in outputs]
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
    told["libraries"] = sorted(path for path in mapped if path.endswith("/librknnrt.so"))
    binding.release()
    for name in environment:
        del os.environ[name]
    return told


def main(argv: list[str]) -> int:
    """Make the tries that `argv` describes and print what came of them."""
    done = []
    for asked in json.loads(argv[0]):
        with tempfile.TemporaryFile() as file:
            with printed_to(file):
                told = attempt(**asked)
            file.seek(0)
            done.append({**told, "said": file.read().decode(errors="replace")})
    sys.stdout.write(json.dumps(done) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
