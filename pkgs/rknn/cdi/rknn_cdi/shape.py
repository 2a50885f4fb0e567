"""Which fields a CDI spec may have and must have, and of which type each is.

https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md#cdi-json-specification
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Field:
    """A field's type: a name of OBJECTS or of TYPES, with `many` a list of such."""

    type: str = "string"
    many: bool = False
    required: bool = False


# JSON's own types, and the least and greatest number of those that are numbers.
NUMBERS = {
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
NEEDED = Field(required=True)
TEXT = Field()
TEXTS = Field(many=True)
WORDS = Field("annotations")

OBJECTS = {
    "spec": {
        "cdiVersion": NEEDED,
        "kind": NEEDED,
        "annotations": WORDS,
        "devices": Field("device", many=True, required=True),
        "containerEdits": Field("edits"),
    },
    "device": {
        "name": NEEDED,
        "annotations": WORDS,
        "containerEdits": Field("edits", required=True),
    },
    "edits": {
        "env": TEXTS,
        "deviceNodes": Field("node", many=True),
        "netDevices": Field("network", many=True),
        "hooks": Field("hook", many=True),
        "mounts": Field("mount", many=True),
        "intelRdt": Field("rdt"),
        "additionalGids": Field("uint32", many=True),
    },
    "node": {
        "path": NEEDED,
        "hostPath": TEXT,
        "type": TEXT,
        "major": Field("int64"),
        "minor": Field("int64"),
        "fileMode": Field("uint32"),
        "permissions": TEXT,
        "uid": Field("uint32"),
        "gid": Field("uint32"),
    },
    "network": {"hostInterfaceName": NEEDED, "name": NEEDED},
    "hook": {
        "hookName": NEEDED,
        "path": NEEDED,
        "args": TEXTS,
        "env": TEXTS,
        "timeout": Field("uint32"),
    },
    "mount": {"hostPath": NEEDED, "containerPath": NEEDED, "options": TEXTS, "type": TEXT},
    "rdt": {
        "closID": TEXT,
        "l3CacheSchema": TEXT,
        "memBwSchema": TEXT,
        "schemata": TEXTS,
        "enableMonitoring": Field("boolean"),
    },
}


def faults(value: object, field: Field, where: str = "") -> Iterator[str]:
    """Yield what is not of the form that `field` says, with its place in the spec."""
    if field.many:
        if not isinstance(value, list):
            yield f"{where}: {shown(value)} is no list"
            return
        for number, one in enumerate(value):
            yield from faults(one, Field(field.type), f"{where}[{number}]")
    elif field.type == "annotations":
        yield from _annotations(value, where)
    elif field.type in OBJECTS:
        yield from _object(value, OBJECTS[field.type], where)
    elif not _fits(value, field.type):
        yield f"{where}: {shown(value)} is no {field.type}"


def shown(value: object) -> str:
    """Return a value as it stands in the file, shortened, in characters that can be printed."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _object(value: object, fields: dict[str, Field], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where or 'the spec'}: {shown(value)} is no object"
        return
    prefix = f"{where}." if where else ""
    for name, one in value.items():
        if name in fields:
            yield from faults(one, fields[name], f"{prefix}{name}")
        else:
            yield f"{where or 'the spec'}: unknown field {shown(name)}; engines refuse the file"
    for name, field in fields.items():
        if field.required and name not in value:
            yield f"{where or 'the spec'}: no {name}, which is required"


def _annotations(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {shown(value)} is no object"
        return
    for name, one in value.items():
        if not isinstance(one, str):
            yield f"{where}[{shown(name)}]: {shown(one)} is no string"


def _fits(value: object, kind: str) -> bool:
    # True is an int to Python, and 1.0 to JSON's schemas.
    if kind in NUMBERS:
        least, greatest = NUMBERS[kind]
        return type(value) is int and least <= value <= greatest
    return isinstance(value, bool if kind == "boolean" else str)
