"""A board whose NPU is a node of the device tree with plain memory in place of registers."""

from __future__ import annotations

import json
import lzma
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kernel_driver import KINDS, Driver, made
from rknn_flake import guest_system
from rknn_flake.board import Board, BoardSpec, DeviceTree
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.nix import Nix

HW, VERSION, VOLT = 0, 1, 4
PC = 1
CACHEABLE, KERNEL_MAPPING = 2, 8
BUFFER = ("buffer", "create", {"size": 4096, "flags": CACHEABLE | KERNEL_MAPPING})
MINE = "$buffer.obj_addr"

GUEST = "/srv/guest"
PROGRAM = ("python3", f"{GUEST}/npu_requests.py", "/dev/dri/renderD128")
# The name of the answer, the request, and its fields.
Request = tuple[str, str, dict[str, Any]]
# Near the end of the smallest board's memory; what QEMU puts there the NPU says that it is.
REGISTERS = 0x7F000000
HW_VERSION = 0x46495245 + 7
SUPPLY = "rknpu-supply = <&npu_supply>; mem-supply = <&npu_supply>;"
# Clock, supply and interrupts lead nowhere. There are no resets, power domains nor an IOMMU.
OVERLAY = """
/dts-v1/;
/plugin/;
/ { fragment@0 { target-path = "/"; __overlay__ {
    reserved-memory {
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        npu-registers@%(at)x { reg = <0x0 %(at)#x 0x0 0x30000>; no-map; };
    };
    npu_clock: npu-clock {
        compatible = "fixed-clock";
        #clock-cells = <0>;
        clock-frequency = <200000000>;
    };
    npu_supply: npu-supply {
        compatible = "regulator-fixed";
        regulator-name = "vdd_npu";
        regulator-min-microvolt = <800000>;
        regulator-max-microvolt = <800000>;
    };
    rknpu@fdab0000 {
        compatible = "%(compatible)s";
        reg = <0x0 %(at)#x 0x0 0x10000>, <0x0 %(core1)#x 0x0 0x10000>, <0x0 %(core2)#x 0x0 0x10000>;
        interrupts = <0 110 4>, <0 111 4>, <0 112 4>;
        interrupt-names = "npu0_irq", "npu1_irq", "npu2_irq";
        clocks = <&npu_clock>;
        clock-names = "scmi_clk";
        %(supply)s
    };
}; }; };
"""


def spec(
    nix: Nix, driver: Driver, *, supply: bool = True, compatible: str = "rockchip,rk3588-rknpu"
) -> BoardSpec:
    """Return a board with the built driver among its kernel's modules, not loaded."""
    built = nix.physical(nix.build_expression(driver.expression())["out"])
    (packed,) = built.rglob("rknpu.ko.xz")
    kernels = guest_system.kernel(guest_system.KERNEL_6_12).drm.parents[2]
    modules = f"/lib/modules/{driver.kernel.release}"
    files: dict[str, Path | bytes] = {
        f"{modules}/updates/rknpu.ko": lzma.decompress(packed.read_bytes()),
        GUEST: PROJECT / "tests/board/guest",
    }
    for name in ("gpu/drm/drm.ko", "regulator/fixed.ko"):
        files[f"{modules}/kernel/drivers/{name}"] = kernels / name
    overlay = OVERLAY % {
        "at": REGISTERS,
        "core1": REGISTERS + 0x10000,
        "core2": REGISTERS + 0x20000,
        "compatible": compatible,
        "supply": SUPPLY if supply else "",
    }
    register = f"loader,addr={REGISTERS:#x},data={HW_VERSION:#x},data-len=4"
    return BoardSpec(
        kernel=guest_system.KERNEL_6_12,
        files=files,
        device_tree=DeviceTree(overlay=overlay),
        qemu_options=("-device", register),
    )


@dataclass(frozen=True)
class DriverBoard:
    """A board with the driver bound to the node."""

    board: Board

    def load(self) -> None:
        """Load what the node's own alias leads to, as udev does."""
        self.board.check("depmod; modprobe fixed")
        self.board.check('modprobe "$(cat /sys/devices/platform/*.rknpu/modalias)"')

    def hold(self, *requests: Request) -> dict[str, Any]:
        """Make requests in a process that keeps its buffers; return the answers."""
        words = shlex.join((*PROGRAM, json.dumps(requests)))
        self.board.check(f"mkfifo /run/held; {words} /run/held >/run/answers 2>&1 &")
        self.board.check("until grep -q '}$' /run/answers; do sleep 0.1; done")
        return dict(json.loads(self.board.check("cat /run/answers")))

    def release(self) -> None:
        """End the process that holds buffers."""
        self.board.check("echo >/run/held; rm /run/held")

    def ask(self, *requests: Request, user: str = "root") -> dict[str, Any]:
        """Make requests to the driver in one process; return the answers by their names."""
        words = shlex.join((*PROGRAM, json.dumps(requests)))
        said = self.board.check(f"su {user} -c {shlex.quote(words)}")
        return dict(json.loads(said.splitlines()[-1]))


def action(flags: int, value: int = 0) -> Request:
    """Return a request that is answered under the name "it"."""
    return "it", "action", {"flags": flags, "value": value}


def job(**fields: object) -> Request:
    """Return a job of one task on core 0, with other `fields`."""
    one = {"flags": PC, "timeout": 50, "task_number": 1, "core_mask": 1, "number0": 1}
    return "it", "submit", {**one, "task_obj_addr": MINE, **fields}


@pytest.fixture(scope="session", params=KINDS)
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Driver:
    """Return the driver from its own source, and from the stand-in's."""
    return made(request.param, tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="session")
def npu(nix: Nix, driver: Driver) -> Iterator[DriverBoard]:
    """Boot a board and load the driver as udev does."""
    with Board(spec(nix, driver)) as board:
        made = DriverBoard(board)
        made.load()
        yield made
