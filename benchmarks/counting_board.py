"""The emulated board on one processor whose clock advances one nanosecond per instruction."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_flake import devicetree, guest_system, initramfs
from rknn_flake.board_console import Console
from rknn_flake.errors import BoardError
from rknn_flake.paths import cache_dir
from rknn_flake.process import tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

QEMU = "qemu-system-aarch64"
# No sleep: what idles is skipped. One thread of QEMU, as counting needs.
COUNTING = ("-icount", "shift=0,sleep=off", "-smp", "1", "-cpu", "cortex-a76")
# Without norandmaps every process lies elsewhere, and so hashes and searches in another order.
KERNEL_OPTIONS = "console=ttyAMA0 loglevel=4 panic=-1 cryptomgr.notests norandmaps"
BOOT_SECONDS = 180.0
MEMORY = 3072


@contextmanager
def counting_board(
    store: Path, closure: tuple[str, ...], files: Mapping[str, Path]
) -> Iterator[Console]:
    """Boot it with the store paths `closure` below the folder `store`; yield its console.

    `files` maps paths of the guest to files of this machine.
    """
    folder = cache_dir() / "board"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        console = Console(_machine(scratch, _image(scratch, store, closure, files)), QEMU)
        try:
            console.wait_ready(BOOT_SECONDS)
            yield console
        finally:
            console.close()


def check(console: Console, command: str, timeout: float) -> str:
    """Run `command` on the board and return its output; a status other than 0 is a BoardError."""
    result = console.run(command, timeout)
    if result.status != 0:
        raise BoardError(f"on the board, {command!r} ended with {result.status}\n{result.output}")
    return result.output


def _image(scratch: str, store: Path, closure: tuple[str, ...], files: Mapping[str, Path]) -> str:
    entries = dict(guest_system.base_entries())
    for path in closure:
        entries.update(initramfs.copied(store / path.removeprefix("/"), path))
    for path, source in files.items():
        entries.update(initramfs.copied(source, path))
    made = f"{scratch}/initramfs"
    with open(made, "wb") as image:  # noqa: PTH123  # a name for QEMU's command line
        initramfs.write(image, entries)
    return made


def _machine(scratch: str, image: str) -> list[str]:
    kernel = guest_system.kernel()
    machine = [tool(QEMU), "-machine", "virt", *COUNTING, "-m", str(MEMORY)]
    machine += ["-nic", "none", "-display", "none"]
    tree = f"{scratch}/board.dtb"
    with open(tree, "wb") as out:  # noqa: PTH123
        out.write(devicetree.blob(machine, devicetree.DeviceTree(), None))
    machine += ["-kernel", str(kernel.image), "-initrd", image, "-dtb", tree, "-no-reboot"]
    machine += ["-monitor", "none", "-append", KERNEL_OPTIONS]
    return [*machine, "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
