"""The simulator's queries answer what the model file says."""

from __future__ import annotations

import ctypes as c
import math
import os
import threading
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

MIXED = Model(
    inputs=(
        Tensor("image", (1, 3, 16, 24), "int8", span=(-1.0, 0.9921875)),
        Tensor("ids", (1, 5), "int64"),
    ),
    outputs=(
        Tensor("map", (1, 20, 4, 6), "int8", span=(0.25, 2.0)),
        Tensor('it\'s "odd"/é:0', (1, 1001), "float16"),
        Tensor("wide", (1, 6, 12), "int16", span=(-4.0, 1.0)),
    ),
    custom_string='labels: "a"',
)


@pytest.fixture
def mixed(simulator: Simulator) -> int:
    return simulator.open(rknn_bytes(MIXED))


def test_counts(simulator: Simulator, mixed: int) -> None:
    assert simulator.counts(mixed) == (2, 3)


def test_a_4d_input_is_told_as_nhwc(simulator: Simulator, mixed: int) -> None:
    image = simulator.attr(mixed, lib.INPUT_ATTR)
    assert (image.name, image.shape, image.fmt) == (b"image", (1, 16, 24, 3), lib.NHWC)
    assert (image.n_elems, image.size, image.size_with_stride) == (1152, 1152, 1152)
    assert image.w_stride == 24


def test_a_4d_output_is_told_as_the_file_has_it(simulator: Simulator, mixed: int) -> None:
    map_ = simulator.attr(mixed, lib.OUTPUT_ATTR)
    assert (map_.name, map_.shape, map_.fmt, map_.w_stride) == (b"map", (1, 20, 4, 6), lib.NCHW, 0)


def test_other_ranks_have_no_format(simulator: Simulator, mixed: int) -> None:
    ids = simulator.attr(mixed, lib.INPUT_ATTR, 1)
    scores = simulator.attr(mixed, lib.OUTPUT_ATTR, 1)
    assert (ids.shape, ids.fmt, ids.type, ids.size) == ((1, 5), lib.UNDEFINED, lib.INT64, 40)
    assert (scores.shape, scores.fmt, scores.size) == ((1, 1001), lib.UNDEFINED, 2002)
    assert scores.name.decode() == 'it\'s "odd"/é:0'


@pytest.mark.parametrize(
    ("tensor", "told"),
    [
        ((lib.INPUT_ATTR, 0), (lib.INT8, 0, 1 / 128)),
        # the range is widened to hold 0
        ((lib.OUTPUT_ATTR, 0), (lib.INT8, -128, 2 / 255)),
        ((lib.OUTPUT_ATTR, 1), (lib.FLOAT16, 0, 1.0)),
        ((lib.OUTPUT_ATTR, 2), (lib.INT16, 19660, 5 / 65535)),
    ],
)
def test_quantisation(
    simulator: Simulator, mixed: int, tensor: tuple[int, int], told: tuple[int, int, float]
) -> None:
    attr = simulator.attr(mixed, *tensor)
    assert (attr.type, attr.qnt_type, attr.zp) == (told[0], 2, told[1])
    assert attr.scale == pytest.approx(told[2], rel=1e-6)


@pytest.mark.parametrize(("span", "zp"), [((-1, 1), 0), ((0, 255), -128), ((-5, -1), 127)])
def test_zero_points(simulator: Simulator, span: tuple[float, float], zp: int) -> None:
    handle = simulator.open(rknn_bytes(Model(inputs=(Tensor("x", (1, 4), "int8", span=span),))))
    assert simulator.attr(handle, lib.INPUT_ATTR).zp == zp


def test_native_layouts(simulator: Simulator, mixed: int) -> None:
    image = simulator.attr(mixed, lib.NATIVE_INPUT)
    assert (image.shape, image.fmt) == ((1, 16, 24, 3), lib.NHWC)
    map_ = simulator.attr(mixed, lib.NATIVE_OUTPUT)
    assert (map_.shape, map_.fmt, map_.size) == ((1, 2, 4, 6, 16), lib.NC1HWC2, 768)
    rows = simulator.attr(mixed, lib.NHWC_OUTPUT)
    assert (rows.shape, rows.fmt) == ((1, 4, 6, 20), lib.NHWC)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((1, 3, 2160, 3840), "uint8"),
        ((1, 2048, 32000), "float16"),
        ((1, 1, 13377, 13377), "float16"),
        ((1, 2, 5792, 5792), "int64"),
        ((2**29 - 1,), "int64"),
    ],
    ids=str,
)
def test_large_tensors_are_told_in_full(
    simulator: Simulator, shape: tuple[int, ...], kind: str
) -> None:
    handle = simulator.open(rknn_bytes(Model(outputs=(Tensor("y", shape, kind),))))
    plain = simulator.attr(handle, lib.OUTPUT_ATTR)
    native = simulator.attr(handle, lib.NATIVE_OUTPUT)
    for attr in (plain, native):
        assert attr.n_elems == math.prod(attr.shape), attr.shape
        assert attr.size == attr.n_elems * lib.TYPE_BYTES[attr.type]
    assert plain.n_elems == math.prod(shape)


