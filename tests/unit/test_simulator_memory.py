"""Tensor memory: made, bound to tensors, zeroed by a run, and gone when destroyed."""

from __future__ import annotations

import ctypes as c
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

MODEL = rknn_bytes(
    Model(
        inputs=(Tensor("image", (1, 3, 4, 6), "int8", span=(0, 255)),),
        outputs=(Tensor("map", (1, 20, 3, 5), "int8", span=(0, 1)),),
    )
)


CALLERS = "made-by-the-caller"


@pytest.fixture
def handle(simulator: Simulator) -> int:
    return simulator.open(MODEL)


def bind(simulator: Simulator, handle: int, cmd: int, mem: object) -> int:
    attr = simulator.attr(handle, cmd)
    return int(simulator.lib.rknn_set_io_mem(handle, mem, c.byref(attr)))


@pytest.mark.parametrize(("cmd", "size"), [(lib.OUTPUT_ATTR, 300), (lib.NATIVE_OUTPUT, 480)])
def test_a_run_zeroes_the_bound_output(
    simulator: Simulator, handle: int, cmd: int, size: int
) -> None:
    inputs, output = (simulator.lib.rknn_create_mem(handle, 1000) for _ in range(2))
    c.memset(output.contents.virt_addr, 0xFF, 1000)
    assert bind(simulator, handle, lib.INPUT_ATTR, inputs) == lib.OK
    assert bind(simulator, handle, cmd, output) == lib.OK
    assert simulator.run(handle) == lib.OK
    written = c.string_at(output.contents.virt_addr, 1000)
    assert written == bytes(size) + b"\xff" * (1000 - size)


def test_the_descriptor_is_real(simulator: Simulator, handle: int) -> None:
    mem = simulator.lib.rknn_create_mem(handle, 5000).contents
    c.memmove(mem.virt_addr, b"seen", 4)
    assert os.pread(mem.fd, 4, 0) == b"seen"
    assert (mem.size, os.fstat(mem.fd).st_size) == (5000, 5000)


@pytest.mark.parametrize(("cmd", "size"), [(lib.INPUT_ATTR, 71), (lib.OUTPUT_ATTR, 299)])
def test_memory_too_small_is_refused(
    simulator: Simulator, handle: int, cmd: int, size: int, capfd: pytest.CaptureFixture[str]
) -> None:
    mem = simulator.lib.rknn_create_mem(handle, size)
    assert bind(simulator, handle, cmd, mem) == lib.PARAM
    assert f"memory size({size}) < model" in capfd.readouterr().err


def test_a_tensor_of_another_name_is_refused(simulator: Simulator, handle: int) -> None:
    mem = simulator.lib.rknn_create_mem(handle, 1000)
    attr = lib.Attr(name=b"other")
    assert simulator.lib.rknn_set_io_mem(handle, mem, c.byref(attr)) == lib.PARAM


def test_destroyed_memory_is_bound_no_longer(simulator: Simulator, handle: int) -> None:
    mem = simulator.lib.rknn_create_mem(handle, 1000)
    assert bind(simulator, handle, lib.INPUT_ATTR, mem) == lib.OK
    assert simulator.run(handle) == lib.OK
    assert simulator.lib.rknn_destroy_mem(handle, mem) == lib.OK
    assert simulator.run(handle) == lib.INPUT
    assert simulator.lib.rknn_destroy_mem(handle, mem) == lib.PARAM
    assert bind(simulator, handle, lib.INPUT_ATTR, mem) == lib.PARAM


def test_memory_of_the_callers_own(simulator: Simulator, handle: int) -> None:
    buffer = c.create_string_buffer(b"\xff" * 400)
    mem = simulator.lib.rknn_create_mem_from_fd(handle, 9, c.addressof(buffer), 300, 50)
    assert (mem.contents.fd, mem.contents.offset) == (9, 50)
    assert bind(simulator, handle, lib.OUTPUT_ATTR, mem) == lib.OK
    simulator.set_input(handle, 72)
    assert simulator.run(handle) == lib.OK
    assert buffer.raw[:400] == b"\xff" * 50 + bytes(300) + b"\xff" * 50
    assert simulator.lib.rknn_destroy_mem(handle, mem) == lib.OK


@pytest.fixture
def descriptor() -> Iterator[int]:
    """Return a file of 12345 bytes 0xff that has no name."""
    fd = os.memfd_create(CALLERS)
    os.write(fd, b"\xff" * 12345)
    yield fd
    os.close(fd)


