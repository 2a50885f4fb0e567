"""Inputs, run and outputs: zeros of the right size, and upstream's codes for wrong calls."""

from __future__ import annotations

import ctypes as c

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, rknn_bytes
from unit.simulator_lib import Output, Simulator

pytest_plugins = ["unit.simulator_fixtures"]

MODEL = rknn_bytes(
    Model(
        inputs=(Tensor("image", (1, 3, 4, 6), "int8", span=(0, 255)), Tensor("vec", (1, 7))),
        outputs=(Tensor("map", (1, 2, 3, 5), "int8", span=(0, 1)), Tensor("ids", (1, 4), "int64")),
    )
)


@pytest.fixture
def handle(simulator: Simulator) -> int:
    return simulator.open(MODEL)


@pytest.fixture
def ran(simulator: Simulator, handle: int) -> int:
    simulator.set_all_inputs(handle)
    assert simulator.run(handle) == lib.OK
    return handle


@pytest.mark.parametrize(("want_float", "sizes"), [(1, [120, 16]), (0, [30, 32])])
def test_outputs_are_zeros(
    simulator: Simulator, ran: int, want_float: int, sizes: list[int]
) -> None:
    wanted = [Output(index=i, want_float=want_float) for i in range(2)]
    code, outputs = simulator.outputs(ran, wanted)
    assert (code, [o.size for o in outputs]) == (lib.OK, sizes)
    assert all(c.string_at(o.buf, o.size) == bytes(o.size) for o in outputs)
    assert simulator.lib.rknn_outputs_release(ran, 2, outputs) == lib.OK
    assert [o.buf for o in outputs] == [None, None]


def test_a_buffer_of_the_callers_is_filled(simulator: Simulator, ran: int) -> None:
    buffer = c.create_string_buffer(b"\xff" * 40)
    wanted = Output(index=0, is_prealloc=1, buf=c.addressof(buffer), size=40)
    code, outputs = simulator.outputs(ran, [wanted])
    assert (code, outputs[0].buf) == (lib.OK, c.addressof(buffer))
    assert buffer.raw[:30] == bytes(30)
    assert buffer.raw[30:40] == b"\xff" * 10, "bytes past the output's end were written"


@pytest.mark.parametrize(
    "wanted",
    [
        [Output(index=2)],
        [Output(index=0, is_prealloc=1, size=400)],
        [Output(index=i) for i in range(3)],
    ],
    ids=["index", "no buffer", "too many"],
)
def test_wrong_outputs_are_refused(simulator: Simulator, ran: int, wanted: list[Output]) -> None:
    assert simulator.outputs(ran, wanted)[0] == lib.PARAM


def test_a_buffer_too_small_is_refused(
    simulator: Simulator, ran: int, capfd: pytest.CaptureFixture[str]
) -> None:
    buffer = c.create_string_buffer(119)
    wanted = Output(want_float=1, is_prealloc=1, buf=c.addressof(buffer), size=119)
    assert simulator.outputs(ran, [wanted])[0] == lib.PARAM
    assert "output size(119) < model output size(120)" in capfd.readouterr().err


def test_no_outputs_before_a_run(simulator: Simulator, handle: int) -> None:
    assert simulator.outputs(handle, [Output()])[0] == lib.FAIL
    assert simulator.lib.rknn_wait(handle, None) == lib.FAIL


def test_a_run_without_inputs_is_refused(
    simulator: Simulator, handle: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert simulator.set_input(handle, 72) == lib.OK
    assert simulator.run(handle) == lib.INPUT
    assert "input 1 ('vec') has not been set" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((0, lib.UINT8, 72), lib.OK),
        ((0, lib.UINT8, 71), lib.PARAM),
        ((0, lib.FLOAT32, 288), lib.OK),
        ((0, lib.FLOAT32, 72), lib.PARAM),
        ((1, lib.FLOAT16, 14), lib.OK),
        ((1, lib.FLOAT16, 13), lib.PARAM),
        ((2, lib.UINT8, 72), lib.PARAM),
        ((0, 12, 9999), lib.PARAM),
        ((0, -1, 9999), lib.PARAM),
    ],
)
def test_the_size_of_an_input(
    simulator: Simulator, handle: int, given: tuple[int, int, int], code: int
) -> None:
    index, kind, size = given
    assert simulator.set_input(handle, size, index=index, kind=kind) == code


def test_an_input_too_small_is_told_in_the_vendors_words(
    simulator: Simulator, handle: int, capfd: pytest.CaptureFixture[str]
) -> None:
    simulator.set_input(handle, 72, kind=lib.FLOAT32)
    expected = "rknn_inputs_set, param input size(72) < model input size(288)"
    assert expected in capfd.readouterr().err


def test_pass_through_is_measured_in_the_models_own_type(simulator: Simulator, handle: int) -> None:
    data = c.create_string_buffer(14)
    for size, code in ((14, lib.OK), (13, lib.PARAM)):
        one = lib.Input(index=1, buf=c.addressof(data), size=size, pass_through=1)
        assert simulator.lib.rknn_inputs_set(handle, 1, c.byref(one)) == code, size


def test_releasing_twice_or_a_stray_pointer_does_no_harm(simulator: Simulator, ran: int) -> None:
    _, outputs = simulator.outputs(ran, [Output()])
    stale = Output(buf=outputs[0].buf)
    release = simulator.lib.rknn_outputs_release
    assert release(ran, 1, outputs) == lib.OK
    assert release(ran, 1, outputs) == lib.OK
    assert release(ran, 1, c.byref(stale)) == lib.PARAM


def test_frames_are_counted(simulator: Simulator, ran: int) -> None:
    extend = (c.c_uint64 * 3)()
    seen = []
    for _ in range(3):
        assert simulator.lib.rknn_run(ran, extend) == lib.OK
        seen.append(extend[0])
    assert seen == [2, 3, 4]


def test_a_model_opened_for_its_sizes_does_not_run(simulator: Simulator) -> None:
    handle = simulator.open(MODEL, flags=0x100)
    simulator.set_all_inputs(handle)
    assert simulator.run(handle) == lib.FAIL
