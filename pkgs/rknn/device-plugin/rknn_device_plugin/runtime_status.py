"""Whether the container runtime gives CDI devices to containers; some leave them out in silence."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from rknn_device_plugin import channel
from rknn_device_plugin.messages import CRI

SERVICE = "/runtime.v1.RuntimeService/"
WRITE = (
    "write enable_cdi = true in its configuration (under "
    'plugins."io.containerd.grpc.v1.cri", or plugins."io.containerd.cri.v1.runtime" where '
    "version is 3 or more) and restart it"
)
# The first with CDI.
CONTAINERD = (1, 7)


@dataclass(frozen=True)
class Told:
    """What the runtime said: `fault` is a sentence, and `is_off` where it has no CDI."""

    fault: str | None = None
    is_off: bool = False


def ask(endpoint: str) -> Told:
    """Ask the runtime at `endpoint`; one that does not tell is taken to have CDI."""
    try:
        status = _call(endpoint, "Status", CRI["StatusRequest"](verbose=True), "StatusResponse")
        config = _config(status.info.get("config", ""))
        if config.get("enableCDI") is False:
            return Told(f"containerd at {endpoint} has CDI switched off: {WRITE}", is_off=True)
        if config and "enableCDI" not in config:
            version = _call(endpoint, "Version", CRI["VersionRequest"](), "VersionResponse")
            return _old(endpoint, version.runtime_name, version.runtime_version)
    except grpc.RpcError as error:
        return Told(f"the container runtime at {endpoint} can't be asked: {channel.reason(error)}")
    except DecodeError:
        return Told(f"what answers at {endpoint} is no container runtime (runtime.v1)")
    return Told()


def _call(endpoint: str, method: str, request: Any, answer: str) -> Any:  # noqa: ANN401
    raw = channel.call(endpoint, f"{SERVICE}{method}", request.SerializeToString())
    return CRI[answer].FromString(raw)


def _config(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _old(endpoint: str, name: str, version: str) -> Told:
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    if name == "containerd" and numbers and (int(numbers[1]), int(numbers[2])) < CONTAINERD:
        fault = f"containerd {version} at {endpoint} knows no CDI: take 1.7 or a later one"
        return Told(fault, is_off=True)
    return Told()
