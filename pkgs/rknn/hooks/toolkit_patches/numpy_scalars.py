"""numpy 2.4 and later: "only 0-dimensional arrays can be converted to Python scalars".

The rule that fuses attention (rknn/api/rules/matmul.py, ..._exmatmul_to_sdpa) calls float() with
an array of one element, which it has from IRGraph.get_array; release 2.3.0 through np.array().
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from .importing import after_import


@cache
def _one_element() -> Any:  # noqa: ANN401 (numpy need not be there when this is read)
    numpy: Any = import_module("numpy")

    class OneElement(numpy.ndarray):  # type: ignore[misc]
        """An array of one element that is a number to float() and int(), as before numpy 2.4."""

        def __float__(self) -> float:
            return float(self.item())

        def __int__(self) -> int:
            return int(self.item())

    return OneElement


def _lenient_graph(module: ModuleType) -> None:
    """Let IRGraph.get_array return such arrays."""
    graph: Any = module.__dict__["IRGraph"]
    plain, numpy = graph.get_array, import_module("numpy")

    def get_array(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (whatever the plain one takes)
        """Return what the plain one does."""
        found = plain(*args, **kwargs)
        if type(found) is numpy.ndarray and found.size == 1:
            return found.view(_one_element())
        return found

    graph.get_array = get_array


class _Numpy(ModuleType):
    """numpy as the rules see it: np.array() of such an array is one too."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever numpy has)
        return getattr(import_module("numpy"), name)

    @staticmethod
    def array(values: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (as numpy.array)
        """Return numpy.array() of the arguments."""
        made = import_module("numpy").array(values, *args, **kwargs)
        return made.view(_one_element()) if isinstance(values, _one_element()) else made


def _lenient_rules(module: ModuleType) -> None:
    module.__dict__["np"] = _Numpy("numpy")


def apply() -> bool:
    """Mend both modules once they are imported; False where numpy converts such arrays."""
    numpy = import_module("numpy")
    try:
        with warnings.catch_warnings():
            # numpy 1.25 to 2.3 warn of what is to come.
            warnings.simplefilter("ignore")
            float(numpy.ones(1))
    except TypeError:
        after_import("rknn.api.ir_graph", _lenient_graph)
        after_import("rknn.api.rules.matmul", _lenient_rules)
        return True
    return False
