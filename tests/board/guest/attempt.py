"""Runs on the emulated board: serves tries of rknnlite, each in a process of its own.

    python3 attempt.py PORT

imports numpy and rknnlite, which takes seconds on an emulated processor, and returns with a
server left behind on 127.0.0.1:PORT. Each connection sends one line of JSON

    {"model": "/a.rknn", "shapes": [[1, 16, 16, 3]], "environment": {}, "user": "root"}

and gets back, as JSON, what came of it and all it printed.
"""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any


def tensors(runtime: Any) -> list[list[tuple[str, list[int], int]]]:  # noqa: ANN401
    """Return name, shape and rknn_tensor_type of all inputs, and of all outputs."""
    inputs, outputs = runtime.get_in_out_num()
    found = [
        [runtime.get_tensor_attr(index, is_output) for index in range(count)]
        for is_output, count in ((False, inputs), (True, outputs))
    ]
    return [
        [(one.name.decode(), list(one.dims[: one.n_dims]), one.type) for one in side]
        for side in found
    ]


def attempt(told: dict[str, Any], model: str, shapes: list[list[int]]) -> None:
    """Load a model and run it once on zeros of `shapes`; `told` gets what is reached."""
    numpy, binding = import_module("numpy"), import_module("rknnlite.api").RKNNLite()
    told["load"] = binding.load_rknn(model)
    told["init"] = binding.init_runtime()
    if told["init"] == 0:
        told["tensors"] = tensors(binding.rknn_runtime)
        told["versions"] = binding.get_sdk_version()
        zeros = [numpy.zeros(shape, dtype=numpy.float32) for shape in shapes]
        outputs = binding.inference(inputs=zeros)
        if outputs is not None:
            told["outputs"] = [[list(array.shape), str(array.dtype)] for array in outputs]
    # Before release(), which unloads the library.
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
    told["libraries"] = sorted(path for path in mapped if path.endswith("/librknnrt.so"))
    binding.release()


def answer(connection: socket.socket) -> None:
    """Make the try that `connection` asks for, as the user it names, and tell what came of it."""
    with connection, connection.makefile("rw") as stream:
        asked = json.loads(stream.readline())
        user = pwd.getpwnam(asked["user"])
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os.environ.update(asked["environment"])
        said = os.memfd_create("said")
        # The C library's own words too.
        os.dup2(said, 1)
        os.dup2(said, 2)
        told: dict[str, Any] = dict.fromkeys(("load", "init", "versions", "tensors", "outputs"))
        try:
            attempt(told, asked["model"], asked["shapes"])
        except Exception:  # noqa: BLE001
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os.lseek(said, 0, os.SEEK_SET)
        with os.fdopen(said, errors="replace") as text:
            stream.write(json.dumps({"libraries": [], **told, "said": text.read()}) + "\n")


def main(argv: list[str]) -> int:
    """Serve on the port that `argv` names; return as soon as the server is there."""
    import_module("numpy")
    import_module("rknnlite.api")
    with socket.create_server(("127.0.0.1", int(argv[0]))) as server:
        if os.fork():
            return 0
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                answer(connection)
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
