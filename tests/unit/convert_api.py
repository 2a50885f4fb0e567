"""Stands for rknn.api of rknn-toolkit2: behaves as it does, in the way that the model's text asks.

The model is a text; its first word says what goes wrong:

fine            nothing does
raises STEP …   the step raises ValueError with a whole traceback, and these words, in its text
returns STEP …  the step returns -1, and these words are a coloured line on stderr
lacks           the NPU lacks two operations: told when the process ends, and a file is written
signal NUMBER   build() is ended by the signal
leaves NUMBER   the same, and a process that has the same standard output stays
exits           build() calls exit()
waits           build() takes a minute, and catches Ctrl-C

Any other, such as a real ONNX file's: nothing does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).parent
RED, END = "\x1b[1;31m", "\x1b[0m"
TRACEBACK = """Traceback (most recent call last):
  File "rknn/api/rknn_log.py", line 344, in rknn.api.rknn_log.error_catch_decorator
  File "rknn/api/rknn_log.py", line 95, in rknn.api.rknn_log.RKNNLog.e
ValueError: {}
"""
KNOWN = ["mean_values", "std_values", "target_platform", "optimization_level", "custom_string"]
TARGETS = ["rk3566", "rk3588", "rv1106"]
LACKING = "No lowering found for: {}, node type = {}, use CustomOperatorLower instead.\n"


def refuse(words: str) -> NoReturn:
    """Raise as rknn_log.e does."""
    sys.stderr.write(f"{RED}E{END} {RED}rknn-toolkit2 version: 2.3.2{END}\n")
    raise ValueError(TRACEBACK.format(words))


def bar(name: str, percent: int) -> None:
    """Print as tqdm does."""
    end = "\n" if percent == 100 else ""
    sys.stderr.write(f"\rI {name}: {percent:3}%|##   | {percent}/100 [00:00<?, ?it/s]{end}")


def lacks() -> None:
    """Print as the compiler does: in C, so that it comes out at the process's end."""
    for node in (("det a", "Det"), ("b", "Inv")):
        ctypes.CDLL(None).printf(LACKING.format(*node).encode())


class RKNN:
    """What the vendor's class of this name is, as far as rknn-convert calls it."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.calls: dict[str, Any] = {"verbose": verbose}
        self.words = ["fine"]
        sys.stdout.write("I rknn-toolkit2 version: 2.3.2\n")

    def config(self, target_platform: str | None = None, **kwargs: object) -> int:
        """Take settings."""
        self.calls["config"] = {"target_platform": target_platform, **kwargs}
        if target_platform is None:
            refuse(f"The 'target_platform' has not been set yet, valid values are {TARGETS},\n P")
        if target_platform not in TARGETS:
            refuse(f"Invalid target_platform '{target_platform}'!")
        for key in kwargs:
            if key not in KNOWN:
                refuse(f"Valid input is {KNOWN}.\n\n '{key}' is not support! Maybe you mean 'op'?")
        return 0

    def _load(self, method: str, path: str, **given: object) -> int:
        self.calls["load"] = {"method": method, "path": path, **given}
        self.words = Path(path).read_text(encoding="utf-8", errors="replace").split()
        bar("Loading ", 100)
        return self._step("load_onnx")

    def _step(self, name: str) -> int:
        kind, where = [*self.words, ""][:2]
        words = " ".join(self.words[2:])
        if where == name and kind == "raises":
            refuse(words)
        if where == name and kind == "returns":
            sys.stderr.write(f"{RED}E{END} {RED}{name}: {words}{END}\n")
            return -1
        return 0

    def load_onnx(  # noqa: D102
        self,
        model: str,
        inputs: object = None,
        input_size_list: object = None,
        input_initial_val: object = None,
        outputs: object = None,
    ) -> int:
        given = {"inputs": inputs, "input_size_list": input_size_list, "outputs": outputs}
        return self._load("load_onnx", model, **given, initial=input_initial_val)

    def load_tflite(self, model: str, *, input_is_nchw: bool = False) -> int:  # noqa: D102
        return self._load("load_tflite", model, input_is_nchw=input_is_nchw)

    def load_pytorch(self, model: str, input_size_list: object) -> int:  # noqa: D102
        return self._load("load_pytorch", model, input_size_list=input_size_list)

    def load_tensorflow(  # noqa: D102
        self,
        tf_pb: str,
        inputs: object,
        input_size_list: object,
        outputs: object,
        *,
        input_is_nchw: bool = False,
    ) -> int:
        given = {"inputs": inputs, "input_size_list": input_size_list, "outputs": outputs}
        return self._load("load_tensorflow", tf_pb, **given, input_is_nchw=input_is_nchw)

    def load_caffe(self, model: str, blobs: str, input_name: object = None) -> int:  # noqa: D102
        return self._load("load_caffe", model, blobs=blobs, input_name=input_name)

    def load_darknet(self, model: str, weight: str) -> int:  # noqa: D102
        return self._load("load_darknet", model, weight=weight)

    def build(
        self,
        dataset: str | None = None,
        *,
        do_quantization: bool = True,
        rknn_batch_size: int | None = None,
        auto_hybrid: bool = False,
    ) -> int:
        """Do what the model's text says."""
        self.calls["build"] = {"do_quantization": do_quantization, "dataset": dataset}
        self.calls["rest"] = [rknn_batch_size, auto_hybrid]
        rows = Path(dataset).read_text(encoding="utf-8").splitlines() if dataset else []
        self.calls["samples"] = rows
        if rows and (HERE / "refuses").exists():
            refuse(f"The image of {rows[0]} is invalid!")
        for name in ("OpFusing 0", "OpFusing 1 ", "OpFusing 0 ", "Quantizating "):
            bar(name, 0)
            bar(name, 100)
        sys.stdout.write("I rknn building ...\n")
        Path(os.environ["TMPDIR"], "left").write_text("half", encoding="utf-8")
        self._end()
        sys.stdout.write("I rknn building done.\n")
        return self._step("build")

    def _end(self) -> None:
        kind = self.words[0]
        if kind == "leaves":
            left = subprocess.Popen(["sleep", "60"])
            (HERE / "left").write_text(str(left.pid), encoding="utf-8")
        if kind in {"leaves", "signal"}:
            os.kill(os.getpid(), int(self.words[1]))
        if kind == "exits":
            sys.exit(7)
        if kind == "waits":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            (HERE / "waiting").write_text(str(os.getpid()), encoding="utf-8")
            with contextlib.suppress(KeyboardInterrupt):
                time.sleep(60)
        if kind == "lacks":
            lacks()

    def export_rknn(self, path: str) -> int:
        """Write the file made.rknn of this folder, and down what was called with what."""
        self.calls["environment"] = dict(os.environ)
        self.calls["folder"] = str(Path.cwd())
        (HERE / "calls.json").write_text(json.dumps(self.calls), encoding="utf-8")
        Path(path).write_bytes((HERE / "made.rknn").read_bytes())
        return self._step("export")
