"""Load models from stdin with the library named in argv, in a process that may crash.

Protocol: u32 length and that many bytes in; an i32, the code of rknn_init, out. A model that
loads is queried, run and destroyed before the answer.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from unit import simulator_lib as lib
from unit.simulator_lib import Simulator

# Outputs larger than this are not asked for: a file may name gigabytes.
MOST_BYTES = 1 << 24


def exercise(simulator: Simulator, handle: int) -> None:
    """Call everything that reads the model."""
    inputs, outputs = simulator.counts(handle)
    for cmd in range(18):
        for index in range(max(inputs, outputs) + 1):
            info = lib.Range(index=index)
            simulator.query(handle, cmd, info)
    sizes = [simulator.attr(handle, lib.INPUT_ATTR, n).n_elems for n in range(inputs)]
    sizes += [simulator.attr(handle, lib.OUTPUT_ATTR, n).n_elems for n in range(outputs)]
    if sum(sizes) * 4 < MOST_BYTES:
        simulator.set_all_inputs(handle)
        simulator.run(handle)
        wanted = [lib.Output(index=n, want_float=1) for n in range(outputs)]
        _, filled = simulator.outputs(handle, wanted)
        simulator.lib.rknn_outputs_release(handle, outputs, filled)


def main(argv: list[str]) -> int:
    """Answer until stdin ends."""
    simulator = Simulator(Path(argv[1]))
    while len(head := sys.stdin.buffer.read(4)) == 4:
        model = sys.stdin.buffer.read(struct.unpack("<I", head)[0])
        code, handle = simulator.init(model)
        if code == lib.OK:
            exercise(simulator, handle)
            simulator.lib.rknn_destroy(handle)
        sys.stdout.buffer.write(struct.pack("<i", code))
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
