"""Cores are chosen by the same rules for models and for matrices; a batch takes those there are."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

OF_THREE = {
    **dict.fromkeys((0, 1, 2, 3, 4, 7, 0xFFFF), lib.OK),
    **dict.fromkeys((-1, 5, 6, 8, 0x10000), lib.PARAM),
}
OF_TWO = {**dict.fromkeys((0, 1, 2, 3, 0xFFFF), lib.OK), **dict.fromkeys((4, 5, 7), lib.PARAM)}
OF_ONE = {0: lib.OK, **dict.fromkeys((-1, 1, 3, 7, 0xFFFF), lib.FAIL)}
MASKS = {"rk3588": OF_THREE, "rk3576": OF_TWO, "rk3566": OF_ONE}
CASES = [(soc, mask, code) for soc, masks in MASKS.items() for mask, code in masks.items()]


@pytest.mark.parametrize(("soc", "mask", "code"), CASES)
def test_core_masks(
    simulator: Simulator, soc: str, mask: int, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    handle = simulator.open(rknn_bytes(Model(platform=soc)))
    assert simulator.lib.rknn_set_core_mask(handle, mask) == code
    assert ("E RKNN" in capfd.readouterr().err) == (code != lib.OK)


@pytest.fixture
def open_matmul(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Return a function that opens a multiplication on a SoC and returns the handle."""

    def open_on(soc: str) -> int:
        monkeypatch.setenv("RKNN_SIMULATOR_SOC", soc)
        # rknn_matmul_info begins with M, K, N and the type; each of three attributes has 332 bytes
        info, matrices = (c.c_int32 * 16)(4, 64, 32, 1), c.create_string_buffer(3 * 332)
        handle = c.c_uint64()
        assert simulator.lib.rknn_matmul_create(c.byref(handle), info, matrices) == lib.OK
        return handle.value

    return open_on


@pytest.mark.parametrize(("soc", "mask", "code"), CASES)
def test_core_masks_of_a_matmul(
    simulator: Simulator, open_matmul: Callable[[str], int], soc: str, mask: int, code: int
) -> None:
    assert simulator.lib.rknn_matmul_set_core_mask(open_matmul(soc), mask) == code


def test_a_refused_mask_of_a_matmul_is_told(
    simulator: Simulator, open_matmul: Callable[[str], int], capfd: pytest.CaptureFixture[str]
) -> None:
    simulator.lib.rknn_matmul_set_core_mask(open_matmul("rk3588"), 5)
    said = capfd.readouterr().err
    assert "rknn_matmul_set_core_mask: unavailable core mask" in said, said
    assert "max core mask = 7" in said, said


@pytest.mark.parametrize(("soc", "most"), [("rk3588", 3), ("rk3576", 2), ("rk3566", 1)])
def test_a_batch_takes_no_more_cores_than_there_are(
    simulator: Simulator, soc: str, most: int
) -> None:
    handle = simulator.open(rknn_bytes(Model(platform=soc)))
    tried = (-1, 0, 1, 2, 3, 4, 31, 32, 33, 34, 64, 2**31 - 1)
    codes = {n: simulator.lib.rknn_set_batch_core_num(handle, n) for n in tried}
    assert codes == {n: lib.OK if 1 <= n <= most else lib.PARAM for n in tried}
