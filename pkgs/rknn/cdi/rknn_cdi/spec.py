"""The contents as a CDI spec: https://github.com/cncf-tags/container-device-interface."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rknn_cdi.contents import SOC_FILE
from rknn_cdi.cores import KIND, cores, mask
from rknn_cdi.versions import needed

if TYPE_CHECKING:
    from rknn_cdi.contents import Contents, Device, Group, Mount

SOC_VARIABLE = f"RKNN_DEVICE_COMPATIBLE_NODE={SOC_FILE}"
MODE = 0o660


def text(contents: Contents) -> str:
    """Return the spec's file."""
    # Engines read it as YAML, which has no escapes for characters above U+FFFF.
    return json.dumps(spec(contents), indent=2, ensure_ascii=False) + "\n"


def spec(contents: Contents) -> dict[str, Any]:
    """Return the spec, of the lowest version that has all that is in it."""
    edits: dict[str, Any] = {
        "deviceNodes": [_node(device, contents.group) for device in contents.devices],
        "mounts": [_mount(mount) for mount in contents.mounts],
    }
    # CDI passes over group 0.
    if contents.group and contents.group.is_joined and contents.group.number:
        edits["additionalGids"] = [contents.group.number]
    made = {"kind": KIND, "containerEdits": edits, "devices": _devices(contents)}
    return {"cdiVersion": needed(made), **made}


def names(made: dict[str, Any]) -> list[str]:
    """Return what the spec's devices are called."""
    return [device["name"] for device in made["devices"]]


def _devices(contents: Contents) -> list[dict[str, Any]]:
    # A device without edits of its own is refused. "all" names no cores: engines set a device's
    # variables over those that a container, or kubelet for it, brings.
    devices = [_device("all")]
    # Mesa shares rocket's cores out itself.
    for core in () if contents.driver == "rocket" else cores(contents.soc):
        value = mask(contents.soc, [core])
        masked = [] if value is None else [f"RKNN_CORE_MASK={value}"]
        devices.append(_device(f"core{core}", f"RKNN_CORES={core}", *masked))
    return devices


def _device(name: str, *variables: str) -> dict[str, Any]:
    return {"name": name, "containerEdits": {"env": [SOC_VARIABLE, *variables]}}


def _node(device: Device, group: Group | None) -> dict[str, Any]:
    # Without an owner the engine gives the node to the container's user.
    owner = {} if group is None else {"uid": 0, "gid": group.number}
    node = {"path": device.path, "hostPath": device.host, "permissions": "rw", "fileMode": MODE}
    return {**node, **owner}


def _mount(mount: Mount) -> dict[str, Any]:
    barred = [] if mount.is_mapped else ["noexec"]
    options = ["ro", "nosuid", "nodev", *barred, "bind"]
    return {"hostPath": mount.host, "containerPath": mount.path, "options": options}
