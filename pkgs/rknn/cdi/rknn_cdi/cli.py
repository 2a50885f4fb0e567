"""Describes Rockchip's NPU to podman, docker, containerd and CRI-O, as a CDI spec.

Exit status 0: done; 1: it can't be, and each line on stderr says why; 2: wrong usage.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rknn_cdi import checking
from rknn_cdi.errors import FaultsError
from rknn_cdi.files import put, remove
from rknn_cdi.gathering import told, waited
from rknn_cdi.options import parser, refuse
from rknn_cdi.saying import said
from rknn_cdi.spec import text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Do one of the four commands."""
    made = parser(__doc__)
    options = made.parse_args(argv)
    refuse(made, options)
    work = {"write": _write, "static": _static, "remove": _remove, "check": _check}
    try:
        line = work[options.command](options)
    except FaultsError as error:
        return _complain(*error.faults)
    try:
        sys.stdout.write(f"{line}\n" if line else "")
        sys.stdout.flush()
    except OSError as error:
        # Else Python tries again at its end, and prints a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain(f"standard output: {error.strerror}")
    return 0


def _write(options: Namespace) -> str:
    try:
        contents, compatible = waited(options)
        put(options.soc_copy, compatible)
        is_new = put(options.output, text(contents).encode())
    except FaultsError as error:
        raise FaultsError(*error.faults, *_forget(options)) from None
    return f"{said(contents)}; {options.output} {'written' if is_new else 'is as it was'}"


def _static(options: Namespace) -> str:
    contents = told(options)
    put(options.output, text(contents).encode())
    return f"{said(contents)}; {options.output} written"


def _remove(options: Namespace) -> str:
    faults: list[str] = []
    for path in (options.output, options.soc_copy):
        try:
            remove(path)
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(*faults)
    return ""


def _check(options: Namespace) -> str:
    faults = [f"{path}: {fault}" for path in options.files for fault in checking.faults(path)]
    if faults:
        raise FaultsError(*faults)
    return ""


def _forget(options: Namespace) -> list[str]:
    """Remove the spec of a machine that is no more so; return what is in the way of that."""
    try:
        removed = remove(options.output)
    except FaultsError as error:
        return list(error.faults)
    return [f"{options.output} was of an NPU that is not there now: removed"] if removed else []


def _complain(*lines: str) -> int:
    for line in lines:
        # A file's name may be of any bytes.
        printable = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line)
        sys.stderr.write(f"rknn-cdi: {printable}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
