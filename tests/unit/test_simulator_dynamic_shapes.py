"""A model with several shapes: the list, the choice, and sizes that follow it."""

from __future__ import annotations

import ctypes as c

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, rknn_bytes
from unit.simulator_lib import Attr, Simulator

pytest_plugins = ["unit.simulator_fixtures"]

SHAPES = ((1, 3, 32, 48), (1, 3, 16, 24))
MODEL = Model(
    inputs=(
        Tensor("image", SHAPES[0], dynamic=SHAPES),
        Tensor("vec", (1, 40), dynamic=((1, 40), (1, 20))),
    ),
    outputs=(Tensor("out", (1, 8, 32, 48), dynamic=((1, 8, 32, 48), (1, 8, 16, 24))),),
)


@pytest.fixture
def handle(simulator: Simulator) -> int:
    return simulator.open(rknn_bytes(MODEL))


def choose(simulator: Simulator, handle: int, *shapes: tuple[int, ...], fmt: int = lib.NHWC) -> int:
    attrs = (Attr * len(shapes))()
    for index, shape in enumerate(shapes):
        attrs[index].index = index
        attrs[index].n_dims = len(shape)
        attrs[index].fmt = fmt
        attrs[index].dims[: len(shape)] = shape
    return int(simulator.lib.rknn_set_input_shapes(handle, len(shapes), attrs))


def test_the_shapes_are_listed(simulator: Simulator, handle: int) -> None:
    info = lib.Range(index=0)
    assert simulator.query(handle, lib.DYNAMIC_RANGE, info) == lib.OK
    rows = [tuple(row[: info.n_dims]) for row in info.dyn_range[: info.shape_number]]
    assert (info.name, info.fmt) == (b"image", lib.NHWC)
    assert rows == [(1, 32, 48, 3), (1, 16, 24, 3)]


def test_the_largest_shape_is_the_models(simulator: Simulator, handle: int) -> None:
    assert simulator.attr(handle, lib.INPUT_ATTR).shape == (1, 32, 48, 3)


def test_the_present_shape_is_unknown_until_chosen(simulator: Simulator, handle: int) -> None:
    assert simulator.query(handle, lib.CURRENT_INPUT, Attr()) == lib.FAIL
    assert choose(simulator, handle, (1, 16, 24, 3), (1, 20)) == lib.OK
    assert simulator.attr(handle, lib.CURRENT_INPUT).shape == (1, 16, 24, 3)
    assert simulator.attr(handle, lib.CURRENT_INPUT, 1).shape == (1, 20)
    assert simulator.attr(handle, lib.CURRENT_OUTPUT).shape == (1, 8, 16, 24)


def test_sizes_follow_the_choice(simulator: Simulator, handle: int) -> None:
    assert choose(simulator, handle, (1, 16, 24, 3), (1, 20)) == lib.OK
    assert simulator.set_input(handle, 16 * 24 * 3) == lib.OK
    assert simulator.set_input(handle, 20, index=1) == lib.OK
    assert simulator.run(handle) == lib.OK
    _, outputs = simulator.outputs(handle, [lib.Output(want_float=1)])
    assert outputs[0].size == 8 * 16 * 24 * 4
    assert choose(simulator, handle, (1, 32, 48, 3), (1, 40)) == lib.OK
    assert simulator.run(handle) == lib.INPUT, "inputs of the former shape were kept"
    assert simulator.set_input(handle, 16 * 24 * 3) == lib.PARAM


def test_nchw_shapes_are_understood(simulator: Simulator, handle: int) -> None:
    assert choose(simulator, handle, (1, 3, 16, 24), (1, 20), fmt=lib.NCHW) == lib.OK


@pytest.mark.parametrize(
    "shapes",
    [((1, 16, 24, 3), (1, 40)), ((1, 17, 24, 3), (1, 20)), ((1, 16, 24), (1, 20))],
    ids=["crossed", "unknown", "rank"],
)
def test_other_shapes_are_refused(
    simulator: Simulator, handle: int, shapes: tuple[tuple[int, ...], ...]
) -> None:
    assert choose(simulator, handle, *shapes) == lib.FAIL


def test_all_inputs_must_be_named(simulator: Simulator, handle: int) -> None:
    assert choose(simulator, handle, (1, 16, 24, 3)) == lib.PARAM


def test_bound_memory_must_fit_the_chosen_shape(simulator: Simulator, handle: int) -> None:
    assert choose(simulator, handle, (1, 16, 24, 3), (1, 20)) == lib.OK
    mem = simulator.lib.rknn_create_mem(handle, 8 * 16 * 24 * 2)
    attr = simulator.attr(handle, lib.CURRENT_OUTPUT)
    assert simulator.lib.rknn_set_io_mem(handle, mem, c.byref(attr)) == lib.OK
    simulator.set_input(handle, 16 * 24 * 3)
    simulator.set_input(handle, 20, index=1)
    assert simulator.run(handle) == lib.OK
    assert choose(simulator, handle, (1, 32, 48, 3), (1, 40)) == lib.OK
    simulator.set_input(handle, 32 * 48 * 3)
    simulator.set_input(handle, 40, index=1)
    assert simulator.run(handle) == lib.OUTPUT


def test_a_static_model_takes_no_shapes(simulator: Simulator) -> None:
    handle = simulator.open(rknn_bytes(Model()))
    assert choose(simulator, handle, (1, 16, 24, 3)) == lib.MODEL


def test_a_tensor_without_its_shapes_is_refused(
    simulator: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    model = Model(inputs=MODEL.inputs, outputs=(Tensor("out", (1, 8, 32, 48)),))
    assert simulator.init(rknn_bytes(model))[0] == lib.MODEL
    assert "no dynamic shapes of tensor 'out'" in capfd.readouterr().err


def test_a_list_of_one_shape_is_heeded(simulator: Simulator) -> None:
    inputs = (Tensor("image", SHAPES[0], dynamic=SHAPES[1:]),)
    outputs = (Tensor("out", (1, 8, 32, 48), dynamic=((1, 8, 16, 24),)),)
    handle = simulator.open(rknn_bytes(Model(inputs=inputs, outputs=outputs)))
    assert simulator.attr(handle, lib.INPUT_ATTR).shape == (1, 16, 24, 3)
    assert simulator.attr(handle, lib.OUTPUT_ATTR).shape == (1, 8, 16, 24)
    assert choose(simulator, handle, (1, 16, 24, 3)) == lib.OK
    assert choose(simulator, handle, (1, 32, 48, 3)) == lib.FAIL


def test_a_tensor_outside_a_list_of_one_shape_is_refused(
    simulator: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    inputs = (Tensor("image", SHAPES[0], dynamic=SHAPES[:1]),)
    assert simulator.init(rknn_bytes(Model(inputs=inputs)))[0] == lib.MODEL
    assert "no dynamic shapes of tensor 'result'" in capfd.readouterr().err
