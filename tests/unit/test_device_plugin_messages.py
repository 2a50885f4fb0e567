"""The messages are those of kubelet and of container runtimes, byte for byte."""

from __future__ import annotations

import pytest

from rknn_device_plugin.messages import CRI, PLUGIN, RUNTIME, classes

REGISTER = b"\x0a\x07v1beta1\x12\x15rockchip.com-npu.sock\x1a\x10rockchip.com/npu\x22\x02\x10\x01"
ALLOCATED = b"\x0a\x29\x0a\x0f\x0a\x0aRKNN_CORES\x12\x011\x2a\x16\x0a\x14rockchip.com/npu=all"
LISTED = b"\x0a\x12\x0a\x07core0-0\x12\x07Healthy"
WANTED = b"\x0a\x14\x0a\x07core0-0\x12\x07core0-0\x18\x02"


def test_what_is_written() -> None:
    options = PLUGIN["DevicePluginOptions"](get_preferred_allocation_available=True)
    request = PLUGIN["RegisterRequest"](
        version="v1beta1",
        endpoint="rockchip.com-npu.sock",
        resource_name="rockchip.com/npu",
        options=options,
    )
    assert request.SerializeToString() == REGISTER
    answer = PLUGIN["AllocateResponse"]()
    device = PLUGIN["CDIDevice"](name="rockchip.com/npu=all")
    answer.container_responses.add(envs={"RKNN_CORES": "1"}, cdi_devices=[device])
    assert answer.SerializeToString() == ALLOCATED
    devices = [PLUGIN["Device"](ID="core0-0", health="Healthy")]
    assert PLUGIN["ListAndWatchResponse"](devices=devices).SerializeToString() == LISTED
    assert CRI["StatusRequest"](verbose=True).SerializeToString() == b"\x08\x01"


def test_what_is_read() -> None:
    [one] = PLUGIN["PreferredAllocationRequest"].FromString(WANTED).container_requests
    assert list(one.available_deviceIDs) == list(one.must_include_deviceIDs) == ["core0-0"]
    assert one.allocation_size == 2
    status = CRI["StatusResponse"].FromString(b"\x12\x0c\x0a\x06config\x12\x02{}")
    assert dict(status.info) == {"config": "{}"}
    version = CRI["VersionResponse"].FromString(b"\x12\x0acontainerd\x1a\x051.6.0")
    assert (version.runtime_name, version.runtime_version) == ("containerd", "1.6.0")


def test_fields_that_are_not_known_do_not_matter() -> None:
    # Its field 3 is the device's topology.
    device = PLUGIN["Device"].FromString(b"\x0a\x01a\x1a\x04\x0a\x02\x08\x01")
    assert device.ID == "a"


def test_a_type_that_is_not_there() -> None:
    with pytest.raises(TypeError, match="nothing"):
        classes("broken", {**RUNTIME, "Odd": {"field": (1, "nothing")}})
