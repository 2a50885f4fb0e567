"""The plugin: looks at the NPU, tells kubelet and NFD, until it is to end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_cdi.cores import KIND, cores
from rknn_device_plugin import features, health, runtime_status
from rknn_device_plugin.board import Board
from rknn_device_plugin.link import Link
from rknn_device_plugin.service import Service
from rknn_device_plugin.shares import Shares

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_device_plugin.journal import Journal

ASK_AGAIN = 30.0


@dataclass(frozen=True)
class Settings:
    """What the options say; `soc` is this machine's."""

    soc: str
    kubelet: Path
    spec: Path
    driver: str
    per_core: int
    features: Path | None
    library: Path | None
    endpoint: str | None
    root: Path


class Plugin:
    """Does in each `turn` what is to be done."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self._settings = settings
        self._journal = journal
        self._board = Board(self._look())
        shares = Shares(settings.soc, settings.per_core)
        service = Service(self._board, shares, settings.driver)
        self._link = Link(settings.kubelet, service, journal)
        self._told = runtime_status.Told()
        self._asked_for: tuple[int, ...] | None = None
        self._asked_at = 0.0

    def turn(self) -> None:
        """Look at the NPU, and bring kubelet and NFD up to date."""
        state = self._look()
        self._board.put(state)
        if state.fault:
            self._journal.fault("NPU", f"withdrawn: {state.fault}")
        elif self._journal.over("NPU"):
            self._journal.news(f"the NPU can be used: {state.node}")
        self._label(state)
        if self._may_register():
            if self._link.keep(is_heard=self._board.is_heard):
                self._journal.news(self._registration())
        else:
            self._link.close()

    def close(self) -> None:
        """Remove the socket and the labels."""
        self._link.close()
        if self._settings.features:
            self._try(features.remove, self._settings.features)

    def _look(self) -> health.State:
        return health.look(self._settings.root, self._settings.driver, self._settings.spec)

    def _label(self, state: health.State) -> None:
        path = self._settings.features
        if path is None:
            return
        one = self._settings
        if state.node:
            told = features.labels(one.root, one.soc, one.driver, one.library)
            self._try(features.write, path, told)
        else:
            self._try(features.remove, path)

    def _try(self, work: Callable[..., object], path: Path, *more: object) -> None:
        try:
            work(path, *more)
        except OSError as error:
            self._journal.fault("labels", f"no labels in {path}: {error.strerror}")
        else:
            self._journal.over("labels")

    def _may_register(self) -> bool:
        endpoint = self._settings.endpoint
        if endpoint is None:
            return True
        kubelet, now = self._link.kubelet, time.monotonic()
        is_new = kubelet not in (None, self._asked_for)
        if is_new or (self._told.fault and now - self._asked_at >= ASK_AGAIN):
            self._asked_for, self._asked_at = kubelet, now
            self._told = runtime_status.ask(endpoint)
            if self._told.fault:
                self._journal.fault("runtime", self._told.fault)
            elif self._journal.over("runtime"):
                self._journal.news(f"the container runtime at {endpoint} gives CDI devices")
        return not self._told.is_off

    def _registration(self) -> str:
        count = len(cores(self._settings.soc))
        of_cores = "1 core" if count == 1 else f"{count} cores"
        each = self._settings.per_core
        pods = "1 pod" if each == 1 else f"{each} pods"
        return f"kubelet has {KIND}: {of_cores} of {self._settings.soc}, {pods} each"


def run(plugin: Plugin, is_over: Callable[[], bool]) -> None:
    """Take turns until it is over; `is_over` waits in between."""
    try:
        while True:
            plugin.turn()
            if is_over():
                return
    finally:
        plugin.close()
