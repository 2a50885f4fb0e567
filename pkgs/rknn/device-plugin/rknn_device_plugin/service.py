"""The service that kubelet calls: which devices there are, which to prefer, what they come with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.message import DecodeError

from rknn_device_plugin.allocation import DEVICE, environment
from rknn_device_plugin.choice import preferred
from rknn_device_plugin.messages import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rknn_device_plugin.board import Board
    from rknn_device_plugin.shares import Share, Shares

NAME = "v1beta1.DevicePlugin"


class RefusedError(Exception):
    """Kubelet asked for what there isn't; the text is a sentence."""

    def __init__(self, code: grpc.StatusCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Service:
    """Answers kubelet, from several threads at once; nothing is kept between calls."""

    def __init__(self, board: Board, shares: Shares, driver: str) -> None:
        self._board = board
        self._shares = shares
        self._driver = driver

    def handlers(self) -> grpc.GenericRpcHandler:
        """Return the service for a gRPC server."""
        return grpc.method_handlers_generic_handler(
            NAME,
            {
                "GetDevicePluginOptions": _unary("Empty", self.options),
                "ListAndWatch": grpc.unary_stream_rpc_method_handler(self.watch),
                "GetPreferredAllocation": _unary("PreferredAllocationRequest", self.preferred),
                "Allocate": _unary("AllocateRequest", self.allocate),
                "PreStartContainer": _unary("PreStartContainerRequest", self.pre_start),
            },
        )

    def options(self, _request: object = None) -> Any:  # noqa: ANN401
        """Say which of the optional calls are of use."""
        return PLUGIN["DevicePluginOptions"](get_preferred_allocation_available=True)

    def watch(self, _request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        """Give the list of devices, and again whenever their health changes."""
        if not context.add_callback(self._board.wake):
            return
        health = None
        while (health := self._board.health(context.is_active, known=health)) is not None:
            text = "Healthy" if health else "Unhealthy"
            devices = [
                PLUGIN["Device"](ID=str(share), health=text) for share in self._shares.every()
            ]
            yield PLUGIN["ListAndWatchResponse"](devices=devices).SerializeToString()

    def preferred(self, request: Any) -> Any:  # noqa: ANN401
        """Choose for each container."""
        answer = PLUGIN["PreferredAllocationResponse"]()
        for one in request.container_requests:
            chosen = preferred(
                self._shares,
                self._known(one.available_deviceIDs),
                self._known(one.must_include_deviceIDs),
                one.allocation_size,
            )
            answer.container_responses.add(deviceIDs=[str(share) for share in chosen])
        return answer

    def allocate(self, request: Any) -> Any:  # noqa: ANN401
        """Say what each container gets; raise RefusedError."""
        answer = PLUGIN["AllocateResponse"]()
        for one in request.container_requests:
            chosen = [self._share(text) for text in one.devices_ids]
            fault = self._board.state.fault
            if fault:
                raise RefusedError(grpc.StatusCode.UNAVAILABLE, f"the NPU is gone: {fault}")
            if not chosen:
                raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, "no device was asked for")
            answer.container_responses.add(
                envs=environment(self._shares, chosen, self._driver),
                cdi_devices=[PLUGIN["CDIDevice"](name=DEVICE)],
            )
        return answer

    def pre_start(self, _request: object) -> Any:  # noqa: ANN401
        """Do nothing: kubelet is told that it need not ask."""
        return PLUGIN["PreStartContainerResponse"]()

    def _known(self, ids: list[str]) -> list[Share]:
        return [share for text in ids if (share := self._shares.parse(text))]

    def _share(self, text: str) -> Share:
        share = self._shares.parse(text)
        if share is None:
            every = self._shares.every()
            raise RefusedError(
                grpc.StatusCode.NOT_FOUND,
                f"no device {text!r}: there are {every[0]} to {every[-1]}",
            )
        return share


def _unary(kind: str, answer: Callable[[Any], Any]) -> grpc.RpcMethodHandler[bytes, bytes]:
    def behave(raw: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            return bytes(answer(PLUGIN[kind].FromString(raw)).SerializeToString())
        except DecodeError:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"that is no {NAME} {kind}")
        except RefusedError as error:
            context.abort(error.code, str(error))
        raise AssertionError("abort() raises")

    # Requests are decoded above: gRPC would print a traceback for a bad one.
    return grpc.unary_unary_rpc_method_handler(behave)
