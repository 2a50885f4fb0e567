"""Runs in Nix's sandbox: converts one network both ways, in turn, and measures each run.

    python3 conversion_sandbox.py RUNS RESULT.json RKNN-CONVERT PYTHON PLAIN.py

RESULT.json gets {"model": bytes, "plain": [run, ...], "rknn-convert": [run, ...]}, after a warm-up
run of each that does not count. A run has its wall and processor time in seconds (of all its
processes), the most memory it had, and the size of the .rknn file it wrote.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from graph_parts import SAME, Graph, Shape, node

TARGET = "rk3588"
CHANNELS = 256
DEPTH = 16
SIDE = 56
LOOK_SECONDS = 0.02
STATUS = re.compile(
    r"^PPid:\s*(\d+)$.*?^VmHWM:\s*(\d+) kB$.*?^RssFile:\s*(\d+) kB$", re.MULTILINE | re.DOTALL
)


def network(depth: int = DEPTH, channels: int = CHANNELS) -> Graph:
    """Return convolutions of 3x3, one after the other, each with a Relu: 2.4 MB of weights each."""
    nodes, weights = [], {}
    for number in range(depth):
        weights[f"w{number}"] = (channels, channels if number else 3, 3, 3)
        takes = f"r{number - 1}" if number else "x"
        gives = f"r{number}" if number < depth - 1 else "y"
        nodes += [
            node("Conv", f"{takes} w{number}", f"c{number}", pads=SAME),
            node("Relu", f"c{number}", gives),
        ]
    inputs: dict[str, Shape] = {"x": (1, 3, SIDE, SIDE)}
    outputs: dict[str, Shape] = {"y": (1, channels, SIDE, SIDE)}
    return Graph(nodes, inputs, outputs, weights)


def measured(words: list[str], log: Path) -> dict[str, float]:
    """Run a program to its end; SystemExit, with what it printed, where it fails."""
    over, peaks = threading.Event(), [0]

    def watch(root: int) -> None:
        while not over.wait(LOOK_SECONDS):
            peaks.append(resident(root))

    with log.open("wb") as output:
        started = time.perf_counter()
        child = os.posix_spawn(
            words[0],
            words,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), number) for number in (1, 2)],
        )
        watcher = threading.Thread(target=watch, args=(child,))
        watcher.start()
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - started
        over.set()
        watcher.join()
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise SystemExit(f"{words}: status {code}: {log.read_text(errors='replace')[-2000:]}")
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": max(peaks)}


def resident(root: int) -> int:
    """Return the bytes that a process and all below it had resident, each at its own most.

    Pages of files count for the biggest alone: the others are of the same Python.
    """
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = STATUS.search((folder / "status").read_text())
        except (FileNotFoundError, ProcessLookupError):  # gone meanwhile
            continue
        if told:  # a process that has ended has no memory
            parent, most, files = map(int, told.groups())
            found[int(folder.name)] = (parent, most * 1024, files * 1024)

    def below(process: int) -> bool:
        while process in found and process != root:
            process = found[process][0]
        return process == root

    sizes = sorted((most, files) for process, (_, most, files) in found.items() if below(process))
    return sum(most for most, _ in sizes) - sum(files for _, files in sizes[:-1])


def main(argv: list[str]) -> int:
    """Measure."""
    runs, result, convert, python, plain = argv
    folder = Path.cwd()
    model = import_module("graphs").write(network(), folder / "network.onnx")
    commands = {
        "plain": [python, plain, str(model), "plain.rknn", TARGET],
        "rknn-convert": [convert, str(model), "-o", "rknn-convert.rknn", "--target", TARGET],
    }
    taken: dict[str, list[dict[str, float]]] = {side: [] for side in commands}
    for turn in range(int(runs) + 1):
        # Whoever comes second finds other things in the caches.
        for side in commands if turn % 2 else reversed(commands):
            made = folder / f"{side}.rknn"
            made.unlink(missing_ok=True)
            run = measured(commands[side], folder / "log")
            if turn > 0:
                taken[side].append({**run, "size": made.stat().st_size})
    Path(result).write_text(json.dumps({"model": model.stat().st_size, **taken}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
