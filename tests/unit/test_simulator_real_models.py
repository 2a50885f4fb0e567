"""Files that the vendor's converter wrote, from the folder that RKNN_MODELS names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from unit import simulator_lib as lib
from unit.simulator_lib import Output, Simulator

pytest_plugins = ["unit.simulator_fixtures"]

FOLDER = os.environ.get("RKNN_MODELS")
FILES = sorted(Path(FOLDER).glob("*.rknn")) if FOLDER else []
pytestmark = pytest.mark.skipif(
    not FILES, reason="RKNN_MODELS names no folder with .rknn files of the real converter"
)


def description(model: bytes) -> dict[str, object]:
    """Return the JSON text at the end of the file."""
    end = 64 + int.from_bytes(model[16:24], "little")
    found = json.loads(model[end + 8 :])
    assert isinstance(found, dict)
    return found


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def model(request: pytest.FixtureRequest) -> bytes:
    path = request.param
    assert isinstance(path, Path)
    return path.read_bytes()


def test_queries_agree_with_the_file(simulator: Simulator, model: bytes) -> None:
    told = description(model)
    handle = simulator.open(model)
    assert simulator.counts(handle) == (told["input_num"], told["output_num"])
    tensors = told["norm_tensor"]
    assert isinstance(tensors, list)
    n_inputs = simulator.counts(handle)[0]
    for place, tensor in enumerate(tensors):
        is_input = place < n_inputs
        cmd = lib.INPUT_ATTR if is_input else lib.OUTPUT_ATTR
        attr = simulator.attr(handle, cmd, place if is_input else place - n_inputs)
        shape = tuple(tensor["size"])
        if attr.fmt == lib.NHWC:
            shape = (shape[0], *shape[2:], shape[1])
        assert (attr.name.decode(), attr.shape) == (tensor["url"], shape)
        assert attr.size == attr.n_elems * lib.TYPE_BYTES[attr.type]
        quantised = tensor["dtype"]["vx_type"]
        if quantised:
            assert attr.type == {"int8": lib.INT8, "int16": lib.INT16}[quantised]


def test_an_inference(simulator: Simulator, model: bytes) -> None:
    handle = simulator.open(model)
    simulator.set_all_inputs(handle)
    assert simulator.run(handle) == lib.OK
    n_outputs = simulator.counts(handle)[1]
    wanted = [Output(index=i, want_float=1) for i in range(n_outputs)]
    code, outputs = simulator.outputs(handle, wanted)
    assert code == lib.OK
    sizes = [simulator.attr(handle, lib.OUTPUT_ATTR, i).n_elems * 4 for i in range(n_outputs)]
    assert [o.size for o in outputs] == sizes


def test_a_truncated_file_is_refused(simulator: Simulator, model: bytes) -> None:
    for length in (len(model) - 1, len(model) // 2, 100, 63):
        assert simulator.init(model[:length])[0] == lib.MODEL, length
