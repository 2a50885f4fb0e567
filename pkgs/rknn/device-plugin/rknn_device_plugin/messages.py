"""The messages of kubelet's device plugin API and of the container runtimes' API, as far as used.

Names and numbers are those of the two api.proto:
https://github.com/kubernetes/kubelet/blob/master/pkg/apis/deviceplugin/v1beta1/api.proto
https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from collections.abc import Mapping

# A message's fields by name: number, and type. "texts" is a map of strings to strings, and other
# types in the plural by [] are repeated.
Fields = dict[str, tuple[int, str]]

DEVICE_PLUGIN: dict[str, Fields] = {
    "Empty": {},
    "DevicePluginOptions": {
        "pre_start_required": (1, "bool"),
        "get_preferred_allocation_available": (2, "bool"),
    },
    "RegisterRequest": {
        "version": (1, "string"),
        "endpoint": (2, "string"),
        "resource_name": (3, "string"),
        "options": (4, "DevicePluginOptions"),
    },
    "Device": {"ID": (1, "string"), "health": (2, "string")},
    "ListAndWatchResponse": {"devices": (1, "Device[]")},
    "ContainerPreferredAllocationRequest": {
        "available_deviceIDs": (1, "string[]"),
        "must_include_deviceIDs": (2, "string[]"),
        "allocation_size": (3, "int32"),
    },
    "PreferredAllocationRequest": {
        "container_requests": (1, "ContainerPreferredAllocationRequest[]"),
    },
    "ContainerPreferredAllocationResponse": {"deviceIDs": (1, "string[]")},
    "PreferredAllocationResponse": {
        "container_responses": (1, "ContainerPreferredAllocationResponse[]"),
    },
    "ContainerAllocateRequest": {"devices_ids": (1, "string[]")},
    "AllocateRequest": {"container_requests": (1, "ContainerAllocateRequest[]")},
    "CDIDevice": {"name": (1, "string")},
    "ContainerAllocateResponse": {"envs": (1, "texts"), "cdi_devices": (5, "CDIDevice[]")},
    "AllocateResponse": {"container_responses": (1, "ContainerAllocateResponse[]")},
    "PreStartContainerRequest": {"devices_ids": (1, "string[]")},
    "PreStartContainerResponse": {},
}
RUNTIME: dict[str, Fields] = {
    "VersionRequest": {"version": (1, "string")},
    "VersionResponse": {"runtime_name": (2, "string"), "runtime_version": (3, "string")},
    "StatusRequest": {"verbose": (1, "bool")},
    "StatusResponse": {"info": (2, "texts")},
}
PLAIN = {"string": 9, "bool": 8, "int32": 5}
MESSAGE = 11


def classes(package: str, messages: Mapping[str, Fields]) -> Mapping[str, Any]:
    """Return the classes of the messages, by their names."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{package}.proto", package=package, syntax="proto3"
    )
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add(message, f".{package}", field, number, kind)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    made = message_factory.GetMessageClassesForFiles([file.name], pool)
    return {name: made[f"{package}.{name}"] for name in messages}


def _add(message: Any, package: str, field: str, number: int, kind: str) -> None:  # noqa: ANN401
    one = kind.removesuffix("[]")
    label = 3 if kind != one or kind == "texts" else 1
    if kind == "texts":
        entry = message.nested_type.add(name=f"{field.capitalize()}Entry")
        entry.options.map_entry = True
        for part, place in (("key", 1), ("value", 2)):
            entry.field.add(name=part, number=place, type=PLAIN["string"], label=1)
        one = f"{message.name}.{entry.name}"
    if one in PLAIN:
        message.field.add(name=field, number=number, type=PLAIN[one], label=label)
    else:
        message.field.add(
            name=field, number=number, type=MESSAGE, type_name=f"{package}.{one}", label=label
        )


PLUGIN = classes("v1beta1", DEVICE_PLUGIN)
CRI = classes("runtime.v1", RUNTIME)
