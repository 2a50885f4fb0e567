"""Arrays of one element from the toolkit's graphs are numbers on numpy 2.4 as they were before."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from toolkit_patches import numpy_scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest_plugins = ["unit.toolkit_fixtures"]

GRAPH = """
import numpy

class IRGraph:
    def get_array(self, values):
        return numpy.ndarray(values) if isinstance(values, list) else values
"""
# How the rule gets its number: from the array itself, or through a copy (release 2.3.0).
RULES = """
import numpy as np
from rknn.api.ir_graph import IRGraph

def direct(values):
    return float(IRGraph().get_array(values)), int(IRGraph().get_array(values))

def copied(values):
    return float(np.array(IRGraph().get_array(values)))

def other(values):
    return np.array(values)
"""


class Array:
    """An array as numpy 2.4 has it: one of one element is no number."""

    def __init__(self, values: list[float]) -> None:
        self.values = values

    @property
    def size(self) -> int:
        """The number of elements."""
        return len(self.values)

    def item(self) -> float:
        """Return the one element."""
        (value,) = self.values
        return value

    def view(self, kind: type[Array]) -> Array:
        """Return the same elements as another kind of array."""
        return kind(self.values)

    def __float__(self) -> float:
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")

    __int__ = __float__


class Lenient(Array):
    """An array as numpy had it until 2.3."""

    def __float__(self) -> float:
        return self.item()


@pytest.fixture(autouse=True)
def rules(installed: Path) -> Iterator[None]:
    """Have the toolkit's two modules at hand, on no numpy that another test had."""
    folder = installed / "rknn" / "api" / "rules"
    folder.mkdir(parents=True)
    (folder.parent / "ir_graph.py").write_text(GRAPH)
    (folder / "matmul.py").write_text(RULES)
    numpy_scalars._one_element.cache_clear()
    yield
    numpy_scalars._one_element.cache_clear()


@pytest.fixture
def numpy(module: Callable[..., Any]) -> Any:  # noqa: ANN401
    """Return numpy as from 2.4 on."""
    return module(
        "numpy",
        ndarray=Array,
        ones=lambda count: Array([1.0] * count),
        array=lambda values: Array(values.values if isinstance(values, Array) else values),
    )


@pytest.mark.usefixtures("numpy")
def test_it_is_a_number_directly_and_through_a_copy() -> None:
    assert numpy_scalars.apply() is True
    matmul = import_module("rknn.api.rules.matmul")
    assert matmul.direct([2.5]) == (2.5, 2)
    assert matmul.copied([2.5]) == 2.5


@pytest.mark.usefixtures("numpy")
def test_without_it_there_is_the_error() -> None:
    matmul = import_module("rknn.api.rules.matmul")
    for convert in (matmul.direct, matmul.copied):
        with pytest.raises(TypeError, match="only 0-dimensional arrays"):
            convert([2.5])


@pytest.mark.usefixtures("numpy")
def test_other_arrays_and_other_values_stay_what_they_are() -> None:
    numpy_scalars.apply()
    matmul = import_module("rknn.api.rules.matmul")
    graph = import_module("rknn.api.ir_graph").IRGraph()
    assert type(graph.get_array([1.0, 2.0])) is Array
    assert graph.get_array(None) is None
    assert type(matmul.other([2.5])) is Array
    with pytest.raises(TypeError, match="only 0-dimensional arrays"):
        matmul.copied([1.0, 2.0])


def test_the_rules_see_the_rest_of_numpy(numpy: Any) -> None:  # noqa: ANN401
    numpy_scalars.apply()
    matmul = import_module("rknn.api.rules.matmul")
    assert matmul.np.ones is numpy.ones
    with pytest.raises(AttributeError, match="nonsense"):
        _ = matmul.np.nonsense


def test_a_numpy_that_converts_them_is_left_alone(module: Callable[..., Any]) -> None:
    numpy = module("numpy", ndarray=Lenient, ones=lambda count: Lenient([1.0] * count))
    assert numpy_scalars.apply() is False
    matmul = import_module("rknn.api.rules.matmul")
    assert matmul.np is numpy
    assert type(import_module("rknn.api.ir_graph").IRGraph().get_array([2.5])) is Lenient
