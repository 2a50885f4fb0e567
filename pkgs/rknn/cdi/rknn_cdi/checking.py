"""Whether a file is a CDI spec that every engine takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rknn_cdi import rules, shape
from rknn_cdi.shape import Field

if TYPE_CHECKING:
    from pathlib import Path


def faults(path: Path) -> list[str]:
    """Return what is wrong with the file."""
    try:
        value = json.loads(
            path.read_bytes(), object_pairs_hook=_once, parse_constant=_refuse_constant
        )
    except OSError as error:
        return [f"{error.strerror}; name a CDI spec"]
    except RecursionError:
        return ["no JSON that engines read: too deep"]
    except ValueError as error:
        return [f"no JSON that engines read: {error}"]
    return value_faults(value)


def value_faults(value: Any) -> list[str]:  # noqa: ANN401
    """Return what is wrong with the spec that the file is."""
    try:
        return list(shape.faults(value, Field("spec"))) or list(rules.faults(value))
    except RecursionError:
        return ["no JSON that engines read: too deep"]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{shape.shown(twice)} is there twice")
    return made


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
