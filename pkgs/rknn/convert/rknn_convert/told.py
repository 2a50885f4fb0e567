"""Values out of parsed texts, each held against the type that it should have."""

from __future__ import annotations

import math
from typing import Any, TypeVar

from rknn_convert.printing import cut
from rknn_convert.span import AGAIN, DamagedError

T = TypeVar("T")
KINDS = {dict: "table", list: "list", str: "text", int: "number"}
MOST_DIMENSIONS = 32
LARGEST = 2**32


def member(table: object, key: str, kind: type[T]) -> T:
    """Return table[key]; DamagedError where there is no such thing of that kind."""
    found = optional(table, key, kind)
    if found is None:
        raise DamagedError(f"damaged: its description has no {key!r}; {AGAIN}")
    return found


def optional(table: object, key: str, kind: type[T]) -> T | None:
    """Return table[key], or None where it is missing or null; DamagedError for another kind."""
    if not isinstance(table, dict):
        raise DamagedError(f"damaged: no table where {key!r} should be; {AGAIN}")
    found = table.get(key)
    if found is None:
        return None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise DamagedError(f"damaged: its {key!r} is not a {KINDS[kind]}; {AGAIN}")
    return found


def texts(table: object, key: str) -> tuple[str, ...]:
    """Return the list of texts table[key]."""
    found = member(table, key, list)
    if not all(isinstance(one, str) for one in found):
        raise DamagedError(f"damaged: its {key!r} is not a list of texts; {AGAIN}")
    return tuple(found)


def numbers(table: object, key: str) -> tuple[float, ...]:
    """Return the list of numbers table[key], () where there is none."""
    found = optional(table, key, list) or []
    return tuple(_number(one, key) for one in found)


def shape(dims: Any, name: str) -> tuple[int, ...]:  # noqa: ANN401
    """Return a tensor's shape; DamagedError where `dims` is none."""
    sound = isinstance(dims, list) and len(dims) <= MOST_DIMENSIONS
    if not sound or not all(type(dim) is int and 0 <= dim < LARGEST for dim in dims):
        raise DamagedError(f"damaged: the shape of {cut(name, 80)!r} is none; {AGAIN}")
    return tuple(dims)


def _number(found: object, key: str) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise DamagedError(f"damaged: its {key!r} is not a list of numbers; {AGAIN}")
    try:
        number = float(found)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise DamagedError(f"damaged: its {key!r} holds what is no number; {AGAIN}")
    return number