def mapped() -> int:
    """Return how many mappings of the descriptor's file there are in this process."""
    return Path("/proc/self/maps").read_text().count(f"/memfd:{CALLERS} ")


@pytest.mark.parametrize("offset", [0, 50, 4096, 5000, 12045])
def test_a_descriptor_without_an_address_is_written_to(
    simulator: Simulator, handle: int, descriptor: int, offset: int
) -> None:
    mem = simulator.lib.rknn_create_mem_from_fd(handle, descriptor, None, 300, offset)
    assert (mem.contents.fd, mem.contents.offset, mem.contents.virt_addr) == (
        descriptor,
        offset,
        None,
    )
    assert bind(simulator, handle, lib.OUTPUT_ATTR, mem) == lib.OK
    simulator.set_input(handle, 72)
    assert simulator.run(handle) == lib.OK
    behind = b"\xff" * (12345 - offset - 300)
    assert os.pread(descriptor, 20000, 0) == b"\xff" * offset + bytes(300) + behind
    assert mapped() == 1
    assert simulator.lib.rknn_destroy_mem(handle, mem) == lib.OK
    assert mapped() == 0, "still mapped"
    os.fstat(descriptor)  # the caller's: not closed


@pytest.mark.parametrize("place", [(12346, 0), (300, 12046), (1, 2**31 - 1)])
def test_memory_past_the_end_of_its_file_is_refused(
    simulator: Simulator,
    handle: int,
    descriptor: int,
    place: tuple[int, int],
    capfd: pytest.CaptureFixture[str],
) -> None:
    size, offset = place
    assert not simulator.lib.rknn_create_mem_from_fd(handle, descriptor, None, size, offset)
    said = capfd.readouterr().err
    assert f"size {size} at offset {offset} does not lie in fd {descriptor} (12345 bytes)" in said


@pytest.mark.parametrize("fd", [-1, -(2**31), 2**31 - 1])
def test_neither_a_descriptor_nor_an_address_is_refused(
    simulator: Simulator, handle: int, fd: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not simulator.lib.rknn_create_mem_from_fd(handle, fd, None, 300, 0)
    said = capfd.readouterr().err
    assert f"there is no address, and fd {fd} cannot be mapped: Bad file descriptor" in said, said


@pytest.mark.parametrize("size", [0, 1 << 33, (1 << 64) - 1])
def test_impossible_sizes_are_refused(simulator: Simulator, handle: int, size: int) -> None:
    assert not simulator.lib.rknn_create_mem2(handle, size, 0)


def test_memory_without_a_context(simulator: Simulator, handle: int) -> None:
    mem = simulator.lib.rknn_create_mem2(0, 1000, 0x20000)
    assert bind(simulator, handle, lib.INPUT_ATTR, mem) == lib.OK
    assert simulator.lib.rknn_destroy(handle) == lib.OK
    assert simulator.lib.rknn_destroy_mem(0, mem) == lib.OK
    assert not simulator.lib.rknn_create_mem2(0, 1000, 0), "made without a context or its flag"


@pytest.mark.parametrize(("mode", "code"), [(1, lib.OK), (2, lib.OK), (3, lib.OK), (0, lib.PARAM)])
def test_sync(simulator: Simulator, handle: int, mode: int, code: int) -> None:
    mem = simulator.lib.rknn_create_mem(handle, 10)
    assert simulator.lib.rknn_mem_sync(handle, mem, mode) == code
    assert simulator.lib.rknn_mem_sync(handle, None, 1) == lib.PARAM


def test_internal_memory_must_be_as_large_as_was_told(simulator: Simulator, handle: int) -> None:
    sizes = lib.MemSize()
    assert simulator.query(handle, lib.MEM_SIZE, sizes) == lib.OK
    for size, code in ((sizes.internal, lib.OK), (sizes.internal - 1, lib.PARAM)):
        mem = simulator.lib.rknn_create_mem(handle, size)
        assert simulator.lib.rknn_set_internal_mem(handle, mem) == code


def test_media_blocks_are_not_simulated(
    simulator: Simulator, handle: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not simulator.lib.rknn_create_mem_from_mb_blk(handle, None, 0)
    assert "rknn_create_mem_from_mb_blk is not simulated" in capfd.readouterr().err
