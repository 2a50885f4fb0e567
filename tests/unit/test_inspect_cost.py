"""However large a network is, little is read, little memory is taken and nothing big imported."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from rknn_convert.container import read
from rknn_convert.errors import ConvertError
from rknn_convert.flatbuffer import MOST_BYTES
from unit.inspect_files import QUANTIZED, cut_apart
from unit.rknn_file import Model, container, rknn_bytes

if TYPE_CHECKING:
    from pathlib import Path

BODY, TEXT = cut_apart(rknn_bytes(QUANTIZED))
NETWORK = 500_000_000
MEMORY = 64_000_000


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Write a file with a network of 500 MB, as a hole that takes no room on the disk."""
    path = tmp_path / "large.rknn"
    frame = container(6, BODY, TEXT)
    with path.open("wb") as opened:
        opened.write(frame[:16] + (len(BODY) + NETWORK).to_bytes(8, "little") + frame[24:64] + BODY)
        opened.seek(NETWORK, os.SEEK_CUR)
        opened.write(frame[64 + len(BODY) :])
    return path


def test_only_the_texts_are_read(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    pread = os.pread

    def counted(descriptor: int, count: int, at: int) -> bytes:
        taken.append(count)
        return pread(descriptor, count, at)

    monkeypatch.setattr(os, "pread", counted)
    model = read(large)
    assert model.size > NETWORK
    assert model.inputs[0].name == "a"
    assert sum(taken) < 2 * (len(BODY) + len(TEXT)), sum(taken)


@pytest.mark.parametrize("unit", ["[],", "0,", "[", "'',", "((),),"])
@pytest.mark.parametrize("where", ["description", "table"])
def test_memory_for_the_worst_texts(tmp_path: Path, where: str, unit: str) -> None:
    text = unit * (MOST_BYTES // len(unit) - 2)
    text = f"[{text}0]"
    path = tmp_path / "some.rknn"
    if where == "description":
        path.write_bytes(container(6, BODY, text.encode()))
    else:
        path.write_bytes(rknn_bytes(Model(extra_slots={3: text})))
    tracemalloc.start()
    try:
        with pytest.raises(ConvertError, match="damaged"):
            read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY, f"{peak / 1e6:.0f} MB for {len(text)} bytes of {unit!r}"


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, rknn_convert.inspect; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        check=True,
    )
    imported = {line.partition(".")[0] for line in done.stdout.splitlines()}
    assert "rknn_convert" in imported
    assert not imported & {"numpy", "onnx", "onnxruntime", "rich", "rknn", "torch", "asyncio"}
