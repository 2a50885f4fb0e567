"""The versions of CDI's specification, and which of them a spec has to say it is of.

https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md#released-versions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = ("0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0", "1.1.0")
LOWEST = KNOWN[0]


def needed(spec: dict[str, Any]) -> str:
    """Return the lowest version that has all that is in a spec of the right form."""
    return max((LOWEST, *_asked(spec)), key=KNOWN.index)


def _asked(spec: dict[str, Any]) -> Iterator[str]:
    devices = spec["devices"]
    if "." in spec["kind"].partition("/")[2] or _any([spec, *devices], "annotations"):
        yield "0.6.0"
    if any(device["name"][:1].isdecimal() for device in devices):
        yield "0.5.0"
    edits = [part.get("containerEdits", {}) for part in (spec, *devices)]
    for name, version in (("additionalGids", "0.7.0"), ("netDevices", "1.1.0")):
        if _any(edits, name):
            yield version
    for part in edits:
        if "intelRdt" in part:
            newer = _any([part["intelRdt"]], "enableMonitoring") or "schemata" in part["intelRdt"]
            yield "1.1.0" if newer else "0.7.0"
        if _any(part.get("deviceNodes", []), "hostPath"):
            yield "0.5.0"
        if _any(part.get("mounts", []), "type"):
            yield "0.4.0"


def _any(parts: list[dict[str, Any]], name: str) -> bool:
    return any(part.get(name) for part in parts)
