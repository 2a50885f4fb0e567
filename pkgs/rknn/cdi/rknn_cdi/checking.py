"""Whether a file is a CDI spec that every engine takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rknn_cdi import rules, shape
from rknn_cdi.shape import Field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Engines read JSON as YAML, which is less in places: "found invalid Unicode character escape code",
# "found unknown escape character", "control characters are not allowed".
ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\/|\\u[dD][89a-fA-F][0-9a-fA-F]{2})")
CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def faults(path: Path) -> list[str]:
    """Return what is wrong with the file."""
    try:
        text = path.read_text(encoding="utf-8")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except OSError as error:
        return [f"{error.strerror}; name a CDI spec"]
    except RecursionError:
        return ["no JSON that engines read: too deep"]
    except ValueError as error:
        return [f"no JSON that engines read: {error}"]
    return list(_characters(text)) or value_faults(value)


def value_faults(value: Any) -> list[str]:  # noqa: ANN401
    """Return what is wrong with the spec that the file is."""
    try:
        return list(shape.faults(value, Field("spec"))) or list(rules.faults(value))
    except RecursionError:
        return ["no JSON that engines read: too deep"]


def _characters(text: str) -> Iterator[str]:
    if escape := ESCAPE.search(text):
        yield f"no JSON that engines read: {escape[1]}; write the character itself"
    if control := CONTROL.search(text):
        yield f"no JSON that engines read: {shape.shown(control[0])} has to be escaped"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{shape.shown(twice)} is there twice")
    return made


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
