"""Surroundings in which the toolkit's compiler finds the same memory in every run.

The compiler writes memory into the file that it never set. What of it comes from the heap is zero
where this is used; what comes from the stack is for `canonical`.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from importlib import import_module
from typing import Any

ENVIRONMENT = {
    # No set's order was seen to reach a file, but the toolkit's code is not there to be read.
    "PYTHONHASHSEED": "0",
    # glibc fills no memory that it hands out from its threads' caches.
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}
# Where the toolkit calls librknnc.so to write an .rknn file.
COMPILER = "rknn.api.rknn_compiler"
# malloc.h
M_PERTURB = -6
# glibc fills with the complement of this what it hands out, and with this what it gets back.
ZEROES = 0xFF


def zero_while_compiling() -> bool:
    """Have the toolkit's compiler run on zeroed memory; False where its place is not known.

    Nothing else of a conversion does: from the process's start on, as glibc.malloc.perturb has
    it, that takes 2 s longer, and from build() on a twentieth.
    """
    try:
        compiler: Any = import_module(COMPILER).RKNNCompiler
        plain = compiler.build
    except (ImportError, AttributeError):
        return False

    def build(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # whatever the plain one takes
        zero_fresh_memory()
        try:
            return plain(*args, **kwargs)
        finally:
            zero_fresh_memory(wanted=False)

    compiler.build = build
    return True


def zero_fresh_memory(*, wanted: bool = True) -> bool:
    """Have malloc() give zeroed memory here from now on, or not; False where it cannot."""
    # A C library other than glibc has no mallopt: AttributeError.
    with suppress(AttributeError, OSError):
        return bool(ctypes.CDLL(None).mallopt(M_PERTURB, ZEROES if wanted else 0))
    return False
