"""The matrix multiplication interface: shapes are worked out, C is zeros."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, ClassVar

import pytest

from unit import simulator_lib as lib

if TYPE_CHECKING:
    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

FP16, INT8 = 1, 2


class Info(c.Structure):
    """rknn_matmul_info."""

    _fields_: ClassVar = [
        ("M", c.c_int32),
        ("K", c.c_int32),
        ("N", c.c_int32),
        ("type", c.c_int32),
        ("B_layout", c.c_int16),
        ("B_quant_type", c.c_int16),
        ("AC_layout", c.c_int16),
        ("rest", c.c_int8 * 42),
    ]


class Matrix(c.Structure):
    """rknn_matmul_tensor_attr."""

    _fields_: ClassVar = [
        ("name", c.c_char * 256),
        ("n_dims", c.c_uint32),
        ("dims", c.c_uint32 * 16),
        ("size", c.c_uint32),
        ("type", c.c_int32),
    ]

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions in use."""
        return tuple(self.dims[: self.n_dims])


def create(simulator: Simulator, info: Info) -> tuple[int, int, c.Array[Matrix]]:
    handle, matrices = c.c_uint64(), (Matrix * 3)()
    code = simulator.lib.rknn_matmul_create(c.byref(handle), c.byref(info), matrices)
    return code, handle.value, matrices


@pytest.mark.parametrize(
    ("info", "shapes", "sizes"),
    [
        (Info(M=4, K=64, N=32, type=FP16), [(4, 64), (64, 32), (4, 32)], [512, 4096, 512]),
        (
            Info(M=4, K=64, N=32, type=INT8, B_layout=1, AC_layout=1),
            [(4, 4, 16), (1, 2, 32, 32), (8, 4, 4)],
            [256, 2048, 512],
        ),
        (Info(M=1, K=32, N=64, type=10), [(1, 32), (32, 64), (1, 64)], [16, 1024, 128]),
    ],
    ids=["float16", "int8 native", "int4"],
)
def test_shapes(
    simulator: Simulator, info: Info, shapes: list[tuple[int, ...]], sizes: list[int]
) -> None:
    code, _, matrices = create(simulator, info)
    assert code == lib.OK
    assert [m.shape for m in matrices] == shapes
    assert [m.size for m in matrices] == sizes
    assert [m.name for m in matrices] == [b"A", b"B", b"C"]


@pytest.mark.parametrize(
    "info",
    [
        Info(M=4, K=63, N=32, type=FP16),
        Info(M=4, K=64, N=8, type=FP16),
        Info(M=0, K=64, N=32, type=FP16),
        Info(M=4, K=64, N=32, type=13),
        Info(M=4, K=64, N=32, type=-1),
        Info(M=2**31 - 1, K=2**31 - 32, N=32, type=FP16),
    ],
)
def test_impossible_shapes_are_refused(simulator: Simulator, info: Info) -> None:
    assert create(simulator, info)[:2] == (lib.PARAM, 0)


def test_a_run_zeroes_c(simulator: Simulator) -> None:
    _, handle, matrices = create(simulator, Info(M=4, K=64, N=32, type=FP16))
    call = simulator.lib
    memories = [call.rknn_create_mem(handle, m.size) for m in matrices]
    c.memset(memories[2].contents.virt_addr, 0xFF, matrices[2].size)
    assert call.rknn_matmul_run(handle) == lib.INPUT, "ran without memory"
    for memory, matrix in zip(memories, matrices, strict=True):
        assert call.rknn_matmul_set_io_mem(handle, memory, c.byref(matrix)) == lib.OK
    assert call.rknn_matmul_run(handle) == lib.OK
    assert c.string_at(memories[2].contents.virt_addr, 512) == bytes(512)
    assert call.rknn_matmul_destroy(handle) == lib.OK
    assert call.rknn_matmul_run(handle) == lib.CTX


def test_the_two_kinds_of_context_are_told_apart(simulator: Simulator) -> None:
    _, handle, _ = create(simulator, Info(M=4, K=64, N=32, type=FP16))
    assert simulator.run(handle) == lib.CTX
    assert simulator.lib.rknn_destroy(handle) == lib.CTX
    assert simulator.lib.rknn_matmul_destroy(handle) == lib.OK
