"""The link to kubelet: a socket of our own beside its, told to it again whenever it starts anew."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import grpc

from rknn_cdi.cores import KIND
from rknn_device_plugin import channel
from rknn_device_plugin.messages import PLUGIN
from rknn_device_plugin.server import Server
from rknn_device_plugin.sockets import identity, is_answered

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_device_plugin.journal import Journal
    from rknn_device_plugin.service import Service

SOCKET = "rockchip.com-npu.sock"
REGISTER = "/v1beta1.Registration/Register"
MOST_SECONDS = 30.0
# Where a plugin serves anew before kubelet has seen its old list end, kubelet ends the new one with
# it and never asks again: runClient, in its devicemanager, looks it up by the resource's name.
PATIENCE = 10.0
MOST_PATIENCE = 300.0


class Link:
    """Serves and registers; `keep` is called over and over and does what is missing."""

    def __init__(self, folder: Path, service: Service, journal: Journal) -> None:
        self._kubelet = folder / "kubelet.sock"
        self._own = folder / SOCKET
        self._service = service
        self._journal = journal
        self._server: Server | None = None
        self._served: tuple[int, ...] | None = None
        self._registered: tuple[int, ...] | None = None
        self._refused: tuple[int, ...] | None = None
        self._pause = 0.0
        self._again = 0.0
        self._heard_at = 0.0
        self._patience = PATIENCE

    @property
    def kubelet(self) -> tuple[int, ...] | None:
        """What is another once kubelet has started anew; None where it is not there."""
        return identity(self._kubelet)

    @property
    def _is_serving(self) -> bool:
        return self._server is not None and identity(self._own) == self._served

    def keep(self, *, is_heard: bool) -> bool:
        """Serve and register where kubelet does not know of us; say whether it was told now.

        `is_heard` says whether somebody listens to the list of devices.
        """
        found = self.kubelet
        if found is None:
            self._registered = None
            self._journal.fault("kubelet", self._waiting())
            return False
        if not self._is_serving and not self._serve():
            return False
        if found == self._registered and not self._is_forgotten(is_heard=is_heard):
            return False
        if found == self._refused and time.monotonic() < self._again:
            return False
        return self._register(found)

    def close(self) -> None:
        """Serve no more; kubelet takes the devices for gone. The socket is removed."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            if identity(self._own) == self._served:
                self._own.unlink(missing_ok=True)
        self._registered = None

    def _waiting(self) -> str:
        folder = self._kubelet.parent
        if not folder.is_dir():
            return f"waiting for kubelet: no folder {folder}; kubelet makes it when it starts"
        return f"waiting for kubelet: no socket {self._kubelet}; is kubelet running?"

    def _serve(self) -> bool:
        self.close()
        folder = self._own.parent
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
            self._journal.fault("socket", f"{folder} can't be written: run as root")
            return False
        if is_answered(self._own):
            self._journal.fault(
                "socket", f"another program serves {self._own}: stop it; one is enough for a node"
            )
            return False
        try:
            self._server = Server(self._own, self._service.handlers())
        except (OSError, RuntimeError) as error:
            # The rest says how to make gRPC print more.
            text = " ".join(str(error).split()).partition(";")[0]
            self._journal.fault("socket", f"can't serve {self._own}: {text}")
            return False
        self._journal.over("socket")
        self._served = identity(self._own)
        return True

    def _is_forgotten(self, *, is_heard: bool) -> bool:
        now = time.monotonic()
        if is_heard:
            self._heard_at, self._patience = now, PATIENCE
        elif now - self._heard_at >= self._patience:
            self._journal.fault("kubelet", "kubelet listens no more; telling it again")
            self._patience = min(self._patience * 2, MOST_PATIENCE)
            self._registered = None
            return True
        return False

    def _register(self, found: tuple[int, ...]) -> bool:
        request = PLUGIN["RegisterRequest"](
            version="v1beta1",
            endpoint=SOCKET,
            resource_name=KIND,
            options=self._service.options(),
        )
        try:
            channel.call(channel.address(self._kubelet), REGISTER, request.SerializeToString())
        except grpc.RpcError as error:
            self._pause = min(self._pause * 2, MOST_SECONDS) if found == self._refused else 1.0
            self._refused, self._again = found, time.monotonic() + self._pause
            self._journal.fault(
                "kubelet",
                f"kubelet did not take {KIND} at {self._kubelet}: {channel.reason(error)}; "
                "trying again",
            )
            return False
        self._journal.over("kubelet")
        self._registered, self._refused = found, None
        self._heard_at = time.monotonic()
        return True
