"""No bytes, however mangled, make the simulator crash, overrun or answer with a stray code."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rknn_flake.process import run
from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, container, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["unit.simulator_fixtures"]

SANITIZERS = "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
WORKER = Path(__file__).with_name("simulator_worker.py")
STATIC = rknn_bytes(
    Model(inputs=(Tensor("a", (1, 3, 4, 4), "int8", span=(0, 1)), Tensor("b", (1, 2), "int64")))
)
DYNAMIC = rknn_bytes(
    Model(
        inputs=(Tensor("a", (1, 3, 8, 8), dynamic=((1, 3, 8, 8), (1, 3, 4, 4))),),
        outputs=(Tensor("y", (1, 2, 8, 8), dynamic=((1, 2, 8, 8), (1, 2, 4, 4))),),
    )
)
BODY_END = 64 + int(struct.unpack_from("<Q", STATIC, 16)[0])
BODY, TEXT = STATIC[64:BODY_END], STATIC[BODY_END + 8 :]
OLD = container(1, BODY, TEXT, header_bytes=24)


def address_sanitizer() -> str:
    """Return the sanitizer's library, which must be loaded before Python itself; or skip."""
    name = run(["gcc", "-print-file-name=libasan.so"]).stdout.strip()
    if not Path(name).is_absolute():
        pytest.skip("this gcc comes without libasan.so")
    return name


class Worker:
    """One process that loads models, under the address and undefined behaviour sanitizers."""

    def __init__(self, library: Path, log: Path) -> None:
        self.log = log
        with log.open("wb") as stderr:
            # kept open over many models, unlike what rknn_flake.process runs
            self.process = subprocess.Popen(
                [sys.executable, WORKER, library],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "LD_PRELOAD": address_sanitizer(),
                    # Python is not free of leaks itself
                    "ASAN_OPTIONS": "detect_leaks=0",
                    "RKNN_SIMULATOR_DEVICE": "none",
                    "RKNN_LOG_LEVEL": "5",
                },
            )

    def load(self, model: bytes) -> int:
        """Return the code of rknn_init; fail with the sanitizer's report when the worker died."""
        assert self.process.stdin
        assert self.process.stdout
        answer = b""
        try:
            self.process.stdin.write(struct.pack("<I", len(model)) + model)
            self.process.stdin.flush()
            answer = self.process.stdout.read(4)
        except BrokenPipeError:
            pass
        if len(answer) < 4:
            report = self.log.read_text(errors="replace")
            pytest.fail(f"the worker died of these {len(model)} bytes: {model!r}\n{report[-3000:]}")
        return int(struct.unpack("<i", answer)[0])


@pytest.fixture(scope="module")
def worker(
    build_simulator: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    worker = Worker(build_simulator(SANITIZERS), tmp_path_factory.mktemp("fuzz") / "stderr")
    yield worker
    worker.process.kill()
    worker.process.communicate()


@st.composite
def damaged(draw: st.DrawFn, original: bytes) -> bytes:
    """Return `original` with a few bytes changed, cut out or put in."""
    model = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(model) - 1, 0)))
        new = draw(st.binary(min_size=0, max_size=8))
        cut = draw(st.sampled_from([0, 1, len(new), len(new), len(new)]))
        model[at : at + cut] = new
    return bytes(model)


def test_the_worker_tells_good_from_bad(worker: Worker) -> None:
    assert [worker.load(m) for m in (STATIC, DYNAMIC, OLD)] == [lib.OK] * 3
    assert worker.load(b"x" * 99) == lib.MODEL


@settings(max_examples=300, deadline=None)
@given(model=damaged(STATIC) | damaged(DYNAMIC) | damaged(OLD))
def test_damaged_files(worker: Worker, model: bytes) -> None:
    assert worker.load(model) in {lib.OK, lib.MODEL, lib.TARGET}


@settings(max_examples=200, deadline=None)
@given(body=damaged(BODY[:200]))
def test_damaged_tables(worker: Worker, body: bytes) -> None:
    model = container(6, body + BODY[200:], TEXT)
    assert worker.load(model) in {lib.OK, lib.MODEL, lib.TARGET}


TOKENS = ["{", "}", "[", "]", ":", ",", "'", '"', "\\", "\\u12", "\\ud800", "1e9", "-", "nan", "é"]


@settings(max_examples=200, deadline=None)
@given(text=st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=60))
def test_damaged_texts(worker: Worker, text: list[str]) -> None:
    model = container(6, BODY, "".join(text).encode(errors="replace"))
    assert worker.load(model) == lib.MODEL


@pytest.mark.parametrize("text", ["[" * 100_000, "[0," * 300_000, '{"a":' * 1000, "9" * 5000])
def test_deep_and_wide_texts(worker: Worker, text: str) -> None:
    assert worker.load(container(6, BODY, text.encode())) == lib.MODEL
