"""Runs on the emulated board: does as kubelet does with a pod and its containers.

    python3 cri.py SOCKET '{"name": {"image": …, "command": […], "devices": […], …}, …}'

runs one container after the other and prints, as JSON, the exit status and the output of each, or
the runtime's complaint with a status of -1. The fields' numbers are those of cri-api's
runtime/v1/api.proto; what is not said is not wanted.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

# Not installed where the tests are checked.
grpc = import_module("grpc")
SERVICE = "/runtime.v1.RuntimeService"
LOGS = "/run/pods"
EXITED = 2
# A namespace of the machine's own.
NODE = 2
RUNTIME_DEFAULT = 0
SECONDS = 100.0
Fields = dict[int, Any]
# The machine's network, as there is no other, and namespaces of its own for the rest.
POD: Fields = {
    1: {1: "npu", 2: "npu", 3: "default"},
    3: LOGS,
    8: {2: {1: {1: NODE}}},
}


def varint(number: int) -> bytes:
    """Return the number in groups of seven bits."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def encoded(fields: Fields) -> bytes:
    """Return a message; a value is a number, text, another message, or a list of such."""
    made = b""
    for number, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int):
                made += varint(number << 3) + varint(one)
                continue
            data = encoded(one) if isinstance(one, dict) else one.encode()
            made += varint(number << 3 | 2) + varint(len(data)) + data
    return made


def decoded(data: bytes) -> Fields:
    """Return the message's fields, the last of each; those of length are bytes."""
    fields: Fields = {}
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 0:
            fields[key >> 3] = number()
        else:
            size = number()
            fields[key >> 3] = data[at : at + size]
            at += size
    return fields


class Runtime:
    """A container runtime's end of the CRI."""

    def __init__(self, socket: str) -> None:
        self._channel = grpc.insecure_channel(f"unix://{socket}")

    def ask(self, method: str, fields: Fields) -> Fields:
        """Call a method; return its answer's fields."""
        call = self._channel.unary_unary(f"{SERVICE}/{method}", encoded, decoded)
        answer: Fields = call(fields, timeout=SECONDS, wait_for_ready=True)
        return answer


def container(name: str, told: dict[str, Any]) -> Fields:
    """Return the container: a user, no capability, no new ones, and the runtime's seccomp."""
    security = {1: {2: ["ALL"]}, 3: {1: NODE}, 5: {1: told["user"]}, 11: 1, 12: {1: told["user"]}}
    security |= {13: told["masked"], 14: told["readonly"], 15: {1: RUNTIME_DEFAULT}}
    return {
        1: {1: name},
        2: {1: told["image"]},
        3: told["command"],
        7: [{1: path, 2: path, 3: 1} for path in told["mounts"]],
        11: name,
        15: {2: security},
        17: [{1: device} for device in told["devices"]],
    }


def run(runtime: Runtime, sandbox: str, name: str, told: dict[str, Any]) -> dict[str, Any]:
    """Run a container to its end; return its exit status and its output."""
    asked = {1: sandbox, 2: container(name, told), 3: POD}
    made = runtime.ask("CreateContainer", asked)[1].decode()
    runtime.ask("StartContainer", {1: made})
    end = time.monotonic() + SECONDS
    while (status := decoded(runtime.ask("ContainerStatus", {1: made})[1])).get(3) != EXITED:
        if time.monotonic() > end:
            raise TimeoutError(f"{name}: the container runs on")
        time.sleep(0.2)
    # Each line: when, which stream, F or P for whole or part, what.
    lines = [line.split(" ", 3) for line in Path(LOGS, name).read_text().splitlines()]
    said = "".join(text + ("\n" if whole == "F" else "") for _, _, whole, text in lines)
    return {"status": status.get(7, 0), "said": said}


def main(argv: list[str]) -> int:
    """Run the containers that `argv` describes."""
    runtime = Runtime(argv[0])
    sandbox = runtime.ask("RunPodSandbox", {1: POD})[1].decode()
    answers = {}
    for name, told in json.loads(argv[1]).items():
        try:
            answers[name] = run(runtime, sandbox, name, told)
        except grpc.RpcError as error:
            answers[name] = {"status": -1, "said": error.details()}
    runtime.ask("StopPodSandbox", {1: sandbox})
    runtime.ask("RemovePodSandbox", {1: sandbox})
    sys.stdout.write(f"{json.dumps(answers)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
