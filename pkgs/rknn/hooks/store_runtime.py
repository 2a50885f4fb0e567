"""Makes rknnlite open the librknnrt.so it was packaged with.

Three environment variables, read whenever a runtime is made (empty counts as unset):
RKNN_LIBRKNNRT_PATH          another librknnrt.so
RKNN_DEVICE_COMPATIBLE_NODE  another file to read the SoC from; containers mask
                             /proc/device-tree/compatible, and a copy of it does as well
RKNN_CORE_MASK               the NPU's cores (1, 2, 4, 3 or 7) for programs that leave them to the
                             library (NPU_CORE_AUTO): a container's share of the NPU
"""

# Runs on every Python that there are wheels for, 3.7 the oldest.
from __future__ import annotations

import _thread
import ctypes
import errno
import os
from typing import Any

from rknnlite.api import rknn_runtime  # type: ignore[import-not-found]

LIBRARY = "@librknnrt@"
LIBRARY_VARIABLE = "RKNN_LIBRKNNRT_PATH"
NODE_VARIABLE = "RKNN_DEVICE_COMPATIBLE_NODE"
CORES_VARIABLE = "RKNN_CORE_MASK"
CORES = ("1", "2", "4", "3", "7")

_runtime: Any = rknn_runtime.RKNNRuntime
# On the class, where importlib.reload finds them again, not what has taken their place.
if not hasattr(_runtime, "store_plain_init"):
    _runtime.store_plain_init = _runtime.__init__
    _runtime.store_plain_lib_path = _runtime._get_rknn_api_lib_path  # noqa: SLF001
    _runtime.store_plain_set_core_mask = _runtime.set_core_mask
    # What each constant of rknn_runtime is without its variable, and what it was last set to here.
    _runtime.store_defaults = {
        "LIBRKNNRT_PATH": LIBRARY,
        "DEVICE_COMPATIBLE_NODE": rknn_runtime.DEVICE_COMPATIBLE_NODE,
    }
    _runtime.store_applied = dict(_runtime.store_defaults)
    rknn_runtime.LIBRKNNRT_PATH = LIBRARY
_plain_init = _runtime.store_plain_init
_plain_lib_path = _runtime.store_plain_lib_path
_plain_set_core_mask = _runtime.store_plain_set_core_mask
_defaults = _runtime.store_defaults
_applied = _runtime.store_applied

# Two threads in _apply would take each other's values for a program's own assignment.
_lock = _thread.allocate_lock()


def _apply(constant: str, variable: str) -> None:
    """Set a constant of rknn_runtime from the environment; a program's own assignment is kept."""
    present = getattr(rknn_runtime, constant)
    if present != _applied[constant]:
        _defaults[constant] = present
    _applied[constant] = os.environ.get(variable) or _defaults[constant]
    setattr(rknn_runtime, constant, _applied[constant])


def _reason(error: OSError, path: str) -> str:
    """Return "ENOENT: No such file or directory", or the loader's own words."""
    if error.errno is None:
        words = str(error)
        return words[len(path) + 2 :] if words.startswith(f"{path}: ") else words
    return f"{errno.errorcode.get(error.errno, error.errno)}: {error.strerror}"


def _account(what: str, path: str, variable: str, outcome: str) -> str:
    """Say in one line which path was tried, which variable set it or could, and what came of it."""
    origin = f"set by {variable}" if os.environ.get(variable) else f"{variable} would set another"
    return f"rknnlite: {what} {path} ({origin}): {outcome}"


def _library_outcome(path: str) -> str:
    """Return why a library cannot be loaded, or that it can."""
    try:
        with open(path, "rb"):  # noqa: PTH123 (pathlib is a costly import)
            pass
        ctypes.CDLL(path)
    except OSError as error:
        return f"cannot be opened, {_reason(error, path)}"
    return "loads"


def _node_outcome(path: str) -> str:
    """Return why the file that names the SoC cannot be read, or what it says."""
    try:
        with open(path, "rb") as node:  # noqa: PTH123
            names = node.read(256).rstrip(bytes(1)).split(bytes(1))
    except OSError as error:
        return f"cannot be opened, {_reason(error, path)}"
    return f"says {b' '.join(names).decode(errors='replace')!r}"


def _init(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
    """Take the place of RKNNRuntime.__init__; a failure stays what it is, with the paths added."""
    self.store_core_mask = _core_mask()
    with _lock:
        _apply("LIBRKNNRT_PATH", LIBRARY_VARIABLE)
        _apply("DEVICE_COMPATIBLE_NODE", NODE_VARIABLE)
    try:
        _plain_init(self, *args, **kwargs)
    except Exception as error:
        node, library = rknn_runtime.DEVICE_COMPATIBLE_NODE, rknn_runtime.LIBRKNNRT_PATH
        note = (
            f"{_account('SoC file', node, NODE_VARIABLE, _node_outcome(node))}\n"
            f"{_account('library', library, LIBRARY_VARIABLE, _library_outcome(library))}"
        )
        if hasattr(error, "add_note"):
            error.add_note(note)
        elif isinstance(error, OSError) and error.strerror:  # these two before Python 3.11
            error.strerror += f"\n{note}"
        else:
            error.args = (f"{error}\n{note}",)
        raise


def _core_mask() -> int:
    """Return the mask that the environment has for programs that name none; 0 is NPU_CORE_AUTO."""
    text = os.environ.get(CORES_VARIABLE) or "0"
    if text not in ("0", *CORES):
        raise ValueError(f"{CORES_VARIABLE} is {text!r}, and a mask is one of {', '.join(CORES)}")
    return int(text)


def _set_core_mask(self: Any, core_mask: int) -> Any:  # noqa: ANN401
    """Take the place of RKNNRuntime.set_core_mask, which leaves AUTO to the library."""
    return _plain_set_core_mask(self, self.store_core_mask if core_mask == 0 else core_mask)


def _lib_path(self: Any) -> str:  # noqa: ANN401
    """Take the place of RKNNRuntime._get_rknn_api_lib_path, which looks below /usr/lib only."""
    try:
        _plain_lib_path(self)
    except Exception as error:
        # Its other refusal, "Unsupported run platform: Linux aarch64", stands.
        if "Can not find dynamic library" not in str(error):
            raise
    return str(rknn_runtime.LIBRKNNRT_PATH)


_runtime.__init__ = _init
_runtime.set_core_mask = _set_core_mask
_runtime._get_rknn_api_lib_path = _lib_path  # noqa: SLF001
