"""The emulated board's system: Debian's arm64 kernel, busybox and Python 3.11."""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from rknn_flake import debian, initramfs
from rknn_flake.errors import BoardError
from rknn_flake.process import run

GUEST_FILES = Path(__file__).parent / "guest"
PYTHON = (3, 11)
# A guest without compiled modules spends most of its time compiling its standard library; only
# the same release of Python can compile for it.
PRECOMPILED = sys.version_info[:2] == PYTHON
EMPTY_FOLDERS = ("dev", "nix/store", "proc", "root", "run", "sys", "tmp", "usr/sbin", "var/tmp")
# `su user -c …` shows what somebody without privilege may do.
PASSWD = b"root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n"
GROUP = b"root:x:0:\nvideo:x:44:\nrender:x:105:\nuser:x:1000:\n"


def _compile_stdlib(root: Path) -> None:
    if PRECOMPILED:
        # A process of its own: on Ctrl-C its workers print tracebacks.
        options = ("-qq", "-j", "2", "-s", root, "-p", "/", "--invalidation-mode", "unchecked-hash")
        library = root / "usr/lib/python3.11"
        # It fails on files that are broken on purpose, such as those of lib2to3's tests.
        run([sys.executable, "-m", "compileall", *options, library], check=False)


USERLAND = debian.Request(
    "userland",
    ("busybox-static", "python3.11", "libstdc++6"),
    only=r"(?!dpkg$|tar$).*",
    keep=(
        "bin/busybox",
        "usr/bin/python3.11",
        "usr/lib/python3.11/*",
        "lib/ld-linux-aarch64.so.1",
        "lib/aarch64-linux-gnu/*.so*",
        "usr/lib/aarch64-linux-gnu/lib*.so*",
    ),
    finish=_compile_stdlib,
    recipe=1 if PRECOMPILED else 0,
)


def _free_of_place(root: Path) -> None:
    """Let the headers be used where they lie: Debian's Makefile names /usr/src."""
    for makefile in root.glob("usr/src/linux-headers-*/Makefile"):
        text = makefile.read_text()
        beside = "include $(dir $(lastword $(MAKEFILE_LIST)))../"
        makefile.write_text(re.sub(r"(?m)^include /usr/src/", beside, text))


def _ready_for_nix(root: Path) -> None:
    """Pack the headers for builds in the store, and unpack modules, which busybox can't."""
    _free_of_place(root)
    for packed in root.glob("lib/modules/**/*.ko.xz"):
        packed.with_suffix("").write_bytes(lzma.decompress(packed.read_bytes()))
        packed.unlink()
    # With this the build of a module runs pahole, for types that nobody here traces.
    for types in root.glob("usr/src/linux-headers-*/vmlinux"):
        types.unlink()
    # Nix reads what it takes into the store at each evaluation: 17,000 files, or one.
    shutil.make_archive(str(root / "headers"), "gztar", root, "usr")


KERNEL = debian.Request(
    "kernel",
    ("linux-image-arm64", "linux-headers-arm64"),
    only=r"linux-(image|headers|kbuild)-\d.*",
    # Programs that the build of a module runs.
    native=r"linux-kbuild-.*",
    keep=(
        "boot/vmlinuz-*",
        "lib/modules/*/kernel/drivers/gpu/drm/*.ko",
        "usr/src/*",
        "usr/lib/linux-kbuild-*",
    ),
    finish=_free_of_place,
    hashed=("boot/vmlinuz-*", "lib/modules/*/drm.ko"),
)

# For the driver of mainline kernels, which is for these and later ones.
KERNEL_6_12 = debian.Request(
    "kernel-6.12",
    ("linux-image-6.12-arm64", "linux-headers-6.12-arm64"),
    only=KERNEL.only,
    native=KERNEL.native,
    keep=(
        "boot/vmlinuz-*",
        "lib/modules/*/drivers/gpu/drm/drm*.ko.xz",
        "lib/modules/*/drivers/gpu/drm/vgem/vgem.ko.xz",
        "lib/modules/*/drivers/regulator/fixed.ko.xz",
        "usr/src/*",
        "usr/lib/linux-kbuild-*",
    ),
    finish=_ready_for_nix,
    hashed=KERNEL.hashed,
)


@dataclass(frozen=True)
class Kernel:
    """Debian's arm64 kernel: its release, the bootable image, the headers, and drm.ko."""

    release: str
    image: Path
    headers: Path
    drm: Path


def kernel(request: debian.Request = KERNEL) -> Kernel:
    """Return the kernel of `request`, fetched if need be."""
    root = debian.tree(request)
    images = sorted(root.glob("boot/vmlinuz-*"))
    if len(images) != 1:
        raise BoardError(f"{root}/boot holds {len(images)} kernels instead of one; delete {root}")
    release = images[0].name.removeprefix("vmlinuz-")
    return Kernel(
        release,
        images[0],
        root / "usr/src" / f"linux-headers-{release}",
        root / "lib/modules" / release / "kernel/drivers/gpu/drm/drm.ko",
    )


def base_entries() -> dict[str, initramfs.Entry]:
    """Return what is the same on every board: userland, first process, agent, folders, nodes."""
    root = debian.tree(USERLAND)
    entries: dict[str, initramfs.Entry] = {}
    for top in sorted(root.iterdir()):
        entries.update(initramfs.copied(top, f"/{top.name}"))
    for merged in initramfs.MERGED:
        entries[merged] = initramfs.link(f"usr/{merged}")
    for path in EMPTY_FOLDERS:
        entries[path] = initramfs.folder()
    entries["init"] = _program("init")
    entries["usr/sbin/board-agent"] = _program("board-agent")
    entries["usr/bin/sh"] = initramfs.link("busybox")
    entries["usr/bin/python3"] = initramfs.link("python3.11")
    entries["etc/passwd"] = initramfs.Entry(stat.S_IFREG | 0o644, PASSWD)
    entries["etc/group"] = initramfs.Entry(stat.S_IFREG | 0o644, GROUP)
    # The first process has no console without this node: devtmpfs is mounted by itself.
    entries["dev/console"] = initramfs.device(5, 1)
    return entries


def _program(name: str) -> initramfs.Entry:
    return initramfs.Entry(stat.S_IFREG | 0o755, GUEST_FILES / name)
