"""The fixture that inspects bytes; a test module names this file in pytest_plugins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from rknn_convert import inspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Said:
    """What a run of the command left: its status, and the lines of both streams."""

    status: int
    out: list[str]
    err: list[str]


@pytest.fixture
def inspected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return what writes the bytes given to a file, inspects it and says what came of it."""

    def work(content: bytes, *options: str) -> Said:
        path = tmp_path / "some.rknn"
        path.write_bytes(content)
        status = inspect.main([str(path), *options])
        told = capsys.readouterr()
        return Said(status, told.out.splitlines(), told.err.splitlines())

    return work
