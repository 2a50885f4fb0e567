"""np.cast[dtype](values) converts on numpy 2, and numpy 1's own stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit_patches import numpy_cast

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["unit.toolkit_fixtures"]


class Array:
    """What asarray() makes of values."""

    def __init__(self, values: object, dtype: object = None) -> None:
        self.values, self.dtype = values, dtype

    def astype(self, dtype: object) -> Array:
        """Return the values as another dtype."""
        return Array(self.values, dtype)


def test_it_is_there_on_numpy_2(module: Callable[..., Any]) -> None:
    numpy = module("numpy", asarray=Array)
    assert numpy_cast.apply() is True
    made = numpy.cast["float32"]([1, 2])
    assert (made.values, made.dtype) == ([1, 2], "float32")


def test_numpy_1_has_its_own(module: Callable[..., Any]) -> None:
    own = {"float32": float}
    numpy = module("numpy", cast=own)
    assert numpy_cast.apply() is False
    assert numpy.cast is own
