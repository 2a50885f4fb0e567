"""The link to kubelet: a socket of our own beside its, told to it again whenever it starts anew."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc

from rknn_cdi.cores import KIND
from rknn_device_plugin import channel
from rknn_device_plugin.messages import PLUGIN

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_device_plugin.journal import Journal
    from rknn_device_plugin.service import Service

SOCKET = "rockchip.com-npu.sock"
REGISTER = "/v1beta1.Registration/Register"
# "AF_UNIX path too long": sun_path has 108 bytes, and the last one is 0.
LONGEST = 107
# A ListAndWatch holds a thread for as long as kubelet listens.
THREADS = 16
MOST_SECONDS = 30.0


class Link:
    """Serves and registers; `keep` is called over and over and does what is missing."""

    def __init__(self, folder: Path, service: Service, journal: Journal) -> None:
        self._kubelet = folder / "kubelet.sock"
        self._own = folder / SOCKET
        self._service = service
        self._journal = journal
        self._server: grpc.Server | None = None
        self._served: tuple[int, ...] | None = None
        self._registered: tuple[int, ...] | None = None
        self._refused: tuple[int, ...] | None = None
        self._pause = 0.0
        self._again = 0.0

    @property
    def kubelet(self) -> tuple[int, ...] | None:
        """What is another once kubelet has started anew; None where it is not there."""
        return _identity(self._kubelet)

    @property
    def _is_serving(self) -> bool:
        return self._server is not None and _identity(self._own) == self._served

    def keep(self) -> bool:
        """Serve and register where kubelet does not know of us; say whether it was told now."""
        found = self.kubelet
        if found is None:
            self._registered = None
            self._journal.fault("kubelet", self._waiting())
            return False
        if not self._is_serving and not self._serve():
            return False
        if found == self._registered:
            return False
        if found == self._refused and time.monotonic() < self._again:
            return False
        return self._register(found)

    def close(self) -> None:
        """Serve no more; kubelet takes the devices for gone. The socket is removed."""
        if self._server is not None:
            self._server.stop(None).wait(channel.SECONDS)
            self._server = None
            if _identity(self._own) == self._served:
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
        if _is_answered(self._own):
            self._journal.fault(
                "socket", f"another program serves {self._own}: stop it; one is enough for a node"
            )
            return False
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="kubelet")
        server = grpc.server(
            pool, handlers=[self._service.handlers()], options=(("grpc.so_reuseport", 0),)
        )
        try:
            # What a plugin that was killed has left there, gRPC removes.
            server.add_insecure_port(channel.address(self._own))
        except (OSError, RuntimeError) as error:
            server.stop(None)
            text = " ".join(str(error).split())
            self._journal.fault("socket", f"can't serve {self._own}: {text}")
            return False
        server.start()
        self._journal.over("socket")
        self._server, self._served = server, _identity(self._own)
        return True

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
        return True


def _identity(path: Path) -> tuple[int, ...] | None:
    """Return what is another when the file was made anew; None: there is none."""
    try:
        told = path.lstat()
    except OSError:
        return None
    return (told.st_dev, told.st_ino, told.st_ctime_ns)


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        tried.settimeout(1)
        try:
            tried.connect(str(path))
        except OSError:
            return False
        return True
