"""A kubelet as device plugins see it: told of them on its socket, calling them on theirs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import grpc

from rknn_device_plugin.channel import address
from rknn_device_plugin.messages import PLUGIN
from rknn_device_plugin.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECONDS = 20.0
SERVICE = "/v1beta1.DevicePlugin/"


def until(is_so: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait until it is so; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not in {seconds:g} s: {what}"
        time.sleep(0.01)


def server(path: Path, name: str, methods: Mapping[str, Callable[..., Any]]) -> Server:
    """Serve a service whose methods take and give bytes; the socket is there once it answers."""
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        one: grpc.unary_unary_rpc_method_handler(work) for one, work in methods.items()
    }
    new = path.with_suffix(".new")
    made = Server(new, grpc.method_handlers_generic_handler(name, handlers))
    new.rename(path)
    return made


class Kubelet:
    """Registers a plugin as the real one does, and listens to its list of devices."""

    def __init__(self, folder: Path, version: str = "v1beta1") -> None:
        self.folder = folder
        self.version = version
        self.told: list[Any] = []
        self.lists: list[dict[str, str]] = []
        self.options: Any = None
        self._server: Server | None = None
        self._channel: grpc.Channel | None = None
        self._listening: threading.Thread | None = None

    def start(self) -> None:
        """Remove every socket in the folder, then serve."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if path.is_socket():
                path.unlink()
        own = self.folder / "kubelet.sock"
        self._server = server(own, "v1beta1.Registration", {"Register": self._register})

    def stop(self) -> None:
        """End as kubelet does: its socket goes."""
        if self._server:
            (self.folder / "kubelet.sock").unlink(missing_ok=True)
            # First, that nobody registers any more.
            self._server.stop()
        self.forget()
        self._server = None

    def forget(self) -> None:
        """Listen no more to the plugin that has registered."""
        if self._channel:
            self._channel.close()
        if self._listening:
            self._listening.join(SECONDS)
        self._channel = self._listening = None

    def restart(self) -> None:
        """End, and start anew."""
        self.stop()
        self.start()

    def call(self, method: str, request: Any, answer: str) -> Any:  # noqa: ANN401
        """Call the plugin."""
        assert self._channel, "no plugin has registered"
        raw: bytes = request if isinstance(request, bytes) else request.SerializeToString()
        called: grpc.UnaryUnaryMultiCallable[bytes, bytes]
        called = self._channel.unary_unary(f"{SERVICE}{method}")
        return PLUGIN[answer].FromString(called(raw, timeout=SECONDS))

    def allocate(self, *ids: str) -> Any:  # noqa: ANN401
        """Return what a container with these devices gets."""
        one = PLUGIN["ContainerAllocateRequest"](devices_ids=ids)
        request = PLUGIN["AllocateRequest"](container_requests=[one])
        [given] = self.call("Allocate", request, "AllocateResponse").container_responses
        return given

    def prefer(self, available: list[str], size: int, must: tuple[str, ...] = ()) -> list[str]:
        """Return which devices the plugin would take."""
        one = PLUGIN["ContainerPreferredAllocationRequest"](
            available_deviceIDs=available, must_include_deviceIDs=must, allocation_size=size
        )
        request = PLUGIN["PreferredAllocationRequest"](container_requests=[one])
        answer = self.call("GetPreferredAllocation", request, "PreferredAllocationResponse")
        return list(answer.container_responses[0].deviceIDs)

    def until_registered(self, times: int = 1) -> None:
        """Wait for registrations, and for the list of devices."""
        until(lambda: len(self.told) >= times and self.lists, f"registration {times}")

    def until_health(self, health: str) -> None:
        """Wait until all devices are so."""
        until(lambda: self.lists and set(self.lists[-1].values()) == {health}, health)

    def _register(self, raw: bytes, context: grpc.ServicerContext) -> bytes:
        request = PLUGIN["RegisterRequest"].FromString(raw)
        if request.version != self.version:
            context.abort(
                grpc.StatusCode.UNKNOWN,
                f'requested API version "{request.version}" is not supported by kubelet. '
                f'Supported version is ["{self.version}"]',
            )
        self.forget()
        plugin = self.folder / request.endpoint
        # Kubelet gives the path as the host's name, as Go's gRPC does.
        options = (
            ("grpc.default_authority", str(plugin)),
            ("grpc.use_local_subchannel_pool", 1),
        )
        self._channel = grpc.insecure_channel(address(plugin), options=options)
        # Like kubelet, which calls the plugin before it answers.
        self.options = self.call("GetDevicePluginOptions", b"", "DevicePluginOptions")
        self.lists.clear()
        self._listening = threading.Thread(target=self._listen, args=(self._channel,))
        self._listening.start()
        self.told.append(request)
        return b""

    def _listen(self, channel: grpc.Channel) -> None:
        called: grpc.UnaryStreamMultiCallable[bytes, bytes]
        try:
            called = channel.unary_stream(f"{SERVICE}ListAndWatch")
            for raw in called(b""):
                devices = PLUGIN["ListAndWatchResponse"].FromString(raw).devices
                self.lists.append({one.ID: one.health for one in devices})
        except (grpc.RpcError, ValueError):
            # The channel was closed, or the plugin has ended.
            return
