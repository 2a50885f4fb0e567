"""Run a command that cannot write to the machine's own folders.

Nix builds of root are the machine's root as well, and the sandbox shows them /usr writable: an
`install` with a wrong prefix would land there.

    python readonly.py FOLDER... -- COMMAND [ARGUMENT...]
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# sched.h and sys/mount.h
CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, flags: int) -> None:
    _checked(
        _libc.mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None),
        f"mount {target}",
    )


def seal(folders: list[str]) -> None:
    """Make `folders` read-only for this process and its children; raises OSError."""
    _checked(_libc.unshare(CLONE_NEWNS), "unshare")
    _mount("none", "/", MS_REC | MS_PRIVATE)
    for folder in folders:
        # /bin and /lib are links into /usr on a merged system.
        path = str(Path(folder).resolve())
        _mount(path, path, MS_BIND | MS_REC)
        _mount("none", path, MS_REMOUNT | MS_BIND | MS_RDONLY)


def main(argv: list[str]) -> int:
    """Seal the folders and become the command; 1 where the kernel does not let us."""
    border = argv.index("--")
    command = argv[border + 1 :]
    try:
        seal(argv[:border])
        os.execvp(command[0], command)  # noqa: S606  # the whole point
    except OSError as error:
        sys.stderr.write(f"readonly: {' '.join(argv[:border])}: {error.args[1]}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
