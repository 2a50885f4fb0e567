"""What CDI asks of a spec beyond its form: names, versions, and that nothing is empty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rknn_cdi.shape import shown
from rknn_cdi.versions import KNOWN, needed

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
DEVICE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?", re.ASCII)
HOOKS = (
    "prestart",
    "createRuntime",
    "createContainer",
    "startContainer",
    "poststart",
    "poststop",
)


def faults(spec: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a spec that is of the right form."""
    yield from _version(spec)
    yield from _kind(spec["kind"])
    if not spec["devices"]:
        yield "devices: the list is empty"
    yield from _edits(spec.get("containerEdits", {}), "containerEdits")
    seen = set()
    for number, device in enumerate(spec["devices"]):
        where = f"devices[{number}]"
        name = device["name"]
        if not DEVICE.fullmatch(name):
            yield f"{where}.name: {shown(name)}: letters and digits, inside also _ . : -"
        if name in seen:
            yield f"{where}.name: {shown(name)} is there twice"
        seen.add(name)
        edits = device["containerEdits"]
        # intelRdt counts as it is, the lists where something is in them.
        if not any(edits.values()) and "intelRdt" not in edits:
            yield f"{where}.containerEdits: empty, which engines refuse"
        yield from _edits(edits, f"{where}.containerEdits")


def _version(spec: dict[str, Any]) -> Iterator[str]:
    named = spec["cdiVersion"].removeprefix("v")
    if named not in KNOWN:
        known = f"{KNOWN[0]} to {KNOWN[-1]}"
        yield f"cdiVersion: {shown(spec['cdiVersion'])} is no version of CDI that is known: {known}"
    elif KNOWN.index(named) < KNOWN.index(lowest := needed(spec)):
        yield f"cdiVersion: {named} is less than what the fields need: {lowest}"


def _kind(kind: str) -> Iterator[str]:
    vendor, _, class_ = kind.partition("/")
    if not (NAME.fullmatch(vendor) and NAME.fullmatch(class_)):
        yield f"kind: {shown(kind)} is no vendor/class, such as rockchip.com/npu"


def _edits(edits: dict[str, Any], where: str) -> Iterator[str]:
    yield from _env(edits, where)
    for number, node in enumerate(edits.get("deviceNodes", [])):
        yield from _node(node, f"{where}.deviceNodes[{number}]")
    for number, mount in enumerate(edits.get("mounts", [])):
        for name in ("hostPath", "containerPath"):
            if not mount[name]:
                yield f"{where}.mounts[{number}].{name}: empty"
    for number, hook in enumerate(edits.get("hooks", [])):
        at = f"{where}.hooks[{number}]"
        if hook["hookName"] not in HOOKS:
            yield f"{at}.hookName: {shown(hook['hookName'])} is none of {', '.join(HOOKS)}"
        if not hook["path"]:
            yield f"{at}.path: empty"
        yield from _env(hook, at)
    group = edits.get("intelRdt", {}).get("closID", "")
    if group != "/" and (group in {".", ".."} or len(group) >= 4096 or set("/\n") & set(group)):
        yield f"{where}.intelRdt.closID: {shown(group)} is no file name"
    yield from _networks(edits.get("netDevices", []), f"{where}.netDevices")


def _env(part: dict[str, Any], where: str) -> Iterator[str]:
    for number, variable in enumerate(part.get("env", [])):
        if variable.find("=") <= 0:
            yield f"{where}.env[{number}]: {shown(variable)} is no name=value"


def _node(node: dict[str, Any], where: str) -> Iterator[str]:
    if not node["path"]:
        yield f"{where}.path: empty"
    if node.get("type", "") not in {"", "b", "c", "u", "p"}:
        yield f"{where}.type: {shown(node['type'])} is none of b, c, u and p"
    if set(node.get("permissions", "")) - set("rwm"):
        yield f"{where}.permissions: {shown(node['permissions'])}: only r, w and m"


def _networks(networks: list[dict[str, str]], where: str) -> Iterator[str]:
    for field in ("hostInterfaceName", "name"):
        seen = set()
        for number, network in enumerate(networks):
            name = network[field]
            if not name:
                yield f"{where}[{number}].{field}: empty"
            elif name in seen:
                yield f"{where}[{number}].{field}: {shown(name)} is there twice"
            seen.add(name)
