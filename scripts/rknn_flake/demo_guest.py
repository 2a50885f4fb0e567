"""Runs on the emulated board: one inference through rknnlite; its last line is the JSON account.

python3 demo_guest.py MODEL.rknn SHAPE [SHAPE ...]    a SHAPE is 1,3,16,16: as the network has it
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

NHWC = (0, 2, 3, 1)


def main(argv: list[str]) -> int:
    """Load the model, run it once on zeros and print what came out; 1 where rknnlite refuses."""
    numpy, binding = import_module("numpy"), import_module("rknnlite.api").RKNNLite()
    model, shapes = argv[0], [[int(size) for size in word.split(",")] for word in argv[1:]]
    if binding.load_rknn(model) != 0:
        sys.stdout.write("rknnlite: load_rknn failed\n")
        return 1
    if binding.init_runtime() != 0:
        sys.stdout.write("rknnlite: init_runtime failed\n")
        return 1
    # The binding takes images with the channels last, whatever the network was trained on.
    last = [[shape[axis] for axis in NHWC] if len(shape) == 4 else shape for shape in shapes]
    outputs = binding.inference(inputs=[numpy.zeros(shape, dtype=numpy.float32) for shape in last])
    if outputs is None:
        sys.stdout.write("rknnlite: inference failed\n")
        return 1
    opened = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
    told = {
        "outputs": [[list(array.shape), str(array.dtype)] for array in outputs],
        "library": sorted(path for path in opened if path.endswith("/librknnrt.so")),
        "versions": binding.get_sdk_version(),
    }
    binding.release()
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
