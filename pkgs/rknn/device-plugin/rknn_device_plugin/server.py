"""A gRPC server on a unix socket; once it is stopped, nothing of it is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc

from rknn_device_plugin import channel

if TYPE_CHECKING:
    from pathlib import Path

# A ListAndWatch holds a thread for as long as kubelet listens.
THREADS = 16


class Server:
    """Serves from when it is made."""

    def __init__(self, path: Path, handlers: grpc.GenericRpcHandler) -> None:
        """Raise OSError or RuntimeError where there can be no such socket."""
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="grpc")
        self._server = grpc.server(
            self._pool, handlers=[handlers], options=(("grpc.so_reuseport", 0),)
        )
        try:
            # What a plugin that was killed has left there, gRPC removes.
            self._server.add_insecure_port(channel.address(path))
        except (OSError, RuntimeError):
            # One that never ran can't be stopped, and its memory stays.
            self._server.start()
            self.stop()
            raise
        self._server.start()

    def stop(self) -> None:
        """Cancel the calls, and wait for the threads that answer them."""
        self._server.stop(None).wait(channel.SECONDS)
        self._pool.shutdown()
