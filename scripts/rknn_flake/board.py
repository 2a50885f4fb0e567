"""An emulated Orange Pi 5 Plus: QEMU, Debian's kernel, and closures that Nix built.

    with Board(BoardSpec(store=root, closure=paths, driver=PretendDriver())) as board:
        print(board.run("ls /dev/dri").output)

The guest is a plain Linux, not NixOS: busybox and Debian's Python 3.11 in /usr, the closure in
/nix/store (read-only), all in memory; it has no network and no disk. Commands run as root. Where
`systemd` is asked for, Debian's systemd and udev run it, and the users are those they make.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Self

from rknn_flake import debian, devicetree, guest_system, guest_systemd, initramfs, pretend_driver
from rknn_flake.board_console import Console, Result
from rknn_flake.devicetree import DeviceTree
from rknn_flake.errors import BoardError, MissingToolError
from rknn_flake.paths import cache_dir
from rknn_flake.pretend_driver import PretendDriver
from rknn_flake.process import tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

__all__ = ["Board", "BoardSpec", "DeviceTree", "PretendDriver", "Result"]

ORANGE_PI_5_PLUS = DeviceTree()
QEMU = "qemu-system-aarch64"
# Warnings and worse are shown; a panic ends QEMU, which is told not to reboot; the self-tests of
# the kernel's ciphers cost a tenth of the boot, and guarding it, which nobody attacks here, a third
# of an emulated processor's time.
KERNEL_OPTIONS = (
    "console=ttyAMA0 loglevel=4 panic=-1 cryptomgr.notests nokaslr kpti=0 mitigations=off"
)
DRIVER_FOLDER = "/lib/modules"
# One machine may be busy building while the board boots: ten times what an idle one needs.
BOOT_SECONDS = 90.0
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class BoardSpec:
    """What the board is made of.

    `store` is the folder below which /nix/store/X lies as nix/store/X; `closure` the /nix/store
    paths to copy. `files` maps paths of the guest to host files, host folders or bytes. `append`
    goes to the kernel's command line and `qemu_options` to QEMU's; `boot_timeout` is in seconds.
    `display` is a DRM device of another driver (Debian's vgem), which takes the first numbers.
    `kernel` is one of guest_system's. `room` is memory for what is written on the board, in MiB.
    """

    store: Path | None = None
    closure: tuple[str, ...] = ()
    files: Mapping[str, Path | bytes] = field(default_factory=dict)
    driver: PretendDriver | None = None
    display: bool = False
    systemd: bool = False
    device_tree: DeviceTree = ORANGE_PI_5_PLUS
    append: str = ""
    boot_timeout: float = BOOT_SECONDS
    processors: int = 2
    qemu_options: tuple[str, ...] = ()
    kernel: debian.Request = guest_system.KERNEL
    room: int = 0


class Board:
    """A booted board, for the length of a `with` block."""

    def __init__(self, spec: BoardSpec) -> None:
        self.spec = spec
        self.boot_seconds = 0.0
        self.image_bytes = 0
        self._console: Console | None = None

    def __enter__(self) -> Self:
        try:
            self._boot()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def console_log(self) -> str:
        """Everything seen so far: kernel lines, and commands (after a #) with their output."""
        return "\n".join(self._running().log)

    @property
    def pid(self) -> int:
        """The process id of QEMU."""
        return self._running().pid

    def run(self, command: str, *, timeout: float = 60.0) -> Result:
        """Run a shell command line on the board; it may use several lines.

        A BoardError says that there was no answer in `timeout` seconds (the command was then
        ended), or that the board is gone. What a command fails with is in the result's status.
        """
        return self._running().run(command, timeout)

    def check(self, command: str, *, timeout: float = 60.0) -> str:
        """Run `command` and return its output; a status other than 0 is a BoardError."""
        result = self.run(command, timeout=timeout)
        if result.status != 0:
            said = "".join(f"\n  {line}" for line in result.output.splitlines())
            raise BoardError(f"on the board, {command!r} ended with status {result.status}{said}")
        return result.output

    def load_driver(self, driver: PretendDriver) -> None:
        """Load the pretend driver as `driver` describes it, in place of one already loaded."""
        self.check("if test -d /sys/module/rknpu; then rmmod rknpu; fi")
        self.check(f"insmod {DRIVER_FOLDER}/rknpu.ko {driver.parameters()}")

    def _running(self) -> Console:
        if self._console is None:
            raise BoardError("the board is not running; use it inside its with block")
        return self._console

    def _boot(self) -> None:
        qemu = _qemu()
        kernel = guest_system.kernel(self.spec.kernel)
        folder = cache_dir() / "board"
        folder.mkdir(parents=True, exist_ok=True)
        # Without names, image and tree leave nothing behind, however we end.
        with tempfile.TemporaryFile(dir=folder) as image, tempfile.TemporaryFile() as tree:
            initramfs.write(image, guest_system.base_entries())
            options = KERNEL_OPTIONS
            if self.spec.systemd:
                initramfs.write(image, guest_systemd.entries(self._module_commands()))
                options = f"{KERNEL_OPTIONS} {guest_systemd.KERNEL_OPTIONS}"
            initramfs.write(image, self._own_entries(kernel))
            self.image_bytes = image.tell()
            machine = [qemu, "-machine", "virt", "-cpu", "cortex-a76"]
            machine += ["-smp", str(self.spec.processors), *self.spec.qemu_options]
            machine += ["-m", str(_memory(self.image_bytes, self.spec.room))]
            machine += ["-nic", "none", "-display", "none"]
            has_npu = pretend_driver.COMPATIBLE if self.spec.driver else None
            tree.write(devicetree.blob(machine, self.spec.device_tree, has_npu))
            machine += ["-kernel", str(kernel.image), "-initrd", _named(image)]
            machine += ["-dtb", _named(tree), "-no-reboot", "-monitor", "none"]
            machine += ["-append", f"{options} {self.spec.append}"]
            machine += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
            started = time.monotonic()
            self._console = Console(machine, QEMU)
            self._console.wait_ready(self.spec.boot_timeout)
            self.boot_seconds = time.monotonic() - started
        if not self.spec.systemd:
            for command in self._module_commands():
                self.check(command)

    def _module_commands(self) -> list[str]:
        """Return what loads the modules that the board is to have, in order."""
        names = [f"{DRIVER_FOLDER}/{name}.ko" for name in _debians_modules(self.spec)]
        if self.spec.driver:
            names.append(f"{DRIVER_FOLDER}/rknpu.ko {self.spec.driver.parameters()}")
        return [f"insmod {name}" for name in names]

    def _own_entries(self, kernel: guest_system.Kernel) -> dict[str, initramfs.Entry]:
        entries: dict[str, initramfs.Entry] = {}
        for path in self.spec.closure:
            if self.spec.store is None or not path.startswith("/nix/store/"):
                raise BoardError(
                    f"{path}: a closure is /nix/store paths, with the store they lie in"
                )
            entries.update(initramfs.copied(self.spec.store / path.removeprefix("/"), path))
        files = dict(self.spec.files)
        for name, module in _debians_modules(self.spec).items():
            files[f"{DRIVER_FOLDER}/{name}.ko"] = kernel.drm.parent / module
        if self.spec.driver:
            files[f"{DRIVER_FOLDER}/rknpu.ko"] = pretend_driver.module(kernel)
        for path, source in files.items():
            entries.update(initramfs.copied(source, path))
        return entries

    def _end(self) -> None:
        if self._console is not None:
            self._console.close()
            self._console = None


def _debians_modules(spec: BoardSpec) -> dict[str, str]:
    """Return the kernel's own modules to load, and where they lie in its drivers/gpu/drm."""
    wanted = ["drm"] if spec.driver or spec.display else []
    wanted += ["drm_shmem_helper", "vgem"] if spec.display else []
    return {name: f"vgem/{name}.ko" if name == "vgem" else f"{name}.ko" for name in wanted}


def _qemu() -> str:
    try:
        return tool(QEMU)
    except MissingToolError as error:
        raise BoardError(
            f"the emulated board needs QEMU (Debian's qemu-system-arm): {error}"
        ) from None


def _named(opened: IO[bytes]) -> str:
    """Return a path under which another process may open our unnamed file."""
    opened.flush()
    return f"/proc/{os.getpid()}/fd/{opened.fileno()}"


def _memory(image: int, room: int) -> int:
    """Return the guest's memory in MiB for an image of `image` bytes, and `room` MiB of more files.

    While it boots it holds the image and the files unpacked from it, and these may fill half of it.
    """
    return max(1024, 512 + -(-image * 5 // 2 // MEBIBYTE)) + 2 * room
