"""Calls to servers on unix sockets."""

from __future__ import annotations

from urllib.parse import quote

import grpc

SECONDS = 5.0
# A new channel would else wait for as long as the last one to that socket had failed to connect;
# and a Go server would be told the socket's path as its host name.
OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.default_authority", "localhost"),
)

REFUSALS = ("No such file or directory", "Connection refused", "Permission denied")


def address(path: object) -> str:
    """Return a socket's address."""
    return f"unix:{quote(str(path))}"


def call(target: str, method: str, request: bytes) -> bytes:
    """Call the method once; raise grpc.RpcError."""
    with grpc.insecure_channel(target, options=OPTIONS) as channel:
        called: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(method)
        return called(request, timeout=SECONDS)


def reason(error: grpc.RpcError) -> str:
    """Return an error in a line."""
    code = error.code().name
    details = " ".join(str(error.details()).split())
    if code == "UNAVAILABLE":
        # The rest of it is another at each try.
        details = next((one for one in REFUSALS if one in details), "nothing answers")
    return f"{details[:300]} ({code})"
