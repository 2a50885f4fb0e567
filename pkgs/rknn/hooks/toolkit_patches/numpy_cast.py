"""numpy 2: "AttributeError: `np.cast` was removed in the NumPy 2.0 release".

The converter from TensorFlow and TFLite uses it (tf2onnx/tfonnx.py).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class _Cast:
    """np.cast[dtype](values) is an array of that dtype."""

    def __getitem__(self, dtype: object) -> Callable[[object], Any]:
        numpy = import_module("numpy")
        return lambda values: numpy.asarray(values).astype(dtype)


def apply() -> bool:
    """Bring back np.cast; False where numpy has it."""
    numpy = import_module("numpy")
    if hasattr(numpy, "cast"):
        return False
    numpy.__dict__["cast"] = _Cast()
    return True
