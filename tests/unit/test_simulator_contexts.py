"""Contexts are independent, can be duplicated, and a stale handle is noticed."""

from __future__ import annotations

import ctypes as c
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

MODEL = rknn_bytes(Model())
OTHER = rknn_bytes(Model(outputs=(Tensor("a", (1, 2)), Tensor("b", (1, 3)))))


def every_call(simulator: Simulator, handle: int) -> list[int]:
    """Return the codes of the calls that take a context, with arguments fit for MODEL."""
    call = simulator.lib
    return [
        simulator.query(handle, lib.IN_OUT_NUM, lib.InOut()),
        simulator.set_input(handle, 9999),
        call.rknn_run(handle, None),
        call.rknn_wait(handle, None),
        simulator.outputs(handle, [lib.Output()])[0],
        call.rknn_outputs_release(handle, 0, c.byref(lib.Output())),
        call.rknn_set_core_mask(handle, 0),
        call.rknn_set_batch_core_num(handle, 1),
        call.rknn_destroy(handle),
    ]


def test_calls_on_a_live_context_succeed(simulator: Simulator) -> None:
    handle = simulator.open(MODEL)
    assert every_call(simulator, handle) == [lib.OK] * 9


@pytest.mark.parametrize("garbage", [0, 1, 0x5742, (1 << 64) - 1])
def test_garbage_is_not_a_context(simulator: Simulator, garbage: int) -> None:
    assert every_call(simulator, garbage) == [lib.CTX] * 9
    assert not simulator.lib.rknn_create_mem(garbage, 100)
    copy = c.c_uint64()
    code = simulator.lib.rknn_dup_context(c.byref(c.c_uint64(garbage)), c.byref(copy))
    assert (code, copy.value) == (lib.CTX, 0)


def test_a_destroyed_context_stays_so_when_its_place_is_taken(simulator: Simulator) -> None:
    old = simulator.open(MODEL)
    assert simulator.lib.rknn_destroy(old) == lib.OK
    new = simulator.open(MODEL)
    assert new != old
    assert every_call(simulator, old) == [lib.CTX] * 9
    assert every_call(simulator, new) == [lib.OK] * 9


def test_contexts_do_not_mix(simulator: Simulator) -> None:
    one, two = simulator.open(MODEL), simulator.open(OTHER)
    simulator.set_all_inputs(one)
    assert (simulator.counts(one), simulator.counts(two)) == ((1, 1), (1, 2))
    assert (simulator.run(one), simulator.run(two)) == (lib.OK, lib.INPUT)


def test_a_copy_outlives_its_original(simulator: Simulator) -> None:
    first, copy = c.c_uint64(simulator.open(OTHER)), c.c_uint64()
    assert simulator.lib.rknn_dup_context(c.byref(first), c.byref(copy)) == lib.OK
    assert simulator.lib.rknn_destroy(first.value) == lib.OK
    assert simulator.counts(copy.value) == (1, 2)
    assert simulator.attr(copy.value, lib.OUTPUT_ATTR, 1).name == b"b"


def test_the_table_of_contexts_has_an_end(
    simulator: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    handles = []
    while (result := simulator.init(MODEL))[0] == lib.OK:
        handles.append(result[1])
        assert len(handles) <= 1024
    assert result[0] == -4
    assert "1024 contexts are open" in capfd.readouterr().err
    assert [simulator.lib.rknn_destroy(h) for h in handles] == [lib.OK] * len(handles)
    assert simulator.init(MODEL)[0] == lib.OK


def test_threads(simulator: Simulator) -> None:
    def work(model: bytes) -> int:
        """Return how many inferences went wrong."""
        wrong = 0
        for _ in range(100):
            handle = simulator.open(model)
            simulator.set_all_inputs(handle)
            n = simulator.counts(handle)[1]
            wrong += simulator.run(handle) != lib.OK
            code, outputs = simulator.outputs(handle, [lib.Output(index=i) for i in range(n)])
            wrong += code != lib.OK
            wrong += simulator.lib.rknn_outputs_release(handle, n, outputs) != lib.OK
            wrong += simulator.lib.rknn_destroy(handle) != lib.OK
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, [MODEL, OTHER] * 4)) == 0