@pytest.mark.parametrize("shape", [(2**29,), (1, 2**15, 2**14), (1, 1, 13378, 13378)], ids=str)
def test_tensors_past_the_sizes_of_the_interface_are_refused(
    simulator: Simulator, shape: tuple[int, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert simulator.init(rknn_bytes(Model(outputs=(Tensor("y", shape),))))[0] == lib.MODEL
    assert "tensor 'y' has an invalid shape" in capfd.readouterr().err


def test_custom_string(simulator: Simulator, mixed: int) -> None:
    text = c.create_string_buffer(1024)
    code = simulator.query(mixed, lib.CUSTOM_STRING, text)
    assert (code, text.value) == (lib.OK, b'labels: "a"')


def test_version_says_that_it_is_a_simulator(simulator: Simulator, mixed: int) -> None:
    version = lib.SdkVersion()
    assert simulator.query(mixed, lib.SDK_VERSION, version) == lib.OK
    number, _, rest = version.api.decode().partition(" ")
    assert (number, rest, version.drv) == ("2.3.2", "(simulator@rknn-flake)", b"0.0.0")


def test_memory_and_performance(simulator: Simulator, mixed: int) -> None:
    sizes = lib.MemSize()
    assert simulator.query(mixed, lib.MEM_SIZE, sizes) == lib.OK
    assert sizes.weight > 0, "a model without weights"
    assert sizes.internal == 1152 + 40 + 480 + 2002 + 144
    duration = c.create_string_buffer(8)
    assert simulator.query(mixed, lib.PERF_RUN, duration) == lib.OK


def test_performance_detail_needs_its_flag(simulator: Simulator, mixed: int) -> None:
    detail = (c.c_void_p * 2)()
    size = c.sizeof(detail)
    query = simulator.lib.rknn_query
    assert query(mixed, lib.PERF_DETAIL, detail, size) == lib.FAIL
    handle = simulator.open(rknn_bytes(MIXED), flags=0x8)
    assert query(handle, lib.PERF_DETAIL, detail, size) == lib.OK
    text = c.string_at(detail[0] or 0, detail[1] or 0)
    assert b"simulator" in text, text


@pytest.mark.parametrize("cmd", [lib.INPUT_ATTR, lib.OUTPUT_ATTR, lib.NATIVE_INPUT])
def test_an_index_past_the_end_is_refused(
    simulator: Simulator, mixed: int, cmd: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert simulator.query(mixed, cmd, lib.Attr(index=3)) == lib.PARAM
    assert "p_attr->index(3) >=" in capfd.readouterr().err


@pytest.mark.parametrize("cmd", [*range(18), 18, -1])
def test_a_buffer_too_small_is_refused(simulator: Simulator, mixed: int, cmd: int) -> None:
    small = c.create_string_buffer(7)
    assert simulator.query(mixed, cmd, small) == lib.PARAM


def test_no_buffer_is_refused(simulator: Simulator, mixed: int) -> None:
    assert simulator.lib.rknn_query(mixed, lib.IN_OUT_NUM, None, 8) == lib.PARAM


def test_a_static_model_has_no_range_of_shapes(
    simulator: Simulator, mixed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert simulator.query(mixed, lib.DYNAMIC_RANGE, lib.Range()) == lib.MODEL
    assert simulator.query(mixed, lib.CURRENT_INPUT, lib.Attr()) == lib.MODEL
    assert "rknn model is static shape type" in capfd.readouterr().err


def test_loading_from_a_path(simulator: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "model.rknn"
    file.write_bytes(rknn_bytes(MIXED))
    code, handle = simulator.init_path(file)
    assert code == lib.OK
    assert simulator.counts(handle) == (2, 3)


def test_loading_from_a_path_that_is_not_there(
    simulator: Simulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.rknn"
    assert simulator.init_path(missing)[0] == lib.MODEL
    assert f"failed to read the model from path '{missing}'" in capfd.readouterr().err


def test_a_fifo_is_refused_and_holds_up_nobody(simulator: Simulator, tmp_path: Path) -> None:
    fifo = tmp_path / "model.rknn"
    os.mkfifo(fifo)
    codes: list[int] = []
    opener = threading.Thread(target=lambda: codes.append(simulator.init_path(fifo)[0]))
    opener.start()
    opener.join(10)
    waits = opener.is_alive()
    if waits:  # let go of the library's lock, for the tests behind this one
        os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        opener.join()
    assert not waits, "rknn_init waits for a writer"
    assert codes == [lib.MODEL]
